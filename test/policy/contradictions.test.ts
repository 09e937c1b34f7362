import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { sha256 } from '../support/policy.ts';

const HEAD = 'apiVersion: nodeport-gate.dev/v1alpha1\n';
const POLICY = `${HEAD}kind: NodePortPolicy\nmetadata: {name: default}\nspec: {preset: baseline}\n`;

function pool(name: string, spec: string): string {
  return `${HEAD}kind: NodePortPool\nmetadata: {name: ${name}}\nspec:\n  ${spec.replaceAll('\n', '\n  ')}\n`;
}

/** Problems when there are any, else warnings; the texts are a.yaml, b.yaml and so on. */
function remarksOn(...texts: readonly string[]): readonly string[] {
  return remarksOnAll([...texts, POLICY]);
}

function remarksOnAll(texts: readonly string[]): readonly string[] {
  const sources = texts.map((text, index) => ({ file: `${'abcdef'.charAt(index)}.yaml`, text }));
  const compiled = compilePolicy(sources, sha256);
  return (
    compiled.ok ? compiled.value.warnings.map((each) => ({ ...each, file: `warning ${each.file}` })) : compiled.problems
  ).map(formatProblem);
}

describe('pools of one priority that share ports', () => {
  const a = pool('team-a', 'ports: ["30100-30199", 30500]\nnamespaces: [a]');

  it('are an error that names the range and both pools', () => {
    expect(remarksOn(a, pool('team-b', 'namespaces: [b]\nports: ["30150-30600"]'))).toEqual([
      'b.yaml:6:3: spec.ports: 30150-30199, 30500 is also in pool team-a (a.yaml:5) with the same priority 1000; give the pools different ports or priorities',
    ]);
  });

  it('are no error with different priorities', () => {
    expect(remarksOn(a, pool('team-b', 'namespaces: [b]\nports: ["30150-30600"]\npriority: 999'))).toEqual([]);
  });

  it('are an error once for each pool, whatever the order of the files', () => {
    const third = pool('team-0', 'namespaces: [c]\nports: [30100]');
    const second = pool('team-b', 'namespaces: [b]\nports: [30100]');
    const message =
      '30100 is also in pool team-0 (c.yaml:6) with the same priority 1000; give the pools different ports or priorities';
    expect(remarksOn(second, a, third)).toEqual([
      `a.yaml:6:3: spec.ports: ${message}`,
      `b.yaml:5:3: spec.ports: ${message}`,
    ]);
  });
});

describe('reserved ports', () => {
  it('lie in their own pool', () => {
    expect(
      remarksOn(
        pool('team-a', 'ports: ["30100-30199", "30200"]\nnamespaces: [a]\nreserved: [30150, "30190-30210", 30300]'),
      ),
    ).toEqual([
      'a.yaml:7:21: spec.reserved[1]: 30201-30210 is outside spec.ports (30100-30200, a.yaml:5) of pool team-a; reserve only ports of the pool',
      'a.yaml:7:36: spec.reserved[2]: 30300 is outside spec.ports (30100-30200, a.yaml:5) of pool team-a; reserve only ports of the pool',
    ]);
  });
});

describe('pools and the range of the cluster', () => {
  const a = pool('team-a', 'ports: ["29990-30199", "32767", 32768]\nnamespaces: [a]');
  const profile = `${HEAD}kind: ClusterProfile\nmetadata: {name: prod}\nspec:\n  dataPlane: cilium\n  serviceNodePortRange: "30000-30100"\n`;

  it('contradict each other without a ClusterProfile, where the default holds', () => {
    const rest =
      "of pool team-a is outside 30000-32767, the cluster's range (serviceNodePortRange, the default without a ClusterProfile); change one of them";
    expect(remarksOn(a)).toEqual([
      `a.yaml:5:11: spec.ports[0]: 29990-29999 ${rest}`,
      `a.yaml:5:35: spec.ports[2]: 32768 ${rest}`,
    ]);
  });

  it('contradict each other with one', () => {
    const rest =
      "of pool team-a is outside 30000-30100, the cluster's range (serviceNodePortRange, ClusterProfile prod at a.yaml:6); change one of them";
    expect(remarksOn(profile, a)).toEqual([
      `b.yaml:5:11: spec.ports[0]: 29990-29999, 30101-30199 ${rest}`,
      `b.yaml:5:26: spec.ports[1]: 32767 ${rest}`,
      `b.yaml:5:35: spec.ports[2]: 32768 ${rest}`,
    ]);
  });

  it('are not compared while the ClusterProfile is wrong', () => {
    expect(remarksOn(profile.replace('30100', '99999'), a)).toEqual([
      'a.yaml:6:25: spec.serviceNodePortRange: "30000-99999" is not allowed; write a range from low to high, as in "30000-32767" (1 to 65535)',
    ]);
  });

  it('are not compared while there are two, which is an error', () => {
    expect(remarksOn(profile, a, profile.replace('prod', 'test'))).toEqual([
      'c.yaml:2:7: kind: a second ClusterProfile beside prod at a.yaml:2; remove one of them',
    ]);
  });
});

