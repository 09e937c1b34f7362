import { describe, expect, it } from 'vitest';
import type { Because } from '../../src/domain/verdict.ts';
import { verdictText } from '../../src/report/text.ts';
import { type ReportItem, verdictList } from '../../src/report/verdict-list.ts';
import { finding, POLICY_HASH, reported } from './reported.ts';

function textOf(...items: readonly ReportItem[]): string {
  return verdictText(verdictList(items, POLICY_HASH));
}

function assigned(port: string, nodePort: number, pool: string | undefined, because: Because) {
  return { port, protocol: 'TCP', nodePort, pool, because, path: ['spec', 'ports', 0, 'nodePort'], key: 'k' };
}

describe('verdictText', () => {
  it('tells a developer what is wrong and what to do', () => {
    const text = textOf(
      reported('web', {
        findings: [
          finding({
            enforcement: 'audit',
            rule: 'protocols',
            message: 'spec.ports[1].protocol: SCTP is not allowed; use TCP',
            exception: 'legacy-erp',
          }),
          finding({
            enforcement: 'warn',
            rule: 'external-traffic-policy',
            message: 'spec.externalTrafficPolicy: Cluster hides the client; use Local',
            alreadyThere: true,
          }),
          finding(),
        ],
        assigned: [assigned('http', 30_104, 'shop', 'hash')],
        changes: [
          { path: ['spec', 'ports', 0, 'nodePort'], value: 30_104 },
          { path: ['spec', 'externalTrafficPolicy'], value: 'Local' },
        ],
      }),
    );
    expect(text).toMatchInlineSnapshot(`
      "shop/web: denied
        deny   spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142  [node-port-range]
        warn   spec.externalTrafficPolicy: Cluster hides the client; use Local  [external-traffic-policy]
               it was like this before the change, so it does not deny
        audit  spec.ports[1].protocol: SCTP is not allowed; use TCP  [protocols]
               excused by exception legacy-erp
        port   http/TCP 30104 from pool shop (chosen by the hash of its name: the same again, as long as it is free)
        set    spec.externalTrafficPolicy to Local

      1 object: 0 allowed, 1 denied; 1 to fix (deny); 1 warning; 1 only recorded (audit)
      what is denied would be refused; fix the lines marked deny and try again
      policy sha256:0123456789ab
      "
    `);
  });

  it('is short when all is well, and says what was left alone and why', () => {
    const deployment = reported('db', { judged: false, untouchedBecause: 'apps/v1 Deployment is no v1 Service' });
    expect(
      textOf(reported('web', {}), reported('kube', { judged: false, untouchedBecause: 'no policy matches it' }), {
        ...deployment,
        object: { ...deployment.object, apiVersion: 'apps/v1', kind: 'Deployment' },
      }),
    ).toMatchInlineSnapshot(`
      "shop/web: allowed

      shop/kube: allowed (no policy matches it)

      Deployment shop/db: allowed (apps/v1 Deployment is no v1 Service)

      3 objects: 3 allowed, 0 denied
      policy sha256:0123456789ab
      "
    `);
  });

  it('gives every port with its reason', () => {
    expect(
      textOf(
        reported('web', {
          assigned: [
            assigned('a', 30_101, 'shop', 'kept'),
            assigned('b', 31_999, undefined, 'explicit'),
            assigned('c', 30_103, 'shop', 'hash'),
            assigned('d', 30_104, 'shop', 'hash, inventory incomplete'),
            assigned('e', 30_105, 'shop', 'reservation'),
            assigned('80', 30_106, 'rest', 'api-server'),
            assigned('healthCheck', 30_107, 'shop', 'hash'),
          ],
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/web: allowed
        port   a/TCP 30101 in pool shop (it has this number already)
        port   b/TCP 31999 (as the manifest says)
        port   c/TCP 30103 from pool shop (chosen by the hash of its name: the same again, as long as it is free)
        port   d/TCP 30104 from pool shop (chosen by the hash of its name, but not all Services are known yet, so it may still be taken)
        port   e/TCP 30105 from pool shop (given to it a moment ago)
        port   80/TCP 30106 in pool rest (picked by the API server)
        port   health check/TCP 30107 from pool shop (chosen by the hash of its name: the same again, as long as it is free)

      1 object: 1 allowed, 0 denied
      policy sha256:0123456789ab
      "
    `);
  });

  it('shows what could not be known, suppressions and notices', () => {
    const unknown = {
      needs: 'inventory',
      message: 'the Services of the cluster are not all known; try again',
    } as const;
    expect(
      textOf(
        reported('web', {
          findings: [finding({ enforcement: 'audit', suppressed: 'agreed with\nnetwork team' })],
          undetermined: [
            { ...unknown, rule: 'node-port-conflict', enforcement: 'deny', denies: true },
            { ...unknown, rule: 'node-port-pool', enforcement: 'deny', denies: false },
          ],
          notices: ['exception legacy-erp ends on 2027-03-31; renew it or change the Service'],
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/web: denied
        deny   the Services of the cluster are not all known; try again  [node-port-conflict]
        warn   the Services of the cluster are not all known; try again  [node-port-pool]
        audit  spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142  [node-port-range]
               suppressed by its own annotation: agreed with\\u000anetwork team
        note   exception legacy-erp ends on 2027-03-31; renew it or change the Service

      1 object: 0 allowed, 1 denied; 1 only recorded (audit)
      what is denied would be refused; fix the lines marked deny and try again
      policy sha256:0123456789ab
      "
    `);
  });

  it('lets no name or message forge a line or colour the terminal', () => {
    const hostile = reported('x\n\u001b[32mshop/y: allowed', {
      findings: [finding({ message: 'spec.type: "a\r\nshop/z: allowed\u202e" is wrong; use b' })],
      assigned: [assigned('p\u001b[2J', 30_104, 'shop', 'hash')],
    });
    expect(textOf(hostile)).toMatchInlineSnapshot(`
      "shop/x\\u000a\\u001b[32mshop/y: allowed: denied
        deny   spec.type: "a\\u000d\\u000ashop/z: allowed\\u202e" is wrong; use b  [node-port-range]
        port   p\\u001b[2J/TCP 30104 from pool shop (chosen by the hash of its name: the same again, as long as it is free)

      1 object: 0 allowed, 1 denied; 1 to fix (deny)
      what is denied would be refused; fix the lines marked deny and try again
      policy sha256:0123456789ab
      "
    `);
  });

  it('has only a summary for nothing', () => {
    expect(textOf()).toBe('0 objects: 0 allowed, 0 denied\npolicy sha256:0123456789ab\n');
  });
});
