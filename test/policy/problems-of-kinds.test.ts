import { describe, expect, it } from 'vitest';
import { problemsIn } from './problems-of.ts';

const policySpec = (spec: string): readonly string[] =>
  problemsIn('NodePortPolicy', `metadata: {name: p}\nspec:\n${spec}`);
const poolSpec = (spec: string): readonly string[] => problemsIn('NodePortPool', `metadata: {name: p}\nspec:\n${spec}`);
const exceptionSpec = (spec: string): readonly string[] =>
  problemsIn('NodePortException', `metadata: {name: p}\nspec:\n${spec}`);

describe('a NodePortPolicy', () => {
  it.each<[why: string, spec: string, problems: readonly string[]]>([
    [
      'empty lists',
      '  match: {namespaces: [], serviceTypes: [], excludeUsers: []}',
      ['23: spec.match.namespaces', '41: spec.match.serviceTypes', '59: spec.match.excludeUsers'].map(
        (place) => `a.yaml:5:${place}: [] is not allowed; leave the key out to mean everything, or list at least one`,
      ),
    ],
    [
      'globs of another kind',
      '  match: {namespaces: ["team-?", "*", "Team"]}',
      ['24: spec.match.namespaces[0]: "team-?"', '39: spec.match.namespaces[2]: "Team"'].map(
        (start) =>
          `a.yaml:5:${start} is not allowed; write a name in lower-case letters, digits and -, where * stands for any part of it`,
      ),
    ],
    [
      'selectors',
      [
        '  match:',
        '    serviceTypes: [nodePort]',
        '    namespaceSelector:',
        '      matchLabels: {tier: 1, "a b": c, ok: "x y"}',
        '      matchExpressions:',
        '        - {key: a, operator: In}',
        '        - {key: a, operator: Exists, values: [b]}',
        '        - {key: a, operator: NotIn, values: []}',
        '        - {key: a, operator: in, values: [b]}',
        '        - {operator: Exists}',
        '    serviceSelector: {matchExpressions: []}',
      ].join('\n'),
      [
        'a.yaml:6:20: spec.match.serviceTypes[0]: "nodePort" is not allowed; use NodePort, LoadBalancer, ClusterIP or ExternalName',
        'a.yaml:8:27: spec.match.namespaceSelector.matchLabels.tier: 1 is a number; write text, in quotes',
        'a.yaml:8:30: spec.match.namespaceSelector.matchLabels[a b]: "a b" is not allowed; write a label key, as in tier or example.com/tier',
        'a.yaml:8:44: spec.match.namespaceSelector.matchLabels.ok: "x y" is not allowed; write a label value: at most 63 letters, digits, -, _ and .',
        'a.yaml:10:11: spec.match.namespaceSelector.matchExpressions[0].values: is missing; In needs a list of values',
        'a.yaml:11:46: spec.match.namespaceSelector.matchExpressions[1].values: Exists takes none; remove the key',
        'a.yaml:12:45: spec.match.namespaceSelector.matchExpressions[2].values: [] is not allowed; leave the key out to mean everything, or list at least one',
        'a.yaml:13:30: spec.match.namespaceSelector.matchExpressions[3].operator: "in" is not allowed; use In, NotIn, Exists or DoesNotExist',
        'a.yaml:14:11: spec.match.namespaceSelector.matchExpressions[4].key: is missing; write text',
        'a.yaml:15:41: spec.match.serviceSelector.matchExpressions: [] is not allowed; leave the key out to mean everything, or list at least one',
      ],
    ],
    [
      'levels',
      '  maxEnforcement: block\n  undetermined: audit',
      [
        'a.yaml:5:19: spec.maxEnforcement: "block" is not allowed; use deny, warn or audit',
        'a.yaml:6:17: spec.undetermined: "audit" is not allowed; use deny or warn',
      ],
    ],
    [
      'rules that are no mapping',
      '  rules: [external-traffic-policy]',
      ['a.yaml:5:10: spec.rules: is a list; write a mapping'],
    ],
    [
      'entries that are no mapping',
      '  rules:\n    external-traffic-policy:\n    protocols: false\n    service-type: [NodePort]',
      ['6:5: spec.rules.external-traffic-policy', '7:16: spec.rules.protocols', '8:19: spec.rules.service-type'].map(
        (place) => `a.yaml:${place}: is neither a mapping of options nor off; write {} for the defaults`,
      ),
    ],
    [
      'a missing option, an unknown one and a level that is none',
      '  rules:\n    protocols: {}\n    service-type: {allow: [NodePort], enforcement: error}',
      [
        'a.yaml:6:5: spec.rules.protocols.allowed: is missing; write a list',
        'a.yaml:7:5: spec.rules.service-type.allowed: is missing; write a list',
        'a.yaml:7:20: spec.rules.service-type.allow: is unknown; did you mean allowed?',
        'a.yaml:7:52: spec.rules.service-type.enforcement: "error" is not allowed; use deny, warn or audit',
      ],
    ],
    [
      'weakening what cannot be weakened',
      '  preset: baseline\n  rules:\n    external-name-node-port: {enforcement: warn}',
      ['a.yaml:7:44: spec.rules.external-name-node-port.enforcement: "warn" is not allowed; use deny'],
    ],
    [
      'switching off what cannot be switched off',
      '  preset: baseline\n  rules:\n    external-name-node-port: off',
      [
        'a.yaml:7:30: spec.rules.external-name-node-port: cannot be switched off under this preset, it closes a hole of Kubernetes itself; remove the line',
      ],
    ],
    [
      'suppressions that cannot be allowed',
      '  preset: baseline\n  allowSuppressions: [node-port-range, external-name-node-port, source-cidr, 5]',
      [
        'a.yaml:6:23: spec.allowSuppressions[0]: node-port-range guards what belongs to others; remove it, use a NodePortException',
        'a.yaml:6:40: spec.allowSuppressions[1]: external-name-node-port closes a hole of Kubernetes itself; remove it',
        'a.yaml:6:65: spec.allowSuppressions[2]: "source-cidr" is not allowed; did you mean source-cidrs?',
        'a.yaml:6:78: spec.allowSuppressions[3]: 5 is not allowed; use api-server-rejects, ephemeral-range, explicit-node-port, external-ips, external-traffic-policy, host-port, load-balancer-node-ports, local-endpoints, node-port-quota, null-node-port, protocols, required-annotations, service-type, shared-port-number or source-cidrs',
      ],
    ],
  ])('%s', (_, spec, problems) => {
    expect(policySpec(spec)).toEqual(problems);
  });
});