describe('policies that fill in different values', () => {
  const policy = (name: string, require: string): string =>
    `${HEAD}kind: NodePortPolicy\nmetadata: {name: ${name}}\nspec:\n  rules:\n    external-traffic-policy: {set: true, require: ${require}}\n`;

  it('are an error that names both', () => {
    expect(remarksOn(policy('one', 'Local'), policy('two', 'Cluster'))).toEqual([
      'b.yaml:6:5: spec.rules.external-traffic-policy: sets spec.externalTrafficPolicy to Cluster, but policy one (a.yaml:6) sets it to Local; make them agree',
    ]);
  });

  it('are none with the same value, or where one only demands', () => {
    expect(remarksOn(policy('one', 'Local'), policy('two', 'Local'))).toEqual([]);
    expect(remarksOn(policy('one', 'Local'), policy('two', 'Cluster').replace('true', 'false'))).toEqual([]);
  });
});

describe('pools of one priority that may have the same owners', () => {
  const a = (spec: string): string => pool('a', `ports: [30001]\n${spec}`);
  const b = (spec: string): string => pool('b', `ports: [30002]\n${spec}`);

  it('are a warning that says which comes first', () => {
    expect(remarksOn(b('namespaces: [shop]'), a('namespaces: ["*"]\npriority: 1000'))).toEqual([
      'warning a.yaml:4:1: spec.priority: pools a (b.yaml:4) and b may have the same owners and have the same priority 1000, resolved by name: a before b; give them different priorities',
    ]);
    expect(remarksOn(a('namespaces: ["*"]'), b('namespaces: [shop]\npriority: 1000'))).toEqual([
      'warning b.yaml:7:3: spec.priority: pools a (a.yaml:4) and b may have the same owners and have the same priority 1000, resolved by name: a before b; give them different priorities',
    ]);
  });

  it.each<[why: string, a: string, b: string, warned: boolean]>([
    ['different names', 'namespaces: [shop]', 'namespaces: [erp, web]', false],
    ['a name in both', 'namespaces: [shop, erp]', 'namespaces: [erp, web]', true],
    ['a name and a glob that matches it', 'namespaces: [shop]', 'namespaces: ["sh*"]', true],
    ['a name and a glob that does not', 'namespaces: ["sh*p-*"]', 'namespaces: [shop]', false],
    ['globs with different beginnings', 'namespaces: ["team-a-*"]', 'namespaces: ["team-b-*"]', false],
    ['globs with different ends', 'namespaces: ["*-test"]', 'namespaces: ["*-prod"]', false],
    ['globs that may meet', 'namespaces: ["team-*"]', 'namespaces: ["*-prod"]', true],
    ['globs of which one begins like the other', 'namespaces: ["team-*"]', 'namespaces: ["team-a-*"]', true],
    ['a selector and a name', 'namespaceSelector: {matchLabels: {a: b}}', 'namespaces: [shop]', true],
    ['two selectors', 'namespaceSelector: {matchLabels: {a: b}}', 'namespaceSelector: {matchLabels: {a: c}}', true],
    [
      'selectors beside different names',
      'namespaces: [x]\nnamespaceSelector: {matchLabels: {a: b}}',
      'namespaces: [y]\nnamespaceSelector: {matchLabels: {a: b}}',
      false,
    ],
    ['different priorities', 'namespaces: [shop]\npriority: 1', 'namespaces: [shop]', false],
    [
      'different types',
      'namespaces: [x]\nserviceTypes: [NodePort]',
      'namespaces: [x]\nserviceTypes: [LoadBalancer]',
      false,
    ],
    ['one type and all', 'namespaces: [x]\nserviceTypes: [NodePort]', 'namespaces: [x]', true],
    ['all types and one', 'namespaces: [x]', 'namespaces: [x]\nserviceTypes: [NodePort]', true],
  ])('%s', (_, first, second, warned) => {
    expect(remarksOn(a(first), b(second)).length > 0).toBe(warned);
  });
});

describe('other warnings', () => {
  it('say that a quota is not enforced, where no policy turns the rule on', () => {
    const withQuota = pool('a', 'ports: [30001]\nnamespaces: [a]\nquota: {perNamespace: 20}');
    const lax = `${HEAD}kind: NodePortPolicy\nmetadata: {name: lax}\nspec: {rules: {node-port-range: {}}}\n`;
    expect(remarksOnAll([withQuota, lax])).toEqual([
      'warning a.yaml:7:3: spec.quota: quota is not enforced, because no policy turns node-port-quota on; list it under rules, or set a preset',
    ]);
    expect(remarksOnAll([withQuota, lax, POLICY])).toEqual([]);
    expect(remarksOnAll([pool('a', 'ports: [30001]\nnamespaces: [a]\nquota: {}'), lax])).toEqual([]);
  });

  it('say that a policy does nothing', () => {
    expect(remarksOn(`${HEAD}kind: NodePortPolicy\nmetadata: {name: idle}\nspec: {rules: {protocols: off}}\n`)).toEqual(
      ['warning a.yaml:4:1: spec: policy idle turns no rule on; set a preset or list rules'],
    );
  });
});
