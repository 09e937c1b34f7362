import { z } from 'zod';
import { describePool, type Entitlement, type Pool, poolOf } from '../../domain/pool.ts';
import type { PortSet } from '../../domain/port-set.ts';
import { defineRule } from '../define.ts';
import { oneLine } from '../one-line.ts';
import { portOrRanges } from '../port-ranges.ts';
import { freePorts, suggest } from '../suggestion.ts';
import { type Hazard, hazardAt } from './hazards.ts';

interface Listed {
  readonly ports: PortSet;
  readonly reason: string;
}

interface Options {
  readonly hazards: boolean;
  readonly ports: readonly Listed[];
}

const ANOTHER = 'choose another number';

export const nodePortReserved = defineRule({
  name: 'node-port-reserved',
  summary: 'Node ports stay off reserved numbers.',
  why: 'A node port is redirected before it reaches the process that listens on the node, so a Service on 22 or 10250 cuts off SSH or the kubelet.',
  subject: 'open-service',
  guardsPorts: true,
  options: z.strictObject({
    hazards: z
      .boolean()
      .default(true)
      .describe('Reserve the ports on which nodes themselves listen: SSH, etcd, kubelet, kube-apiserver and so on.'),
    ports: z
      .array(
        z.strictObject({
          ports: portOrRanges.describe('A port, a range, or a list of them.'),
          reason: oneLine(120).min(1).describe('Why; printed in the message.'),
        }),
      )
      .default([])
      .describe('Further reserved ports, each with its reason.'),
  }),
  messages: {
    listed: { text: '{number} is reserved ({reason}); {advice}' },
    hazard: { text: '{number} is reserved for {owner} on the nodes; {advice}' },
    inPool: { text: '{number} is reserved in pool {pool}; {advice}' },
  },
  presets: { baseline: { enforcement: 'deny' }, restricted: { enforcement: 'deny' } },
  permits: (number, { pools }, options) => reservationOf(number, pools, options) === undefined,
  check(scene, options, report) {
    for (const port of scene.ports) {
      const { number, protocol, path } = port;
      const reservation = reservationOf(number, scene.pools, options);
      if (reservation === undefined) continue;
      const free = scene.freeFor(port);
      const evidence = { value: number, port: { number, protocol }, ...freePorts(free) };
      const advice = suggest(free, ANOTHER);
      if (reservation.by === 'policy') {
        report('listed', path, { number, reason: reservation.listed.reason, advice }, evidence);
      } else if (reservation.by === 'hazard') {
        report('hazard', path, { number, owner: reservation.hazard.owner, advice }, evidence);
      } else {
        const orAsk = `${advice} or ask for an exception`;
        report('inPool', path, { number, pool: describePool(reservation.pool), advice: orAsk }, evidence);
      }
    }
  },
});

type Reservation =
  | { readonly by: 'policy'; readonly listed: Listed }
  | { readonly by: 'hazard'; readonly hazard: Hazard }
  | { readonly by: 'pool'; readonly pool: Pool };

/** The first reason that holds: one remark per number is enough. A pool reserves only what belongs to it. */
function reservationOf(number: number, pools: Entitlement, { hazards, ports }: Options): Reservation | undefined {
  const listed = ports.find((entry) => entry.ports.has(number));
  if (listed !== undefined) return { by: 'policy', listed };
  const hazard = hazards ? hazardAt(number) : undefined;
  if (hazard !== undefined) return { by: 'hazard', hazard };
  const pool = poolOf(pools.all, number);
  return pool?.reserved.has(number) === true ? { by: 'pool', pool } : undefined;
}
