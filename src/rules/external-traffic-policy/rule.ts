import { z } from 'zod';
import { defineRule, quoted } from '../define.ts';

const FIELD = 'externalTrafficPolicy';

export const externalTrafficPolicy = defineRule({
  name: 'external-traffic-policy',
  summary: 'Services that open node ports have the required externalTrafficPolicy.',
  why: 'With Cluster every node forwards for every other one and hides the client address, so no source filter behind it can work.',
  subject: 'open-service',
  options: z.strictObject({
    require: z.enum(['Local', 'Cluster']).default('Local').describe('The value that the Service must have.'),
    set: z
      .boolean()
      .default(false)
      .describe('Fill the value in on CREATE where the author of the Service did not write one.'),
    types: z
      .array(z.enum(['NodePort', 'LoadBalancer']))
      .min(1)
      .default(['NodePort', 'LoadBalancer'])
      .describe('The Service types that it is demanded of.'),
  }),
  messages: {
    differs: { text: '{actual} is not allowed; set it to {required}' },
  },
  presets: { restricted: { enforcement: 'deny', require: 'Local' } },
  set: (service, { require, set, types }) =>
    set && isOneOf(types, service.type) && service.externalTrafficPolicy !== require
      ? [{ path: ['spec', FIELD], value: require }]
      : [],
  setsFields: ({ require, set }) => (set ? { [FIELD]: require } : {}),
  check({ service }, { require, types }, report) {
    if (!isOneOf(types, service.type)) return;
    // SetDefaults_Service (pkg/apis/core/v1/defaults.go) fills in Cluster where the field is empty.
    const actual = service.externalTrafficPolicy === '' ? 'Cluster' : service.externalTrafficPolicy;
    if (actual === require) return;
    // A LoadBalancer with Local also needs a health-check port, which nobody has chosen yet.
    const isOpen = service.type === 'NodePort' && !service.authorship.wroteSpecField(FIELD);
    const fix = { path: ['spec', FIELD], value: require };
    const evidence = { value: actual, ...(isOpen && { fix }) };
    report('differs', ['spec', FIELD], { actual: quoted(actual), required: require }, evidence);
  },
});

function isOneOf(types: readonly string[], type: string): boolean {
  return types.includes(type);
}
