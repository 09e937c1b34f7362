import { describe, expect, it } from 'vitest';
import { fixedView } from '../../src/cluster/cluster-view.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { type Gate } from '../../src/server/gate.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { makeOperationsApp } from '../../src/server/operations.ts';
import { openGate } from '../support/open-gate.ts';
import { serviceOf } from '../support/manifest.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

const policy = policyOf(policyDocument({ 'node-port-range': {} }));

function gateWith(loaded: Policy | undefined, policyProblems: readonly string[] = []): Gate {
  const certificateEnd = new Date('2027-11-21T12:00:00.900Z');
  return openGate({ policy: loaded, policyProblems, certificateEnd, metrics: makeMetrics('1.2.3') });
}

async function get(gate: Gate, url: string): Promise<{ status: number; body: unknown }> {
  const answer = await makeOperationsApp(gate, '127.0.0.1').inject(url);
  return { status: answer.statusCode, body: answer.json() };
}

describe('/readyz', () => {
  it('is 200 with the hash of the policy in force', async () => {
    expect(await get(gateWith(policy), '/readyz')).toEqual({ status: 200, body: { ready: true, policy: policy.hash } });
  });

  it('is 503 with every reason while no policy is valid', async () => {
    const problems = [
      'a.yaml:1:1: kind: "X" is no kind; use NodePortPolicy',
      'b.yaml: this is not there; check the path',
    ];
    expect(await get(gateWith(undefined, problems), '/readyz')).toEqual({
      status: 503,
      body: { ready: false, reasons: problems },
    });
  });

  it('is 503 without a certificate that is valid now, and tells why', async () => {
    const certificateProblems = ['certs: tls.crt is not a PEM certificate'];
    expect(await get(openGate({ policy, certificateEnd: undefined, certificateProblems }), '/readyz')).toEqual({
      status: 503,
      body: { ready: false, reasons: ['there is no certificate that is valid now', ...certificateProblems] },
    });
  });

  it('is 503 until the cluster is listed', async () => {
    const cluster = { ...fixedView(inventoryOf([], false), new Map()), notReady: () => ['not synced'] };
    expect(await get(openGate({ policy, cluster }), '/readyz')).toEqual({
      status: 503,
      body: { ready: false, reasons: ['not synced'] },
    });
  });

  it('is 200 with remarks when the last good policy, certificate or inventory goes on', async () => {
    const cluster = { ...fixedView(inventoryOf([]), new Map()), remarks: () => ['stale'] };
    const facts = { policy, policyProblems: ['a.yaml:1:1: wrong'], certificateProblems: ['ends soon'], cluster };
    expect(await get(openGate(facts), '/readyz')).toEqual({
      status: 200,
      body: { ready: true, policy: policy.hash, remarks: ['a.yaml:1:1: wrong', 'ends soon', 'stale'] },
    });
  });

  describe('remarks numbers that ExternalName Services carry', () => {
    const carrying = (name: string, ...numbers: readonly number[]): Service =>
      serviceOf({
        metadata: { name },
        spec: {
          type: 'ExternalName',
          externalName: 'a.example.com',
          ports: numbers.map((nodePort, at) => ({ name: `p${at}`, port: 80 + at, nodePort })),
        },
      });
    const remarksOf = (...services: readonly Service[]): readonly string[] =>
      openGate({ policy, inventory: inventoryOf(services) }).remarks();
    const lost = (numbers: string, names: string, what = 'them'): readonly string[] => [
      `${numbers} carried by ExternalName Services (${names}), which Kubernetes counts as taken; set ${what} to 0`,
    ];

    it.each([
      ['one', [carrying('old', 30_100)], lost('1 number is', 'shop/old', 'it')],
      ['two of one Service', [carrying('old', 30_100, 30_101)], lost('2 numbers are', 'shop/old')],
      [
        'one of two Services',
        [carrying('b', 30_100), carrying('a', 30_100)],
        lost('1 number is', 'shop/a, shop/b', 'it'),
      ],
      [
        'many',
        ['e', 'd', 'c', 'b', 'a'].map((name, at) => carrying(name, 30_100 + at)),
        lost('5 numbers are', 'shop/e, shop/d, shop/c, and 2 more'),
      ],
      [
        'with a name that would move the cursor',
        [carrying('a\u001b[2J', 30_100)],
        lost('1 number is', 'shop/a\\u001b[2J', 'it'),
      ],
    ])('%s', (_title, services, remarks) => {
      expect(remarksOf(...services)).toEqual(remarks);
    });

    it('but not those that the API server cannot allocate, nor without a policy, which says which these are', () => {
      expect(remarksOf(carrying('low', 22, -5), carrying('high', 32_768))).toEqual([]);
      const inventory = inventoryOf([carrying('old', 30_100)]);
      expect(openGate({ policy: undefined, inventory }).remarks()).toEqual([]);
    });
  });

  it('lists 20 reasons and counts the others', async () => {
    const problems = Array.from({ length: 25 }, (_, index) => `a.yaml:${index + 1}:1: this is wrong; write it right`);
    expect(await get(gateWith(undefined, problems), '/readyz')).toEqual({
      status: 503,
      body: { ready: false, reasons: [...problems.slice(0, 20), 'and 5 more'] },
    });
  });

  it('is 503 from the moment the gate is asked to stop, while /livez stays 200', async () => {
    const gate = gateWith(policy);
    gate.startDraining();
    expect(await get(gate, '/readyz')).toEqual({ status: 503, body: { ready: false, reasons: ['shutting down'] } });
    expect(await get(gate, '/livez')).toEqual({ status: 200, body: { live: true } });
  });
});

