import { Gauge, type Registry } from 'prom-client';
import type { Inventory } from '../domain/inventory.ts';
import type { Pool } from '../domain/pool.ts';
import { formatRef } from '../domain/service.ts';
import type { Policy } from '../engine/policy.ts';
import { PORT_MARKS } from '../report/port-map.ts';
import type { Audited } from './audit-state.ts';

/** What is true at the moment of a scrape, as opposed to what happened before. */
export interface ObservedState {
  notReady(): readonly string[];
  policy(): Policy | undefined;
  inventory(): Inventory;
  /** undefined while no audit has succeeded. */
  audited(): Audited | undefined;
  /** undefined while there is no certificate. */
  certificateEnd(): Date | undefined;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface StateGauge {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** No sample: there is nothing to say now. */
  read(state: ObservedState): readonly Sample[];
}

const GAUGES: readonly StateGauge[] = [
  {
    name: 'nodeport_gate_ready',
    help: '1 while requests may come, as /readyz says.',
    labelNames: [],
    read: (state) => [plain(state.notReady().length === 0 ? 1 : 0)],
  },
  {
    name: 'nodeport_gate_policy_info',
    help: '1 for the policy in force, by its hash.',
    labelNames: ['hash'],
    read: (state) => {
      const hash = state.policy()?.hash;
      return hash === undefined ? [] : [{ labels: { hash }, value: 1 }];
    },
  },
  {
    name: 'nodeport_gate_tls_cert_expiry_timestamp_seconds',
    help: 'When the server certificate ends, Unix time.',
    labelNames: [],
    read: (state) => {
      const end = state.certificateEnd();
      return end === undefined ? [] : [plain(Math.floor(end.getTime() / 1000))];
    },
  },
  {
    name: 'nodeport_gate_inventory_complete',
    help: '1 while every Service of the cluster is known.',
    labelNames: [],
    read: (state) => [plain(state.inventory().complete ? 1 : 0)],
  },
  {
    name: 'nodeport_gate_conflicts',
    help: 'Node ports that several Services hold.',
    labelNames: [],
    read: (state) => [plain(conflicts(state.inventory()))],
  },
  {
    name: 'nodeport_gate_squatters',
    help: 'Numbers on Services that do not open them, one type change away from it.',
    labelNames: [],
    read: (state) => [plain(state.inventory().squatters.length)],
  },
  {
    name: 'nodeport_gate_pool_capacity',
    help: 'Numbers of a pool, the reserved ones included.',
    labelNames: ['pool'],
    read: (state) => poolsOf(state).map(({ name, ports }) => ({ labels: { pool: name }, value: ports.numbers.length })),
  },
  {
    name: 'nodeport_gate_pool_ports',
    help: 'Numbers of a pool by state: used (held, reserved or not), reserved and not held, free.',
    labelNames: ['pool', 'state'],
    read: (state) => {
      const inventory = state.inventory();
      return poolsOf(state).flatMap((pool) =>
        Object.entries(fullness(pool, inventory)).map(([name, value]) => ({
          labels: { pool: pool.name, state: name },
          value,
        })),
      );
    },
  },
  {
    name: 'nodeport_gate_audit_last_success_timestamp_seconds',
    help: 'When the last audit that succeeded began, Unix time.',
    labelNames: [],
    read: (state) => {
      const at = state.audited()?.at;
      return at === undefined ? [] : [plain(Math.floor(at.getTime() / 1000))];
    },
  },
  {
    name: 'nodeport_gate_audit_findings',
    help: 'Findings of the last audit on what runs, by rule and enforcement.',
    labelNames: ['rule', 'enforcement'],
    read: (state) =>
      (state.audited()?.findings ?? []).map(({ rule, enforcement, count }) => ({
        labels: { rule, enforcement },
        value: count,
      })),
  },
  {
    name: 'nodeport_gate_audit_ports',
    help: `Node ports that Services held at the last audit, by what is to be seen at once: ${PORT_MARKS.join(', ')}.`,
    labelNames: ['mark'],
    read: (state) => {
      const ports = state.audited()?.map.ports;
      return ports === undefined
        ? []
        : PORT_MARKS.map((mark) => ({
            labels: { mark },
            value: ports.filter(({ marks }) => marks.includes(mark)).length,
          }));
    },
  },
];

/** Registers gauges that look at the state when somebody scrapes: nothing has to remember to update them. */
export function followState(registry: Registry, state: ObservedState): void {
  for (const { name, help, labelNames, read } of GAUGES) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [],
      collect: () => {
        gauge.reset();
        if (labelNames.length === 0) gauge.remove();
        for (const { labels, value } of read(state)) gauge.set(labels, value);
      },
    });
    registry.registerMetric(gauge);
  }
}

function plain(value: number): Sample {
  return { labels: {}, value };
}

function poolsOf(state: ObservedState): readonly Pool[] {
  return state.policy()?.pools ?? [];
}

function fullness({ ports, assignable }: Pool, { isHeld }: Inventory): Readonly<Record<string, number>> {
  const used = ports.numbers.filter(isHeld).length;
  const free = assignable.numbers.filter((number) => !isHeld(number)).length;
  return { used, reserved: ports.numbers.length - used - free, free };
}

function conflicts({ held }: Inventory): number {
  const byNumber = Map.groupBy(held, ({ nodePort }) => nodePort);
  return [...byNumber.values()].filter((ports) => new Set(ports.map(formatRef)).size > 1).length;
}
