import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { complained, GOOD, GOOD_JSON, numbered, refused, type Situation } from './situation.ts';

const POLICY_HEAD = 'apiVersion: nodeport-gate.dev/v1alpha1\nkind: NodePortPolicy\nmetadata: {name: strict}\n';
const POOL_HEAD = 'apiVersion: nodeport-gate.dev/v1alpha1\nkind: NodePortPool\nmetadata: {name: NAME}\n';
const LAUGHS = `a: &a [${'x, '.repeat(9)}x]\n${Array.from({ length: 9 }, (_, at) => {
  const [mine, last] = [String.fromCodePoint(98 + at), String.fromCodePoint(97 + at)];
  return `${mine}: &${mine} [${`*${last}, `.repeat(9)}*${last}]\n`;
}).join('')}`;

function beside(name: string, content: string | Uint8Array): (directory: string) => void {
  return (directory) => {
    writeFileSync(join(directory, 'good.yaml'), GOOD);
    writeFileSync(join(directory, name), content);
  };
}

function policy(name: string, content: string | Uint8Array, ...complaints: readonly string[]): Situation {
  return {
    name: `a policy: ${name}`,
    given: beside('p.yaml', content),
    args: ['-p', 'p.yaml', 'good.yaml'],
    gives: complained(...complaints),
  };
}

function inventory(name: string, content: string | Uint8Array, ...complaints: readonly string[]): Situation {
  return {
    name: `an inventory: ${name}`,
    given: beside('dump.json', content),
    args: ['--inventory', 'dump.json', 'good.yaml'],
    gives: complained(...complaints),
  };
}

function baseline(name: string, content: string | Uint8Array, ...complaints: readonly string[]): Situation {
  return {
    name: `a baseline: ${name}`,
    given: beside('base.json', content),
    args: ['--baseline', 'base.json', 'good.yaml'],
    gives: complained(...complaints),
  };
}