describe('/metrics', () => {
  async function lines(gate: Gate): Promise<readonly string[]> {
    const answer = await makeOperationsApp(gate, '127.0.0.1').inject('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    return answer.body.split('\n').filter((line) => line.startsWith('nodeport_gate_') && !line.includes('_bucket'));
  }

  it('counts decisions by door, operation, decision and dry run', async () => {
    const gate = gateWith(policy);
    const measured = { door: 'mutate', operation: 'CREATE', outcome: 'mutate', dryRun: false, seconds: 0.25 } as const;
    gate.metrics.measure(measured);
    gate.metrics.measure(measured);
    gate.metrics.measure({ ...measured, outcome: 'deny', dryRun: true });
    gate.metrics.countFault('malformed-json');
    gate.metrics.countDroppedLogLine();
    expect(await lines(gate)).toEqual([
      'nodeport_gate_admission_requests_total{door="mutate",operation="CREATE",decision="mutate",dry_run="false"} 2',
      'nodeport_gate_admission_requests_total{door="mutate",operation="CREATE",decision="deny",dry_run="true"} 1',
      'nodeport_gate_admission_duration_seconds_sum{door="mutate"} 0.75',
      'nodeport_gate_admission_duration_seconds_count{door="mutate"} 3',
      'nodeport_gate_request_errors_total{code="malformed-json"} 1',
      'nodeport_gate_log_lines_dropped_total 1',
      'nodeport_gate_policy_reload_total{result="loaded"} 0',
      'nodeport_gate_policy_reload_total{result="failed"} 0',
      'nodeport_gate_policy_last_reload_success_timestamp_seconds 0',
      'nodeport_gate_audit_runs_total{result="complete"} 0',
      'nodeport_gate_audit_runs_total{result="partial"} 0',
      'nodeport_gate_audit_runs_total{result="failed"} 0',
      'nodeport_gate_audit_duration_seconds_sum 0',
      'nodeport_gate_audit_duration_seconds_count 0',
      'nodeport_gate_build_info{version="1.2.3"} 1',
      'nodeport_gate_ready 1',
      `nodeport_gate_policy_info{hash="${policy.hash}"} 1`,
      'nodeport_gate_tls_cert_expiry_timestamp_seconds 1826798400',
      'nodeport_gate_inventory_complete 1',
      'nodeport_gate_conflicts 0',
      'nodeport_gate_squatters 0',
    ]);
  });

  it('tells of the state at the moment of the scrape', async () => {
    const held = (name: string, type: string, number: number, more = 0): Service =>
      serviceOf({
        metadata: { name },
        spec: {
          type,
          ports: [
            { name: 'a', port: 80, protocol: 'TCP', nodePort: number },
            ...(more === 0 ? [] : [{ name: 'b', port: 81, protocol: 'TCP', nodePort: more }]),
          ],
        },
      });
    const pooled = policyOf(
      policyDocument({ 'node-port-range': {} }),
      poolDocument('shop', '30100-30109', { reserved: ['30101', '30102'] }),
    );
    const inventory = inventoryOf([
      held('one', 'NodePort', 30_100, 30_101),
      held('two', 'NodePort', 30_100),
      held('three', 'ExternalName', 30_105),
    ]);
    let now = new Date('2026-11-21T12:00:00Z');
    const gate = openGate({
      policy: pooled,
      inventory,
      certificateEnd: new Date('2026-11-22T12:00:00Z'),
      now: () => now,
    });
    const names = /^nodeport_gate_(?:ready|pool|conflicts|squatters)/;
    expect((await lines(gate)).filter((line) => names.test(line))).toEqual([
      'nodeport_gate_ready 1',
      'nodeport_gate_conflicts 1',
      'nodeport_gate_squatters 1',
      'nodeport_gate_pool_capacity{pool="shop"} 10',
      'nodeport_gate_pool_ports{pool="shop",state="used"} 2',
      'nodeport_gate_pool_ports{pool="shop",state="reserved"} 1',
      'nodeport_gate_pool_ports{pool="shop",state="free"} 7',
    ]);
    now = new Date('2026-11-22T12:00:00Z');
    expect((await lines(gate)).filter((line) => line.startsWith('nodeport_gate_ready'))).toEqual([
      'nodeport_gate_ready 0',
    ]);
  });

  it('counts reloads and what the watches of the cluster do', async () => {
    const gate = gateWith(policy);
    const at = new Date('2026-11-21T12:00:00.900Z');
    gate.metrics.countReload('loaded', at);
    gate.metrics.countReload('failed', new Date('2026-11-21T13:00:00Z'));
    gate.metrics.setLastContact('services', at);
    gate.metrics.countInformerRestart('services', 'gone');
    gate.metrics.countViolation('node-port-range', 'warn');
    const names = /^nodeport_gate_(?:policy_|informer|rule)/;
    expect((await lines(gate)).filter((line) => names.test(line))).toEqual([
      'nodeport_gate_rule_violations_total{rule="node-port-range",mode="warn"} 1',
      'nodeport_gate_policy_reload_total{result="loaded"} 1',
      'nodeport_gate_policy_reload_total{result="failed"} 1',
      'nodeport_gate_policy_last_reload_success_timestamp_seconds 1795262400',
      'nodeport_gate_informer_last_event_timestamp_seconds{resource="services"} 1795262400',
      'nodeport_gate_informer_restarts_total{resource="services",reason="gone"} 1',
      `nodeport_gate_policy_info{hash="${policy.hash}"} 1`,
    ]);
  });

  it('has buckets from half a millisecond to ten seconds', async () => {
    const gate = gateWith(policy);
    gate.metrics.measure({ door: 'validate', operation: 'CREATE', outcome: 'allow', dryRun: false, seconds: 0.0004 });
    const { body } = await makeOperationsApp(gate, '127.0.0.1').inject('/metrics');
    const buckets = [...body.matchAll(/duration_seconds_bucket\{le="([^"]+)",door="validate"\} 1/g)].map(
      ([, le]) => le,
    );
    expect(buckets).toEqual([
      '0.0005',
      '0.001',
      '0.0025',
      '0.005',
      '0.01',
      '0.025',
      '0.05',
      '0.1',
      '0.25',
      '0.5',
      '1',
      '2.5',
      '5',
      '10',
      '+Inf',
    ]);
  });

  it('makes one series of all operations that do not exist: a requester must not fill the memory', async () => {
    const gate = gateWith(policy);
    for (const operation of ['X', '__proto__', 'create']) {
      gate.metrics.measure({ door: 'validate', operation, outcome: 'untouched', dryRun: false, seconds: 0 });
    }
    expect((await lines(gate))[0]).toBe(
      'nodeport_gate_admission_requests_total{door="validate",operation="other",decision="untouched",dry_run="false"} 3',
    );
  });

  it('tells of the process only where it is asked to', async () => {
    const names = async (withProcess: boolean): Promise<readonly string[]> => {
      const { text } = await makeMetrics('1.2.3', { withProcess }).render();
      return ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'].filter((name) => text.includes(name));
    };
    expect([await names(false), await names(true)]).toEqual([
      [],
      ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'],
    ]);
  });

  it('does not share numbers between two gates', async () => {
    gateWith(policy).metrics.countFault('internal');
    expect((await lines(gateWith(policy))).filter((line) => line.includes('errors_total'))).toEqual([]);
  });
});

describe('the listener on loopback', () => {
  const ask = (listener: string, host: string): Promise<{ readonly statusCode: number }> =>
    makeOperationsApp(openGate({ policy: undefined }), listener).inject({ url: '/livez', headers: { host } });

  it.each([
    ['127.0.0.1', 'localhost:9090', 200],
    ['127.0.0.1', 'evil.example:9090', 403],
    // The kubelet asks by the address of the pod.
    ['0.0.0.0', '10.244.0.7:9090', 200],
  ])('on %s, asked as %s, answers %i', async (listener, host, status) => {
    expect((await ask(listener, host)).statusCode).toBe(status);
  });
});
