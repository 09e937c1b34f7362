import { z } from 'zod';
import type { HeldPort } from '../../domain/inventory.ts';
import { describePool, poolOf } from '../../domain/pool.ts';
import { formatRef, sameRef } from '../../domain/service.ts';
import { defineRule } from '../define.ts';
import type { Scene } from '../scene.ts';
import { describeHolder } from '../holder.ts';
import { freePorts, suggest } from '../suggestion.ts';

export const nodePortConflict = defineRule({
  name: 'node-port-conflict',
  summary: 'No two Services hold the same node port.',
  why: 'Of two Services with one node port only one gets the traffic, and with the other the victim never learns that it lost it.',
  subject: 'open-service',
  guardsPorts: true,
  options: z.strictObject({
    disclose: z
      .enum(['holder', 'pool', 'none'])
      .default('holder')
      .describe('What a message tells: the Service that holds the port, only the pool it lies in, or neither.'),
  }),
  messages: {
    held: { text: '{number} is held by {holder}; {advice}', preemptsApiServer: true },
    heldInPool: { text: '{number} is held in pool {pool}; {advice}', preemptsApiServer: true },
    taken: { text: '{number} is taken; {advice}', preemptsApiServer: true },
  },
  presets: { baseline: { enforcement: 'deny' }, restricted: { enforcement: 'deny' } },
  check(scene, { disclose }, report, undetermined) {
    let isUnknown = false;
    for (const port of scene.ports) {
      const { number, protocol, path } = port;
      const others = otherHolders(scene, number);
      const [holder] = others;
      if (holder === undefined) {
        // What already runs stays, whoever else may hold it: the ratchet would make it a warning.
        isUnknown ||= !scene.inventory.complete && port.because !== 'kept';
        continue;
      }
      const free = scene.freeFor(port);
      const evidence = { value: number, port: { number, protocol }, dependsOn: others, ...freePorts(free) };
      const advice = suggest(free, 'choose another number');
      const pool = poolOf(scene.pools.all, number);
      if (disclose === 'holder') {
        const inPool = pool === undefined ? '' : `, pool ${describePool(pool)}`;
        report(
          'held',
          path,
          { number, holder: `${describeHolders(others)}${inPool}`, advice },
          { ...evidence, holder },
        );
      } else if (disclose === 'pool' && pool !== undefined) {
        report('heldInPool', path, { number, pool: describePool(pool), advice }, evidence);
      } else {
        report('taken', path, { number, advice }, evidence);
      }
    }
    if (isUnknown) undetermined('inventory');
  },
});

/** A Service is never its own conflict; one that has no name yet is nobody in the inventory. */
function otherHolders({ inventory, service }: Scene, number: number): readonly HeldPort[] {
  return inventory.holdersOf(number).filter((held) => service.name === '' || !sameRef(held, service));
}

/** `shop/web (port http)`, `shop/web (health check) and 2 more`: Services, not ports, are counted. */
function describeHolders(holders: readonly HeldPort[]): string {
  const [first] = holders;
  if (first === undefined) return '';
  const more = new Set(holders.map(formatRef)).size - 1;
  return `${describeHolder(first)}${more > 0 ? ` and ${more} more` : ''}`;
}
