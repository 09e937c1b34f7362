import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditHuman } from '../../src/report/audit-human.ts';
import { auditReport, fullAudit, mappedPort, mappedService } from './audit-reports.ts';
import { hostileAudit } from './hostile-audits.ts';
import { finding, reported } from './reported.ts';
import type { ReportStyle } from '../../src/report/report-style.ts';

const PLAIN: ReportStyle = { color: false, failOn: 'deny', program: 'nodeport-gate', flags: ['-p', 'policy.yaml'] };

describe('auditHuman', () => {
  it('shows what is wrong, what only a cluster shows, what would change, and the counts', () => {
    expect(auditHuman(fullAudit(), PLAIN)).toMatchInlineSnapshot(`
      "  shop/web: denied
          deny  spec.ports[0].nodePort: 30104 is held by erp/gateway (port https), pool shop; use 30117 or 30142  [node-port-conflict]
          warn  nobody knows  [local-endpoints]

        shop/warned: allowed
          warn  metadata: missing  [source-cidrs]

        shop/soon: allowed
          note  exception legacy-erp ends on 2026-12-01; renew it or change the Service

      held by several Services: 1 number
        30104  erp/gateway (https/TCP), shop/web (http/TCP)

      could be taken over by a change of type: 1 number
        30104/TCP  lab/bait (80), ExternalName  would take it from erp/gateway (https/TCP), shop/web (http/TCP)

      carried by Services that do not open them: 1 number
        30500/TCP  lab/idle (80), ClusterIP

      outside 30000-32767, which the API server does not allocate: 1 port
        8080/TCP  ops/old (http)

      taken by pods on their nodes, inside the range: 2 ports
        30110/TCP  DaemonSet ops/proxy  hostPort of 12 pods  also the node port of shop/lb
        30999/UDP  Pod ops/probe-1      hostNetwork

      open to the world: 2 ports
        30104/TCP  shop/web (http)  nothing says who may connect
        30110/TCP  shop/lb (443)    spec.loadBalancerSourceRanges: 0.0.0.0/0

      outside every pool: 2 ports
        8080/TCP   ops/old (http)
        30300/UDP  ops/dns (dns)

      open on every node, beside the address of a load balancer: 1 port
        30110/TCP  shop/lb (443)

      health checks, which kubectl get services does not show: 1 port
        30111/TCP  shop/lb (health check)

      Local, with nodes that do not answer: 2 Services
        shop/dead  0 of 1 node answer; silent: n1
        shop/lb    2 of 6 nodes answer: n1, n2; silent: n3, n4, n5, and 1 more

      pools by fullness: 2 pools
        late  75 %  3 of 4 held     1 free, not assigned  30200, 30202, 30204, and 1 more
        shop  41 %  41 of 100 held  59 free               30100-30199                      shop@example.com

      with policy sha256:fedcba987654 instead: 4 of 4 objects would change
        2 could not be created again as they are (stranded)
          erp/gateway
            deny  spec.ports[0].nodePort: 30104 is outside 30000-30099; use 30017  [node-port-range]
          ops/old, nor updated
            deny  a  [protocols]
            deny  b  [protocols]
            deny  c  [protocols]
            and 1 more
        1 could be created again (freed)
          shop/web
        findings that it adds
          protocols        4 deny
          node-port-range  1 deny
          host-port        1 warn
          source-cidrs     1 warn
        findings that it takes away
          node-port-conflict  1 deny

      could not be read
          stdin:2:7  error  Pod shop/web-1 cannot be read: spec: must be a mapping

      not known: namespaces; what depends on them is left out
      4 objects: 3 allowed, 1 denied; 7 other objects skipped; 1 to fix (deny); 1 warning; 1 undetermined; 1 only recorded (1 excused); 1 problem with the input
      failed: not everything could be read, so this is not the whole answer; see "could not be read"
      "
    `);
  });

  it('is coloured for terminals, and nothing else changes', () => {
    const coloured = auditHuman(fullAudit(), { ...PLAIN, color: true });
    expect(coloured.replaceAll(/\u001b\[[\d;]+m/g, '')).toBe(auditHuman(fullAudit(), PLAIN));
    expect(coloured).toContain('\u001b[1mopen to the world\u001b[0m: 2 ports');
  });

  it.each([
    [['::/0'], 'metadata.x: ::/0'],
    [['10.0.0.0/8', '::/0'], 'metadata.x: 10.0.0.0/8, ::/0'],
    [['', ''], 'metadata.x names no network'],
    [['##[group]', '\u001b[31m'], String.raw`metadata.x: #\u0023[group], \u001b[31m`],
  ])('says of networks %j what stands there', (networks, text) => {
    const ports = [mappedPort({ marks: ['open-to-world'] })];
    const services = [mappedService({ sources: { field: 'metadata.x', networks } })];
    expect(auditHuman(auditReport([], { ports, services }), PLAIN).split('\n')[1]).toBe(
      `  30104/TCP  shop/web (http)  ${text}`,
    );
  });

  it('says little where there is little to say, and the cluster does not change the verdict', () => {
    const ports = [mappedPort({ marks: ['shared'] }), mappedPort({ name: 'other', marks: ['shared'] })];
    expect(auditHuman(auditReport([reported('web', {})], { ports }), PLAIN)).toBe(
      [
        'held by several Services: 1 number',
        '  30104  shop/web (http/TCP), shop/other (http/TCP)',
        '',
        '1 object: 1 allowed, 0 denied; 7 other objects skipped',
        'allowed by policy sha256:0123456789ab',
        '',
      ].join('\n'),
    );
  });

  it('shows what is only recorded where there is nothing else', () => {
    const items = [reported('web', { findings: [finding({ enforcement: 'audit', exception: 'legacy-erp' })] })];
    expect(auditHuman(auditReport(items), PLAIN).split('\n').slice(0, 3)).toEqual([
      '  shop/web: allowed',
      `    audit  ${finding().message}  [node-port-range]`,
      '        excused by exception legacy-erp',
    ]);
  });

  it('shows the beginning of long lists, those that deny first, and how to see the rest', () => {
    const warned = Array.from({ length: 21 }, (_, index) =>
      reported(`w${index}`, { findings: [finding({ enforcement: 'warn', rule: 'protocols', message: 'odd' })] }),
    );
    const ports = Array.from({ length: 12 }, (_, index) =>
      mappedPort({ nodePort: 30_000 + index, marks: ['open-to-world'] }),
    );
    const report = auditReport([...warned, reported('last', { findings: [finding()] })], { ports });
    const blocks = auditHuman(report, PLAIN).split('\n\n');
    expect(blocks).toEqual([
      `  shop/last: denied\n    deny  ${finding().message}  [node-port-range]`,
      ...Array.from({ length: 19 }, (_, index) => `  shop/w${index}: allowed\n    warn  odd  [protocols]`),
      'and 2 more; all findings by rule\n  node-port-range  1 deny\n  protocols        21 warn',
      [
        'open to the world: 12 ports',
        ...Array.from(
          { length: 10 },
          (_, index) => `  ${30_000 + index}/TCP  shop/web (http)  nothing says who may connect`,
        ),
        '  and 2 more',
      ].join('\n'),
      [
        'shortened; -o csv has every port, -o json every finding',
        '22 objects: 21 allowed, 1 denied; 7 other objects skipped; 1 to fix (deny); 21 warnings',
        'denied by policy sha256:0123456789ab; fix what is marked deny',
        '',
      ].join('\n'),
    ]);
  });

  it('says that another policy would change nothing', () => {
    const comparison = {
      policy: { hash: 'sha256:fedcba9876543210' },
      summary: { objects: 3, stranded: 0, freed: 0, changed: 0 },
      items: [],
    };
    expect(auditHuman(auditReport([], {}, { comparison }), PLAIN).split('\n')[0]).toBe(
      'with policy sha256:fedcba987654 instead: nothing would change',
    );
  });

  it('lets nothing forge a line, move the cursor or give orders to CI', () => {
    fc.assert(
      fc.property(hostileAudit, (report) => {
        const lines = auditHuman(report, PLAIN).split('\n');
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\ud800-\udfff]/u);
        expect(lines.filter((line) => /^\s*::|##[\w-]*\[/.test(line))).toEqual([]);
      }),
    );
  });
});
