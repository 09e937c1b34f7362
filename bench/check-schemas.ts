import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../src/domain/json.ts';
import { withCluster } from './cluster.ts';
import { root } from './process.ts';

const DIRECTORY = join(root, 'node_modules/.cache/bench/schemas');
/** What `-schema-location` wants; each kind that bench/manifests.ts writes. */
export const SCHEMA_LOCATION = join(DIRECTORY, '{{.ResourceKind}}.json');
const DEFINITIONS = {
  configmap: 'io.k8s.api.core.v1.ConfigMap',
  deployment: 'io.k8s.api.apps.v1.Deployment',
  namespace: 'io.k8s.api.core.v1.Namespace',
  service: 'io.k8s.api.core.v1.Service',
  serviceaccount: 'io.k8s.api.core.v1.ServiceAccount',
} as const;

/**
 * Schemas for kubeconform as its own are made: from the OpenAPI of a real API server, each complete in itself, unknown
 * fields refused. Its own come over the network.
 */
export async function obtainSchemas(): Promise<void> {
  if (existsSync(DIRECTORY)) return;
  await withCluster(async ({ ask }) => {
    const { definitions } = JSON.parse(await ask('GET', '/openapi/v2')) as { readonly definitions: JsonObject };
    const unfinished = `${DIRECTORY}-${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    for (const [kind, name] of Object.entries(DEFINITIONS)) {
      const schema = standalone(definitions[name] ?? null, definitions, []);
      writeFileSync(join(unfinished, `${kind}.json`), JSON.stringify(schema));
    }
    renameSync(unfinished, DIRECTORY);
  });
}

const REFERENCE = '#/definitions/';

function standalone(schema: Json, definitions: JsonObject, within: readonly string[]): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => standalone(item, definitions, within));
  if (!isJsonObject(schema)) return schema;
  const { $ref: reference } = schema;
  if (typeof reference === 'string') {
    const name = reference.slice(REFERENCE.length);
    // None of these kinds contains itself, and one that did would have no end.
    if (within.includes(name)) throw new Error(`${name} contains itself`);
    return standalone(definitions[name] ?? null, definitions, [...within, name]);
  }
  if (schema['format'] === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  const entries = Object.entries(schema).map(([key, value]) => [key, standalone(value, definitions, within)] as const);
  const isClosed = isJsonObject(schema['properties'] ?? null) && schema['additionalProperties'] === undefined;
  return { ...Object.fromEntries(entries), ...(isClosed && { additionalProperties: false }) };
}
