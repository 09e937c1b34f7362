import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { sharedPortNumber } from './rule.ts';

const dnsTcp = { name: 'dns-tcp', port: 53, nodePort: 30_053 };
const dnsUdp = { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_053 };

function open(...ports: readonly JsonObject[]): JsonObject {
  return { spec: { type: 'NodePort', ports } };
}

function shared(index: number, port: number, protocol: string) {
  return {
    messageId: 'shared',
    path: ['spec', 'ports', index, 'port'],
    text: `${port} is shared with ${protocol}, which kubectl apply mixes up; apply with --server-side`,
    value: port,
  } as const;
}

export const cases = casesFor(sharedPortNumber, {
  valid: [
    { name: 'one port', service: open(dnsTcp) },
    { name: 'two numbers', service: open(dnsTcp, { ...dnsUdp, port: 5353, nodePort: 30_054 }) },
    { name: 'one node port for two port numbers', service: open(dnsTcp, { ...dnsUdp, port: 5353 }) },
    {
      name: 'a Service that opens nothing',
      service: {
        spec: {
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53 },
          ],
        },
      },
    },
    { name: 'the same port twice, which the API server refuses', service: open(dnsTcp, { ...dnsTcp, name: 'again' }) },
    {
      name: 'TCP left out and written out',
      service: open(dnsTcp, { name: 'again', port: 53, protocol: 'TCP', nodePort: 30_054 }),
    },
    { name: 'no ports at all', service: { spec: { type: 'NodePort', clusterIP: 'None' } } },
  ],
  invalid: [
    { name: 'TCP and UDP', service: open(dnsTcp, dnsUdp), findings: [shared(1, 53, 'TCP')] },
    {
      name: 'node ports of their own do not help',
      service: open(dnsUdp, { ...dnsTcp, nodePort: 30_054 }),
      findings: [shared(1, 53, 'UDP')],
    },
    {
      name: 'before they have numbers',
      service: {
        spec: {
          type: 'LoadBalancer',
          ports: [
            { name: 'quic', port: 443, protocol: 'UDP' },
            { name: 'http', port: 80 },
            { name: 'https', port: 443 },
          ],
        },
      },
      findings: [shared(2, 443, 'UDP')],
    },
    {
      name: 'ports without names, which the API server refuses for another reason',
      service: open({ port: 53, nodePort: 30_053 }, { port: 53, protocol: 'SCTP', nodePort: 30_053 }),
      findings: [shared(1, 53, 'TCP')],
    },
    {
      name: 'every protocol but the first, once',
      service: open(
        dnsTcp,
        dnsUdp,
        { ...dnsUdp, name: 'again' },
        { name: 'sctp', port: 53, protocol: 'SCTP', nodePort: 30_053 },
      ),
      findings: [shared(1, 53, 'TCP'), shared(3, 53, 'TCP')],
    },
    {
      name: 'a hostile name and protocol',
      service: open({ name: 'a\u001b[2J', port: 53, protocol: 'tcp\n', nodePort: 30_053 }, dnsUdp),
      findings: [shared(1, 53, 'tcp\\u000a')],
    },
    {
      name: 'an update that adds the second protocol',
      old: open(dnsTcp),
      service: open(dnsTcp, dnsUdp),
      findings: [shared(1, 53, 'TCP')],
    },
    {
      name: 'what runs with both',
      old: open(dnsTcp, dnsUdp),
      service: open(dnsTcp, dnsUdp),
      findings: [{ ...shared(1, 53, 'TCP'), enforcement: 'warn' }],
    },
  ],
});
