import { describe, expect, it } from 'vitest';
import { serviceSchema } from '../../../src/page/playground/service-schema.ts';
import { unknownWords } from '../../../src/page/playground/unknown-words.ts';

const SCHEMA = serviceSchema({ pools: [], suppressible: [] });

function wordsIn(text: string): readonly string[] {
  return unknownWords(text, SCHEMA).map(({ from, to, message }) => `${text.slice(from, to)}: ${message}`);
}

describe('words that no Service has', () => {
  it('keys, with the one that was meant', () => {
    const text = `kind: Service
metadata: {name: web, lables: {app: web}, unheard: {}}
spec:
  type: NodePort
  ports:
  - port: 80
    nodeport: 30080
`;
    expect(wordsIn(text)).toEqual([
      'lables: lables is no field of a Service here; did you mean labels?',
      'unheard: unheard is no field of a Service here; Ctrl+Space shows those there are',
      'nodeport: nodeport is no field of a Service here; did you mean nodePort?',
    ]);
  });

  it('values', () => {
    expect(wordsIn('kind: Service\nspec: {externalTrafficPolicy: local, "type": "Nodeport"}\n')).toEqual([
      'local: local is no value of this field; did you mean Local?',
      '"Nodeport": Nodeport is no value of this field; did you mean NodePort?',
    ]);
  });

  it('in every Service, and in nothing else', () => {
    const text = `kind: List
items:
- {kind: Service, spek: {}}
- {kind: ConfigMap, spek: {}}
---
{"kind": "Service", "spek": {}}
`;
    expect(wordsIn(text)).toEqual([
      'spek: spek is no field of a Service here; did you mean spec?',
      '"spek": spek is no field of a Service here; did you mean spec?',
    ]);
  });

  it('are at most a hundred', () => {
    const text = `kind: Service\n${Array.from({ length: 200 }, (_, index) => `k${index}: 1\n`).join('')}`;
    expect(wordsIn(text).length).toBe(100);
  });
});

it('accepts what kubectl get shows, labels, merge keys and what it cannot read', () => {
  const text = `kind: Service
metadata:
  name: web
  uid: 1
  resourceVersion: "1"
  managedFields: [{manager: x}]
  labels: {any: thing}
  annotations: {any: thing}
spec:
  <<: *base
  selector: {app: web}
  type:
  externalTrafficPolicy: *policy
status: {loadBalancer: {}}
`;
  expect(wordsIn(text)).toEqual([]);
});
