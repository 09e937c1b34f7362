import { z } from 'zod';
import { defineRule } from '../define.ts';
import { checkClusterIP, checkExternalIPs, checkExternalName } from './addresses.ts';
import { checkHealthCheck, checkLoadBalancerFields, checkTrafficPolicy } from './exposure.ts';
import { checkFields } from './fields.ts';
import { type Check, MESSAGES } from './messages.ts';
import { checkMetadata } from './metadata.ts';
import { checkDuplicates, checkNodePorts, checkPorts } from './ports.ts';
import { isAboutOutside, OUTSIDE_WORDS } from './precondition.ts';
import { checkSourceRanges } from './source-ranges.ts';
import { checkSupported, checkValues, TYPES } from './values.ts';

/** What may stand where, whatever the type is. */
const ALWAYS: readonly Check[] = [
  checkFields,
  checkMetadata,
  checkExternalIPs,
  checkPorts,
  checkDuplicates,
  checkValues,
];

/** With a type that does not exist, nobody can say what these would be about. */
const BY_TYPE: readonly Check[] = [
  checkClusterIP,
  checkExternalName,
  checkNodePorts,
  checkTrafficPolicy,
  checkLoadBalancerFields,
  checkHealthCheck,
  checkSourceRanges,
];

export const apiServerRejects = defineRule({
  name: 'api-server-rejects',
  summary: 'The API server would accept the Service.',
  why: 'What the API server refuses never reaches the gate, so without this a pull request can be green and still fail when it is applied.',
  subject: 'every-service',
  origins: ['file'],
  words: OUTSIDE_WORDS,
  yieldsTo: ['external-ips', 'external-traffic-policy', 'protocols'],
  options: z.strictObject({}),
  messages: MESSAGES,
  presets: { baseline: { enforcement: 'deny' }, restricted: { enforcement: 'deny' } },
  check(scene, _, report) {
    const { type, raw } = scene.service;
    if (!isAboutOutside(raw)) return;
    checkSupported(type, ['spec', 'type'], TYPES, report);
    for (const check of ALWAYS) check(scene, report);
    if (TYPES.includes(type)) for (const check of BY_TYPE) check(scene, report);
  },
});
