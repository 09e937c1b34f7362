import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { sha256 } from '../support/policy.ts';
import { HEAD, POLICY, problemsOf } from './problems-of.ts';

describe('a document with five mistakes', () => {
  it('gives five problems with line and column', () => {
    const text = `${HEAD}kind: NodePortPolicy
metadata: {name: Default}
spec:
  match: {excludeNamespace: [kube-system]}
  preset: strict
  rules:
    node-port-rnge:
      ranges: ["30000-32767"]
    external-traffic-policy: {require: local, enforcement: warn}
`;
    const compiled = compilePolicy([{ file: 'policy.yaml', text }], sha256);
    expect(compiled).toEqual({
      ok: false,
      problems: [
        {
          file: 'policy.yaml',
          line: 3,
          column: 18,
          path: 'metadata.name',
          message:
            '"Default" is not allowed; write lower-case letters, digits, - and . (not at the ends), at most 253 in all',
        },
        {
          file: 'policy.yaml',
          line: 5,
          column: 11,
          path: 'spec.match.excludeNamespace',
          message: 'is unknown; did you mean excludeNamespaces?',
        },
        {
          file: 'policy.yaml',
          line: 6,
          column: 11,
          path: 'spec.preset',
          message: '"strict" is not allowed; use none, baseline or restricted',
        },
        {
          file: 'policy.yaml',
          line: 8,
          column: 5,
          path: 'spec.rules.node-port-rnge',
          message: 'is no rule; did you mean node-port-range?',
        },
        {
          file: 'policy.yaml',
          line: 10,
          column: 40,
          path: 'spec.rules.external-traffic-policy.require',
          message: '"local" is not allowed; use Local or Cluster',
        },
      ],
    });
  });
});

describe('several files', () => {
  it('are all checked, and their problems come in the order of files and lines', () => {
    expect(
      problemsOf(
        `${POLICY}---\n${HEAD}kind: NodePortPool\nmetadata: {name: a}\nspec: {ports: [0], namespaces: [x]}`,
        'kind: [',
        `${HEAD}kind: ClusterProfile\nmetadata: {name: c}\nspec: {dataPlan: cilium}`,
      ),
    ).toEqual([
      'a.yaml:9:16: spec.ports[0]: 0 is not allowed; write a port, as in 30080, or a range from low to high, as in "30000-32767" (1 to 65535)',
      'b.yaml:1:8: is not readable as YAML; flow sequence in block collection must be sufficiently indented and end with a ]',
      'c.yaml:4:8: spec.dataPlan: is unknown; did you mean dataPlane?',
    ]);
  });
});

describe('the frame of a document', () => {
  it.each<[why: string, text: string, problems: readonly string[]]>([
    ['a list', '- a', ['a.yaml:1:1: is not a mapping; a policy document has apiVersion, kind, metadata and spec']],
    ['text', 'hello', ['a.yaml:1:1: is not a mapping; a policy document has apiVersion, kind, metadata and spec']],
    [
      'no kind',
      'metadata: {name: a}',
      ['a.yaml:1:1: kind: is missing; use NodePortPolicy, NodePortPool, NodePortException or ClusterProfile'],
    ],
    [
      'a kind that is no text',
      'kind: 5',
      [
        'a.yaml:1:7: kind: is no kind of policy document; use NodePortPolicy, NodePortPool, NodePortException or ClusterProfile',
      ],
    ],
    [
      'a manifest',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}',
      [
        'a.yaml:2:7: kind: "Service" is no kind of policy document; use NodePortPolicy, NodePortPool, NodePortException or ClusterProfile',
      ],
    ],
    [
      'a misspelt kind',
      `${HEAD}kind: nodeportpool`,
      ['a.yaml:2:7: kind: "nodeportpool" is no kind of policy document; did you mean NodePortPool?'],
    ],
    [
      'another version, and nothing else',
      'apiVersion: nodeport-gate.dev/v1\nkind: NodePortPolicy',
      [
        'a.yaml:1:1: metadata: is missing; write a mapping',
        'a.yaml:1:1: spec: is missing; write a mapping',
        'a.yaml:1:13: apiVersion: "nodeport-gate.dev/v1" is not allowed; use nodeport-gate.dev/v1alpha1',
      ],
    ],
    [
      'a namespace',
      `${HEAD}kind: NodePortPolicy\nmetadata:\n  namespace: shop\nspec: {preset: none}`,
      [
        'a.yaml:3:1: metadata.name: is missing; write text',
        'a.yaml:4:3: metadata.namespace: is unknown; use name, labels or annotations',
      ],
    ],
    [
      'wrong types all over',
      `${HEAD}kind: NodePortPolicy\nmetadata: {name: 5, labels: [], annotations: {a: true}}\nspec: [1]`,
      [
        'a.yaml:3:18: metadata.name: 5 is a number; write text, in quotes',
        'a.yaml:3:29: metadata.labels: is a list; write a mapping',
        'a.yaml:3:50: metadata.annotations.a: true is true or false; write text, in quotes',
        'a.yaml:4:7: spec: is a list; write a mapping',
      ],
    ],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text, POLICY)).toEqual(problems);
  });

  it('has a name that is unique within its kind', () => {
    const pool = `${HEAD}kind: NodePortPool\nmetadata:\n  name: default\nspec: {ports: [30000], namespaces: [a]}\n`;
    expect(problemsOf(`${POLICY}---\n${pool}`, POLICY, `${pool}---\n${POLICY}`)).toEqual([
      'b.yaml:3:18: metadata.name: default is already the name of the NodePortPolicy at a.yaml:3; rename one of them',
      'c.yaml:4:9: metadata.name: default is already the name of the NodePortPool at a.yaml:9; rename one of them',
      'c.yaml:9:18: metadata.name: default is already the name of the NodePortPolicy at a.yaml:3; rename one of them',
    ]);
  });

  it('is said to be missing where there is no policy at all', () => {
    const none = 'is no NodePortPolicy among 0 documents; add one, nothing is judged without';
    expect(problemsOf()).toEqual([`there ${none}`]);
    expect(problemsOf('# nothing here')).toEqual([`a.yaml:1:1: there ${none}`]);
    expect(problemsOf(`${HEAD}kind: ClusterProfile\nmetadata: {name: c}\nspec: {}`)).toEqual([
      'a.yaml:1:1: there is no NodePortPolicy among 1 document; add one, nothing is judged without',
    ]);
  });
});