/** What a run goes by: nothing is judged by half of a policy. */
export const SETTINGS: readonly Situation[] = [
  policy('nothing', '', 'p.yaml:1:1: there is no NodePortPolicy among 0 documents; add one, nothing is judged without'),
  policy(
    'comments',
    '# none yet\n',
    'p.yaml:1:1: there is no NodePortPolicy among 0 documents; add one, nothing is judged without',
  ),
  policy(
    'a manifest',
    GOOD,
    'p.yaml:2:7: kind: "Service" is no kind of policy document; use NodePortPolicy, NodePortPool, NodePortException or ClusterProfile',
  ),
  policy(
    'a text',
    'strict\n',
    'p.yaml:1:1: is not a mapping; a policy document has apiVersion, kind, metadata and spec',
  ),
  policy(
    'a list',
    `- ${POLICY_HEAD.replaceAll('\n', '\n  ')}`,
    'p.yaml:1:1: is not a mapping; a policy document has apiVersion, kind, metadata and spec',
  ),
  policy('no spec', POLICY_HEAD, 'p.yaml:1:1: spec: is missing; write a mapping'),
  policy('spec: null', `${POLICY_HEAD}spec:\n`, 'p.yaml:4:1: spec: is empty; write a mapping'),
  policy(
    'cut off',
    `${POLICY_HEAD}spec: {rules: {node-port`,
    'p.yaml:4:25: is not readable as YAML; flow map in block collection must be sufficiently indented and end with a }',
  ),
  policy(
    'a tab',
    `${POLICY_HEAD}spec:\n\tpreset: none\n`,
    'p.yaml:5:1: is not readable as YAML; tabs are not allowed as indentation',
  ),
  policy(
    'an unknown key',
    `${POLICY_HEAD}spec: {presett: none}\n`,
    'p.yaml:4:8: spec.presett: is unknown; did you mean preset?',
  ),
  policy(
    'an unknown rule',
    `${POLICY_HEAD}spec: {rules: {node-port-rang: {}}}\n`,
    'p.yaml:4:16: spec.rules.node-port-rang: is no rule; did you mean node-port-range?',
  ),
  policy(
    'an unknown preset',
    `${POLICY_HEAD}spec: {preset: strictest}\n`,
    'p.yaml:4:16: spec.preset: "strictest" is not allowed; use none, baseline or restricted',
  ),
  policy(
    'an unknown option',
    `${POLICY_HEAD}spec: {rules: {node-port-range: {range: ["30000-32767"]}}}\n`,
    'p.yaml:4:34: spec.rules.node-port-range.range: is unknown; did you mean ranges?',
  ),
  policy(
    'a range that is empty',
    `${POLICY_HEAD}spec: {rules: {node-port-range: {ranges: ["32767-30000"]}}}\n`,
    'p.yaml:4:43: spec.rules.node-port-range.ranges[0]: "32767-30000" is not allowed; write a port, as in 30080, or a range from low to high, as in "30000-32767" (1 to 65535)',
  ),
  policy(
    'a range that is a number',
    `${POLICY_HEAD}spec: {rules: {node-port-range: {ranges: 30000}}}\n`,
    'p.yaml:4:42: spec.rules.node-port-range.ranges: 30000 is a number; write a list',
  ),
  policy(
    'an unknown enforcement',
    `${POLICY_HEAD}spec: {rules: {node-port-range: {enforcement: block}}}\n`,
    'p.yaml:4:47: spec.rules.node-port-range.enforcement: "block" is not allowed; use deny, warn or audit',
  ),
  policy(
    'an unknown kind',
    POLICY_HEAD.replace('Policy', 'Polcy'),
    'p.yaml:2:7: kind: "NodePortPolcy" is no kind of policy document; did you mean NodePortPolicy?',
  ),
  policy(
    'another version',
    POLICY_HEAD.replace('v1alpha1', 'v2'),
    'p.yaml:1:1: spec: is missing; write a mapping',
    'p.yaml:1:13: apiVersion: "nodeport-gate.dev/v2" is not allowed; use nodeport-gate.dev/v1alpha1',
  ),
  policy(
    'a key twice',
    `${POLICY_HEAD}spec: {preset: none, preset: restricted}\n`,
    'p.yaml:4:22: spec.preset: is written twice; remove one of them',
  ),
  policy(
    'pools that overlap',
    ['a', 'b']
      .map((name) => `${POOL_HEAD.replace('NAME', name)}spec: {ports: ["30000-30010"], namespaces: ["*"]}\n`)
      .join('---\n'),
    'p.yaml:1:1: there is no NodePortPolicy among 2 documents; add one, nothing is judged without',
    'p.yaml:9:8: spec.ports: 30000-30010 is also in pool a (p.yaml:4) with the same priority 1000; give the pools different ports or priorities',
  ),
  policy(
    'a template',
    `${POLICY_HEAD}spec: {preset: {{ .Values.preset }}}\n`,
    'p.yaml:4:16: spec.preset: a mapping is not allowed; use none, baseline or restricted',
    'p.yaml:4:17: spec.preset: a key is not plain text; quote it',
  ),
  policy(
    'binary',
    new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
    'p.yaml:1:1: this is not UTF-8 from here on; save it as UTF-8',
  ),
  policy('UTF-16', Buffer.from(`\ufeff${POLICY_HEAD}`, 'utf16le'), 'p.yaml: this is UTF-16; save it as UTF-8'),
  policy(
    'a billion laughs',
    `${POLICY_HEAD}spec:\n${LAUGHS.replace(/^/gm, '  ').trimEnd()}\n`,
    'p.yaml:5:3: spec.a: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:6:3: spec.b: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:7:3: spec.c: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:8:3: spec.d: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:8:38: spec.d[7]: aliases repeat more than 10000 values; write them out',
    'p.yaml:9:3: spec.e: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:10:3: spec.f: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:11:3: spec.g: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:12:3: spec.h: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:13:3: spec.i: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    'p.yaml:14:3: spec.j: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
  ),
  policy(
    'two megabytes',
    `${POLICY_HEAD}# ${'x'.repeat(2_000_000)}\n`,
    'p.yaml:1:1: 2000088 characters are too many; split the file, one may have 1048576',
  ),
  policy(
    'nested too deep',
    `${POLICY_HEAD}spec: ${'['.repeat(5000)}\n`,
    'p.yaml:4:106: is nested deeper than 100 levels; no document needs that',
  ),
  {
    name: 'a policy that is not there',
    given: GOOD,
    args: ['-p', 'gone.yaml', 'bad.yaml'],
    gives: complained('gone.yaml: this is not there; check the path'),
  },
  {
    name: 'a policy of an empty path',
    given: GOOD,
    args: ['-p', '', 'bad.yaml'],
    gives: complained('--policy: the path is empty; name a file, or leave the flag out'),
  },
  {
    name: 'a policy that is an empty directory',
    given: (directory) => mkdirSync(join(directory, 'p')),
    args: ['-p', 'p'],
    gives: complained('p: no *.yaml, *.yml or *.json file is in it; put the policy documents there'),
  },
  {
    name: 'a policy that never ends',
    given: GOOD,
    args: ['-p', '/dev/zero', 'bad.yaml'],
    gives: complained('/dev/zero: this is longer than 64 mebibytes; split it'),
  },
  inventory('nothing', '', 'dump.json: the file is empty; make it with kubectl get services -A -o json'),
  inventory('a text', 'web\n', 'dump.json: "web" is a string; make it with kubectl get services -A -o json'),
  inventory(
    'a table of kubectl',
    'NAME   TYPE       PORT(S)\nweb    NodePort   80:30080/TCP\n',
    'dump.json: "NAME   TYPE       PORT(S) web    NodePort   80:30080/TCP" is a string; make it with kubectl get services -A -o json',
  ),
  inventory(
    'cut off',
    `{"apiVersion":"v1","kind":"List","items":[${GOOD_JSON}`,
    'dump.json:1:171: this is not JSON: it ends without the closing ]; make it with kubectl get services -A -o json',
  ),
  inventory(
    'another kind',
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web"}}',
    'dump.json: there is no Service among 1 object; make it with kubectl get services -A -o json',
  ),
  inventory(
    'a Service that is wrong',
    GOOD_JSON.replace('30080', '"30080"'),
    'dump.json: spec.ports[0].nodePort: "30080" is a string; write a whole number',
  ),
  inventory(
    'binary',
    new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
    'dump.json:1:1: this is not UTF-8 from here on; save it as UTF-8',
  ),
  inventory('UTF-16', Buffer.from(`\ufeff${GOOD_JSON}`, 'utf16le'), 'dump.json: this is UTF-16; save it as UTF-8'),
  inventory(
    'NUL',
    new Uint8Array(100),
    'dump.json:1:1: the character U+0000 is no text; remove it, or escape it in double quotes',
  ),
  inventory(
    'a template',
    numbered('{{ .port }}'),
    'dump.json:9:18: a list or mapping is used as a key; write a plain key; make it with kubectl get services -A -o json',
  ),
  {
    name: 'an inventory that is not there',
    given: GOOD,
    args: ['--inventory', 'gone.json', 'bad.yaml'],
    gives: complained('gone.json: this is not there; check the path'),
  },
  {
    name: 'an inventory that is a directory',
    given: GOOD,
    args: ['--inventory', '.', 'bad.yaml'],
    gives: complained('.: this is a directory; name a file'),
  },
  {
    name: 'an inventory that never ends',
    given: GOOD,
    args: ['--inventory', '/dev/zero', 'bad.yaml'],
    gives: complained('/dev/zero: this is longer than 64 mebibytes; split it'),
  },
  baseline('nothing', '', 'base.json: this is not JSON; make it again with --create-baseline'),
  baseline('no JSON', 'findings: []\n', 'base.json: this is not JSON; make it again with --create-baseline'),
  baseline('another kind', '{"kind":"List"}', 'base.json: this is no Baseline; make it again with --create-baseline'),
  baseline(
    'another version',
    '{"apiVersion":"nodeport-gate.dev/v1","kind":"Baseline","findings":[]}',
    'base.json: this is no Baseline of nodeport-gate.dev/v1alpha1; make it again with --create-baseline',
  ),
  baseline(
    'numbers',
    '{"apiVersion":"nodeport-gate.dev/v1alpha1","kind":"Baseline","findings":[1]}',
    'base.json: findings: this is no list of texts; make it again with --create-baseline',
  ),
  baseline(
    'no findings',
    '{"apiVersion":"nodeport-gate.dev/v1alpha1","kind":"Baseline"}',
    'base.json: findings: this is no list of texts; make it again with --create-baseline',
  ),
  {
    name: 'a baseline that is not there',
    given: GOOD,
    args: ['--baseline', 'gone.json', 'bad.yaml'],
    gives: complained('gone.json: this is not there; check the path'),
  },
  {
    name: 'a baseline that is a directory',
    given: GOOD,
    args: ['--baseline', '.', 'bad.yaml'],
    gives: complained('.: this is a directory; name a file'),
  },
  {
    name: 'a baseline that never ends',
    given: GOOD,
    args: ['--baseline', '/dev/zero', 'bad.yaml'],
    gives: complained('/dev/zero: this is longer than 64 mebibytes; split it'),
  },
  {
    name: 'a baseline to make where none can be',
    given: GOOD,
    args: ['--create-baseline', 'gone/base.json', 'bad.yaml'],
    gives: complained('gone/base.json: its directory is not there; make it first'),
  },
  {
    name: 'a baseline of what cannot be read',
    given: numbered('"22"'),
    args: ['--create-baseline', 'base.json', 'bad.yaml'],
    gives: {
      ...refused('bad.yaml:9:17: spec.ports[0].nodePort: "22" is a string; write a whole number'),
      complaints: ['base.json: not written, because not everything could be read'],
    },
  },
];
