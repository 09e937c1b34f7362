import { describe, expect, it } from 'vitest';
import { parsePath } from '../../../src/domain/path.ts';
import { placeOf, writtenObjects } from '../../../src/page/playground/written-objects.ts';

/** The text at the field of each object, with the line that it stands on. */
function marked(text: string, field: string): readonly string[] {
  return writtenObjects(text).map((object) => {
    const { from, to } = placeOf(object, parsePath(field));
    return `${text.slice(0, from).split('\n').length}: ${text.slice(from, to)}`;
  });
}

const BLOCK = `# a comment
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    "nodeport-gate.dev/pool": shop
    'nodeport-gate.dev/source-cidrs': 10.0.0.0/8
spec:
  type: NodePort
  selector: {app: web}
  ports:
  - port: 80
    nodePort: 30080   # mine
  - name: https
    port: 443
  -
`;

describe('a Service in block style', () => {
  it.each([
    ['spec.type', '10: NodePort'],
    ['spec.ports[0].nodePort', '14: 30080'],
    ['spec.ports[1].port', '16: 443'],
    ['metadata.annotations[nodeport-gate.dev/pool]', '7: shop'],
    ['metadata.annotations[nodeport-gate.dev/source-cidrs]', '8: 10.0.0.0/8'],
    ['spec.selector', '11: {app: web}'],
    ['spec.ports', '12: ports'],
    ['spec.ports[0]', '13: port: 80'],
  ])('finds %s', (field, place) => {
    expect(marked(BLOCK, field)).toEqual([place]);
  });

  it.each([
    ['spec.externalTrafficPolicy', '9: spec'],
    ['spec.ports[1].nodePort', '15: name: https'],
    ['spec.ports[2].nodePort', '17: -'],
    ['spec.ports[9].nodePort', '12: ports'],
    ['metadata.annotations[owner]', '6: annotations'],
    ['status.loadBalancer', '2: apiVersion: v1'],
    ['spec.type.deeper', '10: type'],
  ])('points at what is there where %s is not', (field, place) => {
    expect(marked(BLOCK, field)).toEqual([place]);
  });
});

describe('other styles', () => {
  it('flow style', () => {
    const text = 'kind: Service\nspec: {type: NodePort, ports: [{port: 80}, {port: 81, nodePort: 30081}]}\n';
    expect(marked(text, 'spec.ports[1].nodePort')).toEqual(['2: 30081']);
    expect(marked(text, 'spec.ports[0].nodePort')).toEqual(['2: {port: 80}']);
  });

  it('JSON', () => {
    const text = JSON.stringify({ kind: 'Service', spec: { ports: [{ port: 80, nodePort: 30_080 }] } }, null, 2);
    expect(marked(text, 'spec.ports[0].nodePort')).toEqual(['7: 30080']);
  });

  it('a number that is quoted is marked with its quotes', () => {
    expect(marked('kind: Service\nspec:\n  type: "NodePort"\n', 'spec.type')).toEqual(['3: "NodePort"']);
  });

  it('escapes in keys', () => {
    const text = String.raw`{"kind": "Service", "sp\u0065c": {"type": "NodePort"}}`;
    expect(marked(text, 'spec.type')).toEqual(['1: "NodePort"']);
  });

  it('anchors, aliases and merge keys lead to where the value is written', () => {
    const text = `kind: Service
x-base: &base
  type: NodePort
  ports: &ports
  - nodePort: 30080
spec:
  <<: *base
---
kind: Service
x-ports: &ports [{nodePort: 30081}]
spec:
  ports: *ports
  type: &type !!str NodePort
`;
    expect(marked(text, 'spec.type')).toEqual(['3: NodePort', '13: NodePort']);
    expect(marked(text, 'spec.ports[0].nodePort')).toEqual(['5: 30080', '10: 30081']);
  });

  it('ends although a text refers to itself', () => {
    const text = 'kind: Service\nspec: &a\n  <<: *a\n  ports: &b [*b]\n';
    expect(marked(text, 'spec.type')).toEqual(['2: spec']);
    expect(marked(text, 'spec.ports[0][0][0][0].nodePort')).toEqual(['4: *b']);
  });

  it('the last of two equal keys, as most readers have it', () => {
    expect(marked('kind: Service\nspec: {type: A}\nspec: {type: B}\n', 'spec.type')).toEqual(['3: B']);
  });
});

describe('several objects', () => {
  it('documents, of which the empty ones do not count', () => {
    const text = `---\n# nothing\n---\nkind: A\nspec: {type: x}\n---\nnull\n---\n~\n...\n---\nkind: B\nspec:\n  type: y\n`;
    expect(marked(text, 'spec.type')).toEqual(['5: x', '14: y']);
  });

  it('Lists in Lists', () => {
    const text = `kind: List
items:
- kind: Service
  spec: {type: a}
- kind: List
  items: [{kind: Service, spec: {type: b}}, {kind: Service, spec: {type: c}}]
- kind: List
  items: []
- kind: ConfigMap
  items: [1]
`;
    expect(marked(text, 'spec.type')).toEqual(['4: a', '6: b', '6: c', '9: kind: ConfigMap']);
  });

  it('the items of a ServiceList are Services', () => {
    const text = 'kind: ServiceList\nitems:\n- spec: {type: a}\n- metadata: {}\n  spec: {type: b}\n';
    expect(writtenObjects(text).map(({ kind }) => kind)).toEqual(['Service', 'Service']);
    expect(marked(text, 'spec.type')).toEqual(['3: a', '5: b']);
  });

  it('an AdmissionReview is about its object', () => {
    const text = `kind: AdmissionReview
request:
  oldObject: {spec: {type: ClusterIP}}
  object: {spec: {type: NodePort}}
`;
    expect(marked(text, 'spec.type')).toEqual(['4: NodePort']);
  });

  it('nothing', () => {
    expect(writtenObjects('# only a comment\n')).toEqual([]);
    expect(writtenObjects('kind: List\nitems:\n')).toEqual([]);
  });

  it('a List that lists itself ends', () => {
    expect(writtenObjects('&a\nkind: List\nitems: [*a]\n').length).toBe(1);
  });
});
