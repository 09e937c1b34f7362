import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { inventoryOf } from '../../src/domain/inventory.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { MappedFinding, PortMap } from '../../src/report/port-map.ts';
import { type AuditLoop, type Looked, startAudits } from '../../src/server/audit-loop.ts';
import { makeLog } from '../../src/server/decision-log.ts';
import { makeDoorsApp } from '../../src/server/doors.ts';
import type { Gate } from '../../src/server/gate.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { service, snapshotOf } from '../audit/cluster.ts';
import { aWhile, expectSoon } from '../support/eventually.ts';
import { NOW } from '../support/now.ts';
import { openGate } from '../support/open-gate.ts';
import { policyDocument, policyOf } from '../support/policy.ts';

const RANGE = policyOf(policyDocument({ 'node-port-range': {}, protocols: { allowed: ['UDP'], enforcement: 'warn' } }));
const LAX = policyOf(policyDocument({ 'node-port-range': { enforcement: 'warn' } }));
const CLUSTER = snapshotOf([service('shop/web', { numbers: [22, 30_080] })]);
const LARGE = snapshotOf(
  Array.from({ length: 5_000 }, (_, index) => service(`shop/web-${index}`, { numbers: [25_000 + index] })),
);
const INVENTORY = inventoryOf(CLUSTER.services);
const FOREVER_MS = 3_600_000;

function mark({ rule, enforcement }: MappedFinding): string {
  return `${rule} ${enforcement}`;
}

interface Scene {
  readonly audits: AuditLoop;
  readonly gate: Gate;
  /** What `/ports` says now: the hash of the policy, when was audited, and the findings of each Service. */
  readonly answered: () => Promise<readonly unknown[]>;
  readonly looks: () => number;
  readonly logged: () => readonly unknown[];
  readonly metrics: (names: RegExp) => Promise<readonly string[]>;
}

const open: AuditLoop[] = [];
afterEach(() => {
  for (const audits of open.splice(0)) audits.stop();
});

function start({
  look,
  policy = () => RANGE,
  intervalMs = FOREVER_MS,
  spreadMs = 0,
}: {
  readonly look: (signal: AbortSignal) => Promise<Looked>;
  readonly policy?: () => Policy | undefined;
  readonly intervalMs?: number;
  readonly spreadMs?: number;
}): Scene {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const metrics = makeMetrics('0');
  let looks = 0;
  const audits = startAudits({
    look: (signal) => {
      looks += 1;
      return look(signal);
    },
    policy,
    now: () => NOW,
    intervalMs,
    spreadMs,
    metrics,
    log: makeLog('info', sink),
  });
  open.push(audits);
  return {
    audits,
    gate: openGate({ policy: policy(), audit: audits, metrics }),
    answered: async () => {
      const doors = makeDoorsApp(openGate({ policy: policy(), inventory: INVENTORY, audit: audits }), '127.0.0.1');
      const answer = await doors.inject({ url: '/ports', headers: { host: 'localhost' } });
      const { policy: named, auditedAt, services } = answer.json<PortMap>();
      return [named?.hash, auditedAt, services.map(({ findings }) => findings.map(mark))];
    },
    looks: () => looks,
    logged: () =>
      lines.map((line) => {
        const { time: _time, durationMs: _durationMs, ...rest } = JSON.parse(line) as Record<string, unknown>;
        return rest;
      }),
    metrics: async (names) =>
      (await metrics.render()).text.split('\n').filter((line) => names.test(line) && !line.startsWith('#')),
  };
}

function found(snapshot: Snapshot, ...faults: readonly string[]): () => Promise<Looked> {
  return () => Promise.resolve({ snapshot, faults });
}

