import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { sha256 } from '../support/policy.ts';

const POLICY =
  'apiVersion: nodeport-gate.dev/v1alpha1\nkind: NodePortPolicy\nmetadata: {name: a}\nspec:\n  preset: baseline\n';

function problemsOf(text: string): readonly string[] {
  const compiled = compilePolicy([{ file: 'p.yaml', text }], sha256);
  return compiled.ok ? [] : compiled.problems.map(formatProblem);
}

describe('hostile documents', () => {
  it.each<[why: string, text: string, problems: readonly string[]]>([
    [
      'a prototype as a rule',
      `${POLICY}  rules:\n    __proto__: {enforcement: deny}\n`,
      ['p.yaml:7:5: spec.rules: "__proto__" is no key of any document; remove it'],
    ],
    [
      'names of what every object has',
      `${POLICY}  rules: {constructor: {}, toString: off}\n  hasOwnProperty: 1\n`,
      [
        ...['11: spec.rules.constructor', '28: spec.rules.toString'].map(
          (place) =>
            `p.yaml:6:${place}: is no rule; use api-server-rejects, ephemeral-range, explicit-node-port, external-ips, external-name-node-port, external-traffic-policy, host-port, load-balancer-node-ports, local-endpoints, node-port-conflict, node-port-pool, node-port-quota, node-port-range, node-port-reserved, null-node-port, protocols, required-annotations, service-type, shared-port-number or source-cidrs`,
        ),
        'p.yaml:7:3: spec.hasOwnProperty: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
      ],
    ],
    [
      'depth',
      `${POLICY}  rules: ${'{a: '.repeat(3000)}`,
      ['p.yaml:6:402: is nested deeper than 100 levels; no document needs that'],
    ],
    [
      'depth below the limit',
      `${POLICY}  match: ${'['.repeat(90)}${']'.repeat(90)}\n`,
      ['p.yaml:6:10: spec.match: is a list; write a mapping'],
    ],
    [
      'text that would rule a terminal',
      `${POLICY}  preset\u202E: 1\n  "\\e[31m": ${'x'.repeat(10)}\n  maxEnforcement: "\\n[31m${'y'.repeat(100)}"\n`,
      [
        'p.yaml:6:3: spec[preset\\u202e]: is unknown; did you mean preset?',
        'p.yaml:7:3: spec[\\u001b[31m]: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
        `p.yaml:8:19: spec.maxEnforcement: "\\u000a[31m${'y'.repeat(53)}…" is not allowed; use deny, warn or audit`,
      ],
    ],
    [
      'five megabytes',
      `${POLICY}  rules: {${'a: {}, '.repeat(750_000)}}`,
      ['p.yaml:1:1: 5250116 characters are too many; split the file, one may have 1048576'],
    ],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
    expect(({} as Record<string, unknown>)['enforcement']).toBeUndefined();
  });

  it('a key of half a megabyte', () => {
    expect(problemsOf(`${POLICY}  ? ${'k'.repeat(500_000)}\n  : 1\n`)).toEqual([
      `p.yaml:6:5: spec[${'k'.repeat(63)}…]: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions`,
    ]);
  });

  it('sixty thousand unknown keys, each with its line', () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `  u${index}: 1`);
    const problems = problemsOf(`${POLICY}${keys.join('\n')}\n`);
    expect(problems.length).toBe(60_000);
    expect(problems.at(-1)).toBe(
      'p.yaml:60005:3: spec.u59999: is unknown; use match, preset, maxEnforcement, undetermined, rules or allowSuppressions',
    );
  });

  it('a thousand pools', () => {
    const pools = Array.from({ length: 1000 }, (_, index) =>
      [
        '---',
        POLICY.split('\n')[0],
        'kind: NodePortPool',
        `metadata: {name: p${index}}`,
        `spec: {ports: [${30000 + index}], namespaces: [n${index}]}`,
      ].join('\n'),
    );
    const compiled = compilePolicy([{ file: 'p.yaml', text: `${POLICY}${pools.join('\n')}` }], sha256);
    expect(compiled.ok && compiled.value.warnings).toEqual([]);
  });
});
