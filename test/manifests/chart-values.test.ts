import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, parseDocument } from 'yaml';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import { at, objectsOf, readManifest } from './support/objects.ts';

const schema = JSON.parse(readManifest('chart/values.schema.json')) as JsonObject;
const [values = {}] = objectsOf(readManifest('chart/values.yaml'));

/** Paths of what the defaults name, down to what a user may fill as Kubernetes says. */
function pathsOf(value: unknown, type: unknown, path: string): readonly string[] {
  const properties = at(type, 'properties');
  if (!isJsonObject(value) || !isJsonObject(properties) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([name, child]) => pathsOf(child, properties[name], `${path}.${name}`));
}

/** The same of the schema. */
function declaredIn(type: unknown, value: unknown, path: string): readonly string[] {
  const properties = at(type, 'properties');
  if (!isJsonObject(properties) || !isJsonObject(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(properties).flatMap(([name, child]) => declaredIn(child, value[name], `${path}.${name}`));
}

describe('the values of the chart', () => {
  const validate = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true }).compile(
    schema,
  );

  it('are valid as they are', () => {
    expect([validate(values), validate.errors]).toEqual([true, null]);
  });

  it('have a default for everything that the schema knows', () => {
    // `global` is for charts that have this one as a part; `claims` and the other fields of Kubernetes have none.
    const declared = declaredIn(schema, values, '').filter(
      (path) => path !== '.global' && path !== '.resources.claims',
    );
    expect([...pathsOf(values, schema, '')].toSorted()).toEqual([...declared].toSorted());
  });

  it('are explained one by one', () => {
    const leaves = pathsOf(values, schema, '');
    const explained = explainedIn(parseDocument(readManifest('chart/values.yaml')).contents, '');
    // A part of `resources` is explained with the whole.
    expect(leaves.filter((path) => !explained.some((one) => path === one || path.startsWith(`${one}.`)))).toEqual([]);
  });
});

/** Paths of the entries with a comment of helm-docs above them. */
function explainedIn(node: unknown, path: string): readonly string[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }, index) => {
    const here = `${path}.${String(key)}`;
    // What stands above the first entry of a map counts as the map's.
    const comment = (isScalar(key) ? key.commentBefore : undefined) ?? (index === 0 ? node.commentBefore : undefined);
    return [...(comment?.startsWith(' -- ') === true ? [here] : []), ...explainedIn(value, here)];
  });
}
