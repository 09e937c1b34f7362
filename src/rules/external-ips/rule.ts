import { z } from 'zod';
import { covers, parseAddress } from '../../domain/cidr.ts';
import { defineRule, quoted } from '../define.ts';
import { describeAddressFault, nameNetworks, networks } from '../networks.ts';

export const externalIps = defineRule({
  name: 'external-ips',
  summary: 'Services claim only external IPs from the allowed networks.',
  why: 'Every node takes over traffic to an external IP, whoever owns that address, so one Service can intercept what is meant for others (CVE-2020-8554).',
  subject: 'every-service',
  words: ['externalIPs'],
  options: z.strictObject({
    allowed: networks
      .prefault([])
      .describe('Networks that an external IP may come from; write a single address as /32 or /128.'),
  }),
  messages: {
    forbidden: { text: '{ip} is not allowed, as no external IP is; remove it' },
    outside: { text: '{ip} is not within {allowed}; remove it or use an address from there' },
    malformed: { text: '{ip} {problem}; {advice}' },
  },
  presets: { restricted: { enforcement: 'deny' } },
  // kube-proxy skips an ExternalName (ShouldSkipService): its external IPs are not there until the type changes.
  exposure: ({ type, externalIPs, ports }) =>
    type === 'ExternalName' || externalIPs.length === 0
      ? []
      : ports.map(({ port, protocol }) => ({ number: port, protocol })),
  check({ service }, { allowed }, report) {
    for (const [index, text] of service.externalIPs.entries()) {
      const path = ['spec', 'externalIPs', index];
      const ip = quoted(text);
      const parsed = parseAddress(text);
      if (!parsed.ok) {
        report('malformed', path, { ip, ...describeAddressFault(parsed.fault) });
        continue;
      }
      const { family, value } = parsed.value;
      if (covers(allowed.addresses, family, { first: value, last: value })) continue;
      if (allowed.list.length === 0) report('forbidden', path, { ip });
      else report('outside', path, { ip, allowed: nameNetworks(allowed) });
    }
  },
});
