import { z } from 'zod';
import { carried } from '../../domain/node-port.ts';
import { ownPool } from '../../domain/pool.ts';
import { formatRanges, type PortSet, sharedRanges } from '../../domain/port-set.ts';
import { defineRule } from '../define.ts';
import type { Scene } from '../scene.ts';
import { portRanges } from '../port-ranges.ts';
import { freePorts, suggest } from '../suggestion.ts';

const TEXT = '{number} is outside {where}; {advice}';
/** A policy may list hundreds of ranges; a message needs a few of them. */
const MOST_RANGES = 3;

export const nodePortRange = defineRule({
  name: 'node-port-range',
  summary: 'Node ports lie in the allowed ranges.',
  why: "Firewalls are written for one range, and a changed ExternalName Service can open any port of every node past the API server's own check.",
  subject: 'open-service',
  guardsPorts: true,
  options: z.strictObject({
    ranges: portRanges
      .optional()
      .describe("Ports and ranges that node ports may come from. Default: the cluster's own range."),
  }),
  messages: {
    outside: { text: TEXT },
    outsideCluster: { text: TEXT, preemptsApiServer: true },
  },
  presets: { baseline: { enforcement: 'deny' }, restricted: { enforcement: 'deny' } },
  permits: (number, { clusterPorts }, { ranges = clusterPorts }) => ranges.has(number),
  check(scene, { ranges: allowed = scene.clusterPorts }, report) {
    const wrong = scene.ports.filter(({ number }) => !allowed.has(number));
    if (wrong.length === 0) return;
    const former = new Set(scene.oldService === undefined ? [] : carried(scene.oldService).map(({ number }) => number));
    const { where, ranges } = whereTo(scene, allowed);
    for (const port of wrong) {
      const { number, protocol, path } = port;
      const free = scene.freeFor(port);
      report(
        isRefusedAnyway(scene, former, number) ? 'outsideCluster' : 'outside',
        path,
        { number, where, advice: suggest(free, `choose a number in ${ranges}`) },
        { value: number, port: { number, protocol }, ...freePorts(free) },
      );
    }
  },
});

/**
 * What the number should lie in: the Service's own pool, as far as the rule allows it, else all that the rule allows.
 */
function whereTo(scene: Scene, allowed: PortSet): { readonly where: string; readonly ranges: string } {
  const own = ownPool(scene.pools);
  const ofPool = own === undefined ? [] : sharedRanges(allowed, own.ports);
  if (own === undefined || ofPool.length === 0) {
    const ranges = formatRanges(allowed.ranges, MOST_RANGES);
    return { where: ranges, ranges };
  }
  const ranges = formatRanges(ofPool, MOST_RANGES);
  return { where: `${ranges} (pool ${own.name})`, ranges };
}

/**
 * The API server asks its allocator, which knows the range, only about numbers that the old object does not carry, open
 * or not (updateNodePorts in pkg/registry/core/service/storage/alloc.go).
 */
function isRefusedAnyway({ clusterPorts }: Scene, former: ReadonlySet<number>, number: number): boolean {
  return !clusterPorts.has(number) && !former.has(number);
}