describe('a NodePortPool', () => {
  const form = 'write a port, as in 30080, or a range from low to high, as in "30000-32767" (1 to 65535)';
  it.each<[why: string, spec: string, problems: readonly string[]]>([
    [
      'nothing in it',
      '  contact: a',
      [
        'a.yaml:4:1: spec.ports: is missing; write a list',
        'a.yaml:4:1: spec.namespaces: is missing; list names (globs), or give a namespaceSelector',
      ],
    ],
    [
      'ports that are none',
      '  ports: ["30199-30100", 70000, "http", "30000-", "-1", 30000.5, ""]\n  namespaces: [a]',
      [
        `a.yaml:5:11: spec.ports[0]: "30199-30100" is not allowed; ${form}`,
        `a.yaml:5:26: spec.ports[1]: 70000 is not allowed; ${form}`,
        `a.yaml:5:33: spec.ports[2]: "http" is not allowed; ${form}`,
        `a.yaml:5:41: spec.ports[3]: "30000-" is not allowed; ${form}`,
        `a.yaml:5:51: spec.ports[4]: "-1" is not allowed; ${form}`,
        `a.yaml:5:57: spec.ports[5]: 30000.5 is not allowed; ${form}`,
        `a.yaml:5:66: spec.ports[6]: "" is not allowed; ${form}`,
      ],
    ],
    [
      'other values',
      [
        '  ports: [30000]',
        '  namespaceSelector: {}',
        '  contact: "a\\nb"',
        '  priority: -1',
        '  assign: yes',
        '  quota: {perNamespace: 0, perPod: 1}',
        '  serviceTypes: []',
        '  reserved: []',
      ].join('\n'),
      [
        'a.yaml:7:12: spec.contact: "a\\u000ab" is not allowed; write it in one line, without control characters',
        'a.yaml:8:13: spec.priority: -1 is not allowed; use at least 0',
        'a.yaml:9:11: spec.assign: "yes" is text; write true or false',
        'a.yaml:10:25: spec.quota.perNamespace: 0 is not allowed; use at least 1',
        'a.yaml:10:28: spec.quota.perPod: is unknown; use perNamespace or perService',
        'a.yaml:11:17: spec.serviceTypes: [] is not allowed; leave the key out to mean everything, or list at least one',
        'a.yaml:12:13: spec.reserved: [] is not allowed; list at least one port or range',
      ],
    ],
    [
      'numbers that are none',
      '  ports: [30000]\n  namespaces: [a]\n  priority: 1.5',
      ['a.yaml:7:13: spec.priority: 1.5 is not a whole number; write a whole number'],
    ],
    [
      'more than a number can be',
      '  ports: [30000]\n  namespaces: [a]\n  priority: .inf',
      ['a.yaml:7:13: spec.priority: Infinity is endless; write a number'],
    ],
  ])('%s', (_, spec, problems) => {
    expect(poolSpec(spec)).toEqual(problems);
  });

  it('without a spec misses only that', () => {
    expect(problemsIn('NodePortPool', 'metadata: {name: p}')).toEqual([
      'a.yaml:1:1: spec: is missing; write a mapping',
    ]);
  });
});

