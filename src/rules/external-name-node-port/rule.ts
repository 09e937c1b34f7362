import { z } from 'zod';
import { carried, opensNodePorts, opened } from '../../domain/node-port.ts';
import { defineRule } from '../define.ts';

export const externalNameNodePort = defineRule({
  name: 'external-name-node-port',
  summary: 'An ExternalName Service carries no node port, and a number that it carried is never opened.',
  why: 'The API server neither checks nor allocates a number on an ExternalName, but opens it once the type changes, and frees it when the object goes: any port of any node, or a port that another Service holds.',
  subject: 'every-service',
  words: ['nodePort', 'healthCheckNodePort'],
  absolute: true,
  guardsPorts: true,
  options: z.strictObject({}),
  messages: {
    onExternalName: {
      text: '{number} on an ExternalName is not open yet, but would be after a change of type; remove it',
    },
    carriedBefore: {
      text: '{number} was carried by this {formerType} without being allocated; set it to 0 in an update of its own before changing the type',
    },
  },
  presets: { baseline: { enforcement: 'deny' }, restricted: { enforcement: 'deny' } },
  check({ service, oldService }, _, report) {
    if (service.type === 'ExternalName') {
      for (const port of carried(service)) report('onExternalName', port.path, { number: port.number }, { port });
      return;
    }
    if (oldService === undefined || opensNodePorts(oldService.type) || !opensNodePorts(service.type)) return;
    // Also when the update replaces the number: the API server then releases the old one, whoever holds it.
    const open = new Map(opened(service).map((port) => [port.number, port]));
    for (const former of carried(oldService)) {
      const still = open.get(former.number);
      const data = { number: former.number, formerType: oldService.type };
      report('carriedBefore', still?.path ?? ['spec', 'type'], data, { port: still ?? former, value: former.number });
    }
  },
});
