import { z } from 'zod';
import { formatRanges } from '../../domain/port-set.ts';
import { anyOf } from '../../domain/text.ts';
import { defineRule } from '../define.ts';
import { freePorts } from '../suggestion.ts';

const RESERVE = 'reserve it (ip_local_reserved_ports)';

/**
 * It does not say which numbers it would permit: it warns, and a pool that lies in the range on purpose would have nothing
 * left to assign.
 */
export const ephemeralRange = defineRule({
  name: 'ephemeral-range',
  summary: 'Node ports stay out of the range that nodes use for their own connections.',
  why: 'A node that happens to use the number for a connection of its own loses the answers to that connection to the Service.',
  subject: 'open-service',
  // Another number is wanted anyhow then.
  yieldsTo: ['node-port-pool', 'node-port-range', 'node-port-reserved'],
  options: z.strictObject({}),
  messages: {
    inside: { text: '{number} is in the ephemeral range {range}; {advice}' },
  },
  presets: { baseline: { enforcement: 'warn' }, restricted: { enforcement: 'warn' } },
  check(scene, _, report) {
    const { ephemeralPorts } = scene;
    for (const port of scene.ports) {
      const { number, protocol, path } = port;
      if (!ephemeralPorts.has(number)) continue;
      const free = scene.freeFor(port).filter((other) => !ephemeralPorts.has(other));
      const advice = free.length === 0 ? RESERVE : `use ${anyOf(free)}, or ${RESERVE}`;
      const range = formatRanges(ephemeralPorts.ranges);
      report('inside', path, { number, range, advice }, { port: { number, protocol }, ...freePorts(free) });
    }
  },
});