describe('an audit', () => {
  it('begins at once and leaves its findings to the doors and the metrics', async () => {
    const { audits, metrics, logged } = start({ look: found(CLUSTER) });
    expect([audits.last(), audits.remarks()]).toEqual([undefined, []]);
    await expectSoon(
      () => audits.last()?.findings,
      [
        { rule: 'node-port-range', enforcement: 'deny', count: 1 },
        { rule: 'protocols', enforcement: 'warn', count: 2 },
      ],
    );
    expect([audits.last()?.at, audits.last()?.map.auditedAt, audits.remarks()]).toEqual([NOW, NOW.toISOString(), []]);
    expect(logged()).toEqual([{ level: 'info', policy: RANGE.hash, services: 1, msg: 'audited' }]);
    expect(await metrics(/^nodeport_gate_audit_(?!duration)|duration_seconds_count/)).toEqual([
      'nodeport_gate_audit_runs_total{result="complete"} 1',
      'nodeport_gate_audit_runs_total{result="partial"} 0',
      'nodeport_gate_audit_runs_total{result="failed"} 0',
      'nodeport_gate_audit_duration_seconds_count 1',
      `nodeport_gate_audit_last_success_timestamp_seconds ${NOW.getTime() / 1000}`,
      'nodeport_gate_audit_findings{rule="node-port-range",enforcement="deny"} 1',
      'nodeport_gate_audit_findings{rule="protocols",enforcement="warn"} 2',
      'nodeport_gate_audit_ports{mark="shared"} 0',
      'nodeport_gate_audit_ports{mark="outside-range"} 1',
      'nodeport_gate_audit_ports{mark="unowned"} 0',
      'nodeport_gate_audit_ports{mark="open-to-world"} 2',
      'nodeport_gate_audit_ports{mark="load-balancer"} 0',
      'nodeport_gate_audit_ports{mark="health-check"} 0',
    ]);
  });

  it('comes again after the interval', async () => {
    const { looks } = start({ look: found(CLUSTER), intervalMs: 10 });
    await expectSoon(() => looks() >= 4, true);
  });

  it('tells what it could not look at, in the log once', async () => {
    const fault = 'list pods is forbidden (403: …); grant the verb list on pods by RBAC';
    const { gate, looks, logged, metrics } = start({ look: found(CLUSTER, fault), intervalMs: 5 });
    await expectSoon(() => looks() >= 4, true);
    expect([gate.notReady(), gate.remarks()]).toEqual([[], [fault]]);
    const warnings = logged().filter((line) => JSON.stringify(line).includes('"warn"'));
    expect(warnings).toEqual([{ level: 'warn', faults: [fault], msg: 'audit incomplete' }]);
    expect(await metrics(/runs_total\{result="complete"/)).toEqual([
      'nodeport_gate_audit_runs_total{result="complete"} 0',
    ]);
  });

  it('that fails leaves what the one before found, and says why until one succeeds', async () => {
    let isBroken = false;
    const { audits, logged, metrics } = start({
      look: () => (isBroken ? Promise.reject(new Error('api.example:6443 did not answer')) : found(CLUSTER)()),
      intervalMs: 10,
    });
    await expectSoon(() => audits.last()?.findings.length, 2);
    isBroken = true;
    const failed = ['the last audit failed: api.example:6443 did not answer'];
    await expectSoon(() => audits.remarks(), failed);
    await expectSoon(
      async () => Number((await metrics(/audit_runs_total\{result="failed"/)).join().split(' ')[1]) >= 2,
      true,
    );
    expect(audits.last()?.findings.length).toBe(2);
    isBroken = false;
    await expectSoon(() => audits.remarks(), []);
    const told = logged().filter((line) => JSON.stringify(line).includes('"warn"'));
    expect(told).toEqual([{ level: 'warn', faults: failed, msg: 'audit failed; the findings of the one before stay' }]);
  });

  it('that a bug of the gate ends says so, with the error in the log', async () => {
    const broken: Snapshot = {
      ...CLUSTER,
      get pods(): never {
        throw new TypeError('pods is not what it should be');
      },
    };
    const { audits, logged, metrics } = start({ look: found(broken) });
    const failed = ['the last audit failed: a bug of the gate stopped it; report it, with the error in its log'];
    await expectSoon(() => audits.remarks(), failed);
    const err = {
      type: 'TypeError',
      message: 'pods is not what it should be',
      stack: expect.stringMatching(/^TypeError: pods is not .*\n +at .*auditSteps/s),
    };
    expect(logged()).toEqual([
      { level: 'error', err, msg: 'audit made the gate fail' },
      { level: 'warn', faults: failed, msg: 'audit failed; the findings of the one before stay' },
    ]);
    expect(await metrics(/audit_runs_total\{result="failed/)).toEqual([
      'nodeport_gate_audit_runs_total{result="failed"} 1',
    ]);
  });
});

describe('a new policy', () => {
  it('is audited by at once, however long the interval', async () => {
    let policy: Policy | undefined;
    const { audits, looks } = start({ look: found(CLUSTER), policy: () => policy });
    await aWhile(50);
    expect([looks(), audits.last()]).toEqual([0, undefined]);
    policy = RANGE;
    audits.again();
    await expectSoon(() => audits.last()?.map.policy, { hash: RANGE.hash });
    policy = LAX;
    audits.again();
    await expectSoon(() => audits.last()?.map.policy, { hash: LAX.hash });
    expect(looks()).toBe(2);
  });

  it('that comes in the middle waits for the end of the audit, and several are one', async () => {
    let policy = RANGE;
    let running = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    const { audits, looks, answered } = start({
      policy: () => policy,
      look: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => answers.push(resolve));
        running -= 1;
        return { snapshot: CLUSTER, faults: [] };
      },
    });
    await expectSoon(looks, 1);
    policy = LAX;
    for (let index = 0; index < 5; index += 1) audits.again();
    answers[0]?.();
    await expectSoon(looks, 2);
    // What the other policy objects to is not what this one does.
    expect([audits.last()?.map.policy, await answered()]).toEqual([{ hash: RANGE.hash }, [LAX.hash, undefined, []]]);
    answers[1]?.();
    await expectSoon(() => audits.last()?.map.policy, { hash: LAX.hash });
    expect(await answered()).toEqual([LAX.hash, NOW.toISOString(), [['node-port-range warn']]]);
    await aWhile(50);
    expect([looks(), most]).toEqual([2, 1]);
  });

  it('whose audit fails has none, and the next one begins soon', async () => {
    let policy = RANGE;
    let isBroken = false;
    const { audits, answered } = start({
      policy: () => policy,
      look: () => (isBroken ? Promise.reject(new Error('api.example:6443 did not answer')) : found(CLUSTER)()),
    });
    const byRange = ['node-port-range deny', 'protocols warn', 'protocols warn'];
    await expectSoon(async () => (await answered())[2], [byRange]);
    [policy, isBroken] = [LAX, true];
    audits.again();
    await expectSoon(() => audits.remarks(), ['the last audit failed: api.example:6443 did not answer']);
    expect(await answered()).toEqual([LAX.hash, undefined, []]);
    policy = RANGE;
    expect(await answered()).toEqual([RANGE.hash, NOW.toISOString(), [byRange]]);
    [policy, isBroken] = [LAX, false];
    audits.again();
    await expectSoon(answered, [LAX.hash, NOW.toISOString(), [['node-port-range warn']]]);
  });

  it('that comes while an audit waits for its turn is the one that it goes by', async () => {
    let policy = RANGE;
    const { audits, looks, logged } = start({ look: found(CLUSTER), policy: () => policy, spreadMs: 200 });
    policy = LAX;
    audits.again();
    await expectSoon(() => audits.last()?.map.policy, { hash: LAX.hash });
    await aWhile(300);
    expect([looks(), logged()]).toEqual([1, [{ level: 'info', policy: LAX.hash, services: 1, msg: 'audited' }]]);
  });
});

it('spreads the first audit, and those by a new policy, over time', async () => {
  const began: number[] = [];
  const startedAt = performance.now();
  const look = (): Promise<Looked> => {
    began.push(performance.now() - startedAt);
    return found(CLUSTER)();
  };
  const all = Array.from({ length: 20 }, () => start({ look, spreadMs: 400 }));
  await expectSoon(() => began.length, 20);
  const first = began.splice(0);
  for (const { audits } of all) audits.again();
  await expectSoon(() => began.length, 20);
  // By chance alone they come as close once in a billion runs.
  const spread = [first, began].map((times) => Math.max(...times) - Math.min(...times) > 100);
  expect(spread).toEqual([true, true]);
});

describe('stopping', () => {
  it('ends the list under way, and says nothing of it', async () => {
    let isAborted = false;
    const { audits, looks, logged } = start({
      look: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            isAborted = true;
            reject(new Error('stopped'));
          });
        }),
    });
    await expectSoon(looks, 1);
    audits.stop();
    audits.again();
    await aWhile(50);
    expect([isAborted, looks(), audits.remarks(), logged()]).toEqual([true, 1, [], []]);
  });

  it('ends the judging under way: nothing is found, counted or logged any more', async () => {
    const { audits, logged, metrics } = start({ look: found(LARGE) });
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    audits.stop();
    // One that began later has come to its end: so would the first.
    const later = start({ look: found(LARGE) });
    await expectSoon(() => later.logged().length, 1);
    expect([audits.last(), audits.remarks(), logged()]).toEqual([undefined, [], []]);
    expect(await metrics(/audit_runs_total/)).toEqual([
      'nodeport_gate_audit_runs_total{result="complete"} 0',
      'nodeport_gate_audit_runs_total{result="partial"} 0',
      'nodeport_gate_audit_runs_total{result="failed"} 0',
    ]);
  });
});

it('lets others have their turn while it judges thousands', async () => {
  const { audits } = start({ look: found(LARGE) });
  let turns = 0;
  while (audits.last() === undefined) {
    turns += 1;
    await nextTurn();
  }
  expect(turns).toBeGreaterThan(40);
});
