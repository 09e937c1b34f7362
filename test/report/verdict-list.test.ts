import { describe, expect, it } from 'vitest';
import { verdictList } from '../../src/report/verdict-list.ts';
import { finding, POLICY_HASH, reported } from './reported.ts';

const PATH = ['spec', 'ports', 0, 'nodePort'] as const;

describe('verdictList', () => {
  it('is an empty list for no objects', () => {
    expect(verdictList([], POLICY_HASH)).toEqual({
      apiVersion: 'nodeport-gate.dev/v1alpha1',
      kind: 'VerdictList',
      policy: { hash: POLICY_HASH },
      summary: { objects: 0, allowed: 0, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } },
      items: [],
    });
  });

  it('prints a denial in the order of the documentation', () => {
    const denied = reported('web', {
      findings: [finding()],
      assigned: [
        { port: 'http', protocol: 'TCP', nodePort: 30_104, pool: 'team-a', because: 'hash', path: PATH, key: 'k' },
      ],
      changes: [{ path: PATH, value: 30_104 }],
    });
    expect(JSON.stringify(verdictList([denied], POLICY_HASH), null, 1)).toMatchInlineSnapshot(`
      "{
       "apiVersion": "nodeport-gate.dev/v1alpha1",
       "kind": "VerdictList",
       "policy": {
        "hash": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
       },
       "summary": {
        "objects": 1,
        "allowed": 0,
        "denied": 1,
        "findings": {
         "deny": 1,
         "warn": 0,
         "audit": 0
        }
       },
       "items": [
        {
         "object": {
          "apiVersion": "v1",
          "kind": "Service",
          "namespace": "shop",
          "name": "web"
         },
         "allowed": false,
         "findings": [
          {
           "rule": "node-port-range",
           "enforcement": "deny",
           "field": "spec.ports[0].nodePort",
           "value": 29999,
           "message": "spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142",
           "free": [
            30104,
            30117,
            30142
           ],
           "policies": [
            "default"
           ],
           "docs": "docs/rules/node-port-range.md"
          }
         ],
         "undetermined": [],
         "assigned": [
          {
           "port": "http",
           "protocol": "TCP",
           "nodePort": 30104,
           "pool": "team-a",
           "because": "hash"
          }
         ],
         "patch": [
          {
           "op": "add",
           "path": "/spec/ports/0/nodePort",
           "value": 30104
          }
         ]
        }
       ]
      }"
    `);
  });

  it('shows what weakened a finding, its holder, and counts effective enforcement', () => {
    const holder = {
      namespace: 'erp',
      name: 'gateway',
      nodePort: 30_104,
      protocol: 'TCP',
      port: 'https',
      servicePort: 443,
    };
    const plain = { rule: 'node-port-range', field: 'spec.ports[0].nodePort', message: finding().message };
    const end = { policies: ['default'], docs: 'docs/rules/node-port-range.md' };
    const list = verdictList(
      [
        reported('a', { findings: [finding({ enforcement: 'audit', exception: 'legacy-erp', free: [] })] }),
        reported('b', {
          findings: [finding({ enforcement: 'audit', suppressed: 'because', value: undefined, free: [] })],
        }),
        reported('c', { findings: [finding({ enforcement: 'warn', alreadyThere: true, holder })] }),
      ],
      POLICY_HASH,
    );
    expect(list.summary).toEqual({
      objects: 3,
      allowed: 3,
      denied: 0,
      findings: { deny: 0, warn: 1, audit: 2 },
      excused: 1,
      suppressed: 1,
    });
    expect(list.items.flatMap((item) => item.findings)).toEqual([
      { ...plain, enforcement: 'audit', value: 29_999, exception: 'legacy-erp', ...end },
      { ...plain, enforcement: 'audit', suppressed: 'because', ...end },
      {
        ...plain,
        enforcement: 'warn',
        value: 29_999,
        free: [30_104, 30_117, 30_142],
        holder: { namespace: 'erp', name: 'gateway', port: 'https', protocol: 'TCP', nodePort: 30_104 },
        alreadyThere: true,
        ...end,
      },
    ]);
  });

  it('tells an undetermined rule that denies from one that only warns', () => {
    const unknown = {
      rule: 'node-port-conflict',
      needs: 'inventory',
      message: 'the inventory is not complete',
    } as const;
    const list = verdictList(
      [
        reported('a', { undetermined: [{ ...unknown, enforcement: 'deny', denies: true }] }),
        reported('b', { undetermined: [{ ...unknown, enforcement: 'deny', denies: false }] }),
        reported('c', { undetermined: [{ ...unknown, enforcement: 'audit', denies: false }] }),
      ],
      POLICY_HASH,
    );
    expect(list.items.map(({ allowed, undetermined }) => [allowed, ...undetermined])).toEqual([
      [false, { ...unknown, enforcement: 'deny' }],
      [true, { ...unknown, enforcement: 'warn' }],
      [true, { ...unknown, enforcement: 'audit' }],
    ]);
  });

  it('says why an object was left alone, and passes notices on', () => {
    const list = verdictList(
      [
        reported('a', { judged: false, untouchedBecause: 'no policy matches it' }),
        reported('b', {
          notices: ['exception x ends on 2027-03-31'],
          assigned: [
            {
              port: '80',
              protocol: 'TCP',
              nodePort: 31_999,
              pool: undefined,
              because: 'explicit',
              path: PATH,
              key: 'k',
            },
          ],
        }),
      ],
      POLICY_HASH,
    );
    const empty = { findings: [], undetermined: [], patch: [] };
    const object = { apiVersion: 'v1', kind: 'Service', namespace: 'shop' };
    expect(list.items).toEqual([
      { object: { ...object, name: 'a' }, allowed: true, untouched: 'no policy matches it', assigned: [], ...empty },
      {
        object: { ...object, name: 'b' },
        allowed: true,
        assigned: [{ port: '80', protocol: 'TCP', nodePort: 31_999, because: 'explicit' }],
        notices: ['exception x ends on 2027-03-31'],
        ...empty,
      },
    ]);
  });
});