describe('a NodePortException', () => {
  const rest = '  namespaces: [a]\n  reason: b\n';
  const day = 'write the last day on which it holds, as in 2027-03-31';
  it.each<[why: string, spec: string, problems: readonly string[]]>([
    [
      'nothing in it',
      '  ticket: a',
      [
        'a.yaml:4:1: spec.rules: is missing; write a list',
        'a.yaml:4:1: spec.reason: is missing; write text',
        'a.yaml:4:1: spec.expires: is missing; write text',
        'a.yaml:4:1: spec.namespaces: is missing; list names (globs), or give a namespaceSelector',
      ],
    ],
    [
      'rules',
      `${rest}  expires: 2027-03-31\n  ports: [30000]\n  rules: [external-name-node-port, source-cidr]`,
      [
        'a.yaml:9:11: spec.rules[0]: external-name-node-port closes a hole of Kubernetes itself and knows no exceptions; remove it',
        'a.yaml:9:36: spec.rules[1]: "source-cidr" is not allowed; did you mean source-cidrs?',
      ],
    ],
    [
      'no ports where others own them, and more',
      `${rest}  expires: 2027-03-31\n  rules: [source-cidrs, node-port-reserved]\n  service: [a]`,
      [
        'a.yaml:4:1: spec.ports: is missing; an exception from node-port-reserved has to list its ports',
        'a.yaml:9:3: spec.service: is unknown; did you mean services?',
      ],
    ],
    [
      'a day that does not exist',
      `${rest}  expires: 2027-02-30\n  rules: [source-cidrs]`,
      [`a.yaml:7:12: spec.expires: 2027-02-30 is not in the calendar; ${day}`],
    ],
    [
      'a month that does not exist',
      `${rest}  expires: "2027-13-01"\n  rules: [source-cidrs]`,
      [`a.yaml:7:12: spec.expires: 2027-13-01 is not in the calendar; ${day}`],
    ],
    [
      'a time',
      `${rest}  expires: 2027-03-31T12:00:00Z\n  rules: [source-cidrs]`,
      [`a.yaml:7:12: spec.expires: "2027-03-31T12:00:00Z" is not allowed; ${day}`],
    ],
    [
      'no reason',
      '  namespaces: [a]\n  reason: " "\n  expires: 2028-02-29\n  rules: []',
      [
        'a.yaml:6:11: spec.reason: " " is not allowed; write why the rule has to be broken',
        'a.yaml:8:10: spec.rules: [] is not allowed; name at least one rule',
      ],
    ],
  ])('%s', (_, spec, problems) => {
    expect(exceptionSpec(spec)).toEqual(problems);
  });
});

describe('a ClusterProfile', () => {
  it('has ranges and networks', () => {
    expect(
      problemsIn(
        'ClusterProfile',
        [
          'metadata: {name: c}',
          'spec:',
          '  serviceNodePortRange: 32767-30000',
          '  ephemeralPortRange: [32768]',
          '  podCIDRs: [10.244.0.1/16, 10.0.0.0]',
          '  nodeCIDRs: 10.0.0.0/8',
          '  dataPlane: ebpf',
        ].join('\n'),
      ),
    ).toEqual([
      'a.yaml:5:25: spec.serviceNodePortRange: "32767-30000" is not allowed; write a range from low to high, as in "30000-32767" (1 to 65535)',
      'a.yaml:6:23: spec.ephemeralPortRange: is a list; write text',
      'a.yaml:7:14: spec.podCIDRs[0]: "10.244.0.1/16" has bits set beyond the prefix; write 10.244.0.0/16',
      'a.yaml:7:29: spec.podCIDRs[1]: "10.0.0.0" has no prefix length; write 10.0.0.0/32 for this one address',
      'a.yaml:8:14: spec.nodeCIDRs: "10.0.0.0/8" is text; write a list',
      'a.yaml:9:14: spec.dataPlane: "ebpf" is not allowed; use kube-proxy, cilium, calico, calico-ebpf, antrea, kube-router, ovn-kubernetes or other',
    ]);
  });
});
