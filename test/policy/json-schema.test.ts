import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { policyJsonSchema } from '../../src/policy/json-schema.ts';
import { rules } from '../../src/rules/index.ts';
import { POLICY_YAML } from '../../src/wire/yaml-dialects.ts';
import { readYamlDocuments } from '../../src/wire/yaml-documents.ts';
import { expectGenerated } from '../support/generated-file.ts';
import { everyKind } from './every-kind.ts';

const text = policyJsonSchema(rules);
const schema: unknown = JSON.parse(text);
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema as object);

function documentsIn(yaml: string): readonly unknown[] {
  return readYamlDocuments(yaml, POLICY_YAML).documents.map(({ value }) => value);
}

function accepts(yaml: string): readonly boolean[] {
  return documentsIn(yaml).map((document) => validate(document));
}

describe('docs/policy.schema.json', () => {
  it('is generated from the schemas', () => {
    expectGenerated('docs/policy.schema.json', text);
  });

  it('accepts the default policy', () => {
    expect(accepts(readFileSync('manifests/policies/default.yaml', 'utf8'))).toEqual([true, true, true, true]);
  });

  it('accepts one document of each kind', () => {
    expect(accepts(everyKind)).toEqual([true, true, true, true]);
  });

  it.each([
    ['an unknown key', everyKind.replace('preset:', 'presets:'), [false, true, true, true]],
    ['an unknown rule', everyKind.replace('protocols:', 'protocol:'), [false, true, true, true]],
    ['a rule that is neither off nor a mapping', everyKind.replace('  off', '  on'), [false, true, true, true]],
    ['an unknown option', everyKind.replace('within:', 'inside:'), [false, true, true, true]],
    ['an unknown kind', everyKind.replace('kind: NodePortPool', 'kind: NodePool'), [true, false, true, true]],
    ['a pool without owners', everyKind.replace('namespaces: [team-a,', 'x: [team-a,'), [true, false, true, true]],
    ['a port beyond 65535', everyKind.replace('["30150"]', '[70000]'), [true, false, true, true]],
    ['an exception without an end', everyKind.replace('  expires', '  ends'), [true, true, false, true]],
    [
      'an exception from an absolute rule',
      everyKind.replace('rules: [external-traffic-policy', 'rules: [external-name-node-port'),
      [true, true, false, true],
    ],
    ['a foreign data plane', everyKind.replace('kube-proxy  ', 'ebpf  '), [true, true, true, false]],
  ])('refuses %s', (_, yaml, accepted) => {
    expect(accepts(yaml)).toEqual(accepted);
  });

  it.each([
    ['{key: a, operator: In, values: [b]}', true],
    ['{key: a, operator: In}', false],
    ['{key: a, operator: Exists}', true],
    ['{key: a, operator: Exists, values: [b]}', false],
  ])('judges a label expression %s', (expression, accepted) => {
    const yaml = everyKind.replace(
      'excludeNamespaces: [kube-system]',
      `serviceSelector: {matchExpressions: [${expression}]}`,
    );
    expect(accepts(yaml)).toEqual([accepted, true, true, true]);
  });

  it('describes every property', () => {
    expect([...undescribed(schema, '')]).toEqual([]);
  });
});

/** The paths of properties without a description. */
function* undescribed(node: unknown, path: string): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    yield* undescribed(value, `${path}/${key}`);
    // Conditions repeat names that are described elsewhere.
    if (key !== 'properties' || /\/(if|then|else)$/.test(path)) continue;
    for (const [name, property] of Object.entries(value as Record<string, JsonObject>)) {
      if (typeof property['description'] !== 'string') yield `${path}/${name}`;
    }
  }
}
