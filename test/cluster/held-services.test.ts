import { expect, it } from 'vitest';
import { trimService } from '../../src/cluster/held-services.ts';
import type { JsonObject } from '../../src/domain/json.ts';

function serviceWith(spec: JsonObject | string): JsonObject {
  return { apiVersion: 'v1', metadata: { namespace: 'shop', name: 'web', annotations: { large: 'x' } }, spec };
}

it.each<[string, JsonObject | string, JsonObject | string]>([
  [
    'of a NodePort Service what holds numbers',
    {
      type: 'NodePort',
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: 30_001, protocol: 'TCP', appProtocol: 'x' }],
    },
    { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_001, protocol: 'TCP' }] },
  ],
  [
    'no port without a number',
    { type: 'ClusterIP', ports: Array.from({ length: 5_000 }, (_, index) => ({ port: index + 1, nodePort: 0 })) },
    { type: 'ClusterIP', ports: [] },
  ],
  [
    'the numbers of a Service that does not open them',
    { type: 'ExternalName', ports: [{ port: 80 }, { port: 81, nodePort: 30_002 }], healthCheckNodePort: 30_003 },
    { type: 'ExternalName', ports: [{ port: 81, nodePort: 30_002 }], healthCheckNodePort: 30_003 },
  ],
  [
    'what cannot be read, so that somebody tells of it',
    { type: 'NodePort', ports: [7, { port: 80, nodePort: 'x' }] },
    { type: 'NodePort', ports: [7, { port: 80, nodePort: 'x' }] },
  ],
  ['ports that are none', { ports: 'none' }, { ports: 'none' }],
  ['a spec that is none', 'none', 'none'],
])('keeps %s', (_case, spec, kept) => {
  expect(trimService(serviceWith(spec))).toEqual({ metadata: { namespace: 'shop', name: 'web' }, spec: kept });
});
