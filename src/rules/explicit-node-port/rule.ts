import { z } from 'zod';
import { valueAt } from '../../domain/path.ts';
import { defineRule } from '../define.ts';
import { freePorts, suggest } from '../suggestion.ts';

const WHY = 'so the number may be another one when the Service is created again';

export const explicitNodePort = defineRule({
  name: 'explicit-node-port',
  summary: 'Manifests of Services that open node ports write their numbers out.',
  why: 'Whoever has the number in a firewall, a load balancer or a client loses the Service when it is created again, and a cluster made from the same files is not the same.',
  subject: 'open-service',
  origins: ['file'],
  // They say why there is no number, or why the one that the Service has should not be written out.
  yieldsTo: ['node-port-conflict', 'node-port-pool', 'node-port-range', 'node-port-reserved', 'null-node-port'],
  options: z.strictObject({}),
  messages: {
    unwritten: { text: `{fact}, ${WHY}; write {number} (nodeport-gate fix does)` },
    unknown: { text: `{fact}, ${WHY}; {advice}` },
  },
  presets: { restricted: { enforcement: 'warn' } },
  check(scene, _, report) {
    // Whoever creates many Services from one manifest wants a number for each of them.
    if (scene.service.name === '') return;
    for (const { path, number } of scene.ports) {
      const value = valueAt(scene.written, path);
      if (isNumber(value)) continue;
      report('unwritten', path, { fact: factOf(value), number }, { value, fix: { path, value: number } });
    }
    for (const port of scene.unassigned) {
      const value = valueAt(scene.written, port.path);
      const free = scene.freeFor(port);
      const advice = suggest(free, 'choose a free number');
      report('unknown', port.path, { fact: factOf(value), advice }, { value, ...freePorts(free) });
    }
  },
});

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && value !== 0;
}

/** Absent, null, 0 and an empty string all mean that the author leaves the number to others. */
function factOf(written: unknown): string {
  return written === undefined ? 'is missing' : `${JSON.stringify(written)} is no number`;
}
