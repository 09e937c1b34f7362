import { parse, parseAllDocuments } from 'yaml';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import type { PatchOperation } from '../../../src/domain/patch.ts';
import { patchedText } from '../../../src/page/playground/patched-text.ts';
import type { VerdictItem, VerdictList } from '../../../src/report/verdict-list.ts';

const NUMBER: PatchOperation = { op: 'add', path: '/spec/ports/0/nodePort', value: 30_100 };
const POLICY: PatchOperation = { op: 'add', path: '/spec/externalTrafficPolicy', value: 'Local' };
const NO_PORTS: PatchOperation = { op: 'add', path: '/spec/allocateLoadBalancerNodePorts', value: false };

function listOf(...patches: (readonly PatchOperation[])[]): VerdictList {
  const object = { apiVersion: 'v1', kind: 'Service', name: 'web' };
  const items = patches.map((patch): VerdictItem => ({
    object,
    allowed: true,
    findings: [],
    undetermined: [],
    assigned: [],
    patch,
  }));
  const counts = { objects: items.length, allowed: items.length, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } };
  return {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'VerdictList',
    policy: { hash: '' },
    summary: counts,
    items,
  };
}

const BLOCK = `kind: Service
spec:
  type: NodePort
  ports:
  - name: http
    port: 80   # the web
  # the end
`;

describe('one Service', () => {
  it('gets what is missing on lines of its own', () => {
    expect(patchedText(BLOCK, listOf([NUMBER, POLICY]))).toEqual({
      text: `kind: Service
spec:
  type: NodePort
  ports:
  - name: http
    port: 80   # the web
    nodePort: 30100
  externalTrafficPolicy: Local
  # the end
`,
      lines: new Set([6, 7]),
    });
  });

  it('gets a value in the place of another, and where there is none', () => {
    const text = 'kind: Service\nspec:\n  externalTrafficPolicy:\n  ports:\n  - nodePort: 0 # none\n';
    expect(patchedText(text, listOf([NUMBER, POLICY]))).toEqual({
      text: 'kind: Service\nspec:\n  externalTrafficPolicy: Local\n  ports:\n  - nodePort: 30100 # none\n',
      lines: new Set([2, 4]),
    });
  });

  it('stays in flow style, and stays JSON', () => {
    expect(patchedText('kind: Service\nspec: {ports: [{port: 80}]}\n', listOf([NUMBER, NO_PORTS]))?.text).toBe(
      'kind: Service\nspec: {ports: [{port: 80, nodePort: 30100}], allocateLoadBalancerNodePorts: false}\n',
    );
    const json = JSON.stringify({ kind: 'Service', spec: { ports: [{ port: 80 }] } }, null, 2);
    const patched = patchedText(json, listOf([NUMBER, POLICY]))?.text ?? '';
    expect(patched).toBe(
      JSON.stringify(
        { kind: 'Service', spec: { ports: [{ port: 80, nodePort: 30_100 }], externalTrafficPolicy: 'Local' } },
        null,
        2,
      ),
    );
  });

  it('may end without a line end', () => {
    expect(patchedText('kind: Service\nspec:\n  ports:\n  - port: 80', listOf([NUMBER]))?.text).toBe(
      'kind: Service\nspec:\n  ports:\n  - port: 80\n    nodePort: 30100',
    );
  });
});

describe('every text means what the patch makes of it', () => {
  it.each([
    ['a block', BLOCK],
    ['a list further in', 'kind: Service\nspec:\n    ports:\n      -   port: 80\n'],
    [
      'a text at the end',
      'kind: Service\nspec:\n  ports:\n  - port: 80\n    name: |\n      a\n      b\n  x: >-\n    c\n',
    ],
    ['flow in block', 'kind: Service\nspec:\n  ports: [{port: 80,}]\n'],
    ['flow over lines', 'kind: Service\nspec: {\n  ports: [\n    {\n      port: 80\n    }\n  ]\n}\n'],
    ['an empty item', 'kind: Service\nspec:\n  ports:\n  - {}\n'],
    ['quoted keys', '"kind": "Service"\n"spec":\n  "ports":\n  - "port": 80\n'],
    ['a null', 'kind: Service\nspec:\n  ports:\n  - port: 80\n    nodePort: null\n'],
    ['comments between', 'kind: Service\nspec: # the spec\n  ports: # all\n  # one\n  - port: 80 # eighty\n\n\nx: 1\n'],
  ])('%s', (_name, text) => {
    const wanted: unknown = parse(text);
    applyPatch(wanted, [NUMBER, POLICY]);
    expect(parse(patchedText(text, listOf([NUMBER, POLICY]))?.text ?? '')).toEqual(wanted);
  });
});

describe('several', () => {
  it('documents, and Lists, each with its own', () => {
    const text = `${BLOCK}---\nkind: ConfigMap\n---\nkind: List\nitems:\n- ${BLOCK.trimEnd().replaceAll('\n', '\n  ')}\n`;
    const second = { ...NUMBER, value: 30_200 };
    const patched = patchedText(text, listOf([NUMBER], [], [second]));
    const values: unknown = parseAllDocuments(patched?.text ?? '').map((document): unknown => document.toJS());
    expect(values).toEqual([
      { kind: 'Service', spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_100 }] } },
      { kind: 'ConfigMap' },
      {
        kind: 'List',
        items: [{ kind: 'Service', spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_200 }] } }],
      },
    ]);
  });
});

describe('nothing is written', () => {
  it.each([
    ['without a patch', BLOCK, listOf([])],
    ['where an alias may share it', 'kind: Service\nspec: &a\n  ports: [{port: 80}]\nx: *a\n', listOf([NUMBER])],
    ['where a mapping is merged', 'kind: Service\nspec:\n  <<: {ports: [{port: 80}]}\n', listOf([NUMBER])],
    ['where the place is not found', 'kind: Service\nspec: {}\n', listOf([NUMBER])],
    ['where the objects are others', BLOCK, listOf([NUMBER], [])],
  ])('%s', (_name, text, list) => {
    expect(patchedText(text, list)).toBeUndefined();
  });
});
