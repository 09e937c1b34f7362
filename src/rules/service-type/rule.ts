import { z } from 'zod';
import { allOf, anyOf, printable } from '../../domain/text.ts';
import { defineRule } from '../define.ts';

export const serviceType = defineRule({
  name: 'service-type',
  summary: 'Services have one of the allowed types.',
  why: 'The type decides who can reach a Service: NodePort and LoadBalancer open it beyond the cluster, ExternalName points out of it.',
  subject: 'every-service',
  options: z.strictObject({
    allowed: z
      .array(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']))
      .min(1)
      .describe('The types that a Service may have.'),
  }),
  messages: {
    notAllowed: { text: '{actual} is not allowed; use {allowed}' },
  },
  presets: {},
  unseenAtAdmission({ allowed }) {
    const unseen = (['ClusterIP', 'ExternalName'] as const).filter((type) => !allowed.includes(type));
    return unseen.length === 0 ? undefined : `${allOf(unseen)} Services`;
  },
  check({ service }, { allowed }, report) {
    if (allowed.some((type) => type === service.type)) return;
    report(
      'notAllowed',
      ['spec', 'type'],
      { actual: printable(service.type), allowed: anyOf(allowed) },
      // The API server fills in ClusterIP where nothing is written (SetDefaults_Service).
      { value: service.type },
    );
  },
});
