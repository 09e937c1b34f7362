import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiled, DEFAULT_PROFILE, NO_MATCH, NO_QUOTA, readable, RESTRICTED } from './readable-policy.ts';

describe('manifests/policies/default.yaml', () => {
  const { policy, warnings } = compiled(readFileSync('manifests/policies/default.yaml', 'utf8'));

  it('compiles without a warning', () => {
    expect(warnings).toEqual([]);
    expect(readable(policy)).toEqual({
      policies: [
        {
          name: 'default',
          match: { ...NO_MATCH, excludeNamespaces: ['kube-system'] },
          maxEnforcement: 'deny',
          undetermined: 'deny',
          allowSuppressions: [],
          rules: RESTRICTED,
        },
      ],
      pools: [
        {
          name: 'shop',
          ports: '30100-30299',
          reserved: '',
          assignable: '30100-30299',
          contact: 'shop-team@example.com',
          criteria: { namespaces: ['shop'], namespaceSelector: undefined },
          serviceTypes: undefined,
          priority: 100,
          assign: true,
          quota: NO_QUOTA,
        },
        {
          name: 'rest',
          ports: '31000-31499',
          reserved: '',
          assignable: '31000-31499',
          contact: 'platform@example.com',
          criteria: { namespaces: ['*'], namespaceSelector: undefined },
          serviceTypes: undefined,
          priority: 1000,
          assign: true,
          quota: NO_QUOTA,
        },
      ],
      exceptions: [
        {
          name: 'legacy-erp',
          rules: ['external-traffic-policy'],
          criteria: { namespaces: ['erp'], namespaceSelector: undefined },
          services: ['erp-gateway'],
          ports: '31443',
          reason: "the vendor's appliance reaches only one of the nodes",
          ticket: 'OPS-123',
          expires: '2099-12-31',
          endsAt: Date.parse('2100-01-01T00:00:00Z'),
        },
      ],
      profile: DEFAULT_PROFILE,
      clusterPorts: '30000-32767',
      unpooledPorts: '30000-30099, 30300-30999, 31500-32767',
      readsNamespaceLabels: false,
    });
  });

  it('explains every line', () => {
    const lines = readFileSync('manifests/policies/default.yaml', 'utf8').split('\n').slice(0, -1);
    const unexplained = lines.filter((line, index) => {
      const frame = /^\s*(#.*|---|metadata:|spec:)?$/.test(line);
      return !frame && !/^\s*#/.test(lines[index - 1] ?? '');
    });
    expect(unexplained).toEqual([]);
  });
});
