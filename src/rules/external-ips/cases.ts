import { casesFor } from '../cases.ts';
import { externalIps } from './rule.ts';

const ports = [{ port: 80 }];
const at = (index: number): readonly (string | number)[] => ['spec', 'externalIPs', index];
const forbidden = {
  messageId: 'forbidden',
  path: at(0),
  text: '"203.0.113.7" is not allowed, as no external IP is; remove it',
  value: '203.0.113.7',
} as const;

export const cases = casesFor(externalIps, {
  valid: [
    { name: 'no external IP', service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } } },
    {
      name: 'an address from the allowed networks',
      options: { allowed: ['203.0.113.0/24', '2001:db8::/32'] },
      service: { spec: { type: 'ClusterIP', ports, externalIPs: ['203.0.113.7', '2001:DB8::7'] } },
    },
    {
      name: 'what a running ExternalName carries does no harm',
      options: { enforcement: 'audit', allowed: ['203.0.113.7/32'] },
      service: { spec: { type: 'ExternalName', externalName: 'example.com', externalIPs: ['203.0.113.7'] } },
    },
  ],
  invalid: [
    {
      name: 'nothing is allowed unless it is listed',
      service: { spec: { type: 'ClusterIP', ports, externalIPs: ['203.0.113.7'] } },
      findings: [forbidden],
    },
    {
      name: 'an ExternalName may become a ClusterIP in its next update',
      service: { spec: { type: 'ExternalName', externalName: 'example.com', ports, externalIPs: ['203.0.113.7'] } },
      findings: [forbidden],
    },
    {
      name: 'which it then has to answer for',
      service: { spec: { type: 'ClusterIP', ports, externalIPs: ['203.0.113.7'] } },
      old: { spec: { type: 'ExternalName', externalName: 'example.com', ports, externalIPs: ['203.0.113.7'] } },
      findings: [forbidden],
    },
    {
      name: 'a running external IP may stay, but gains no port',
      service: {
        spec: {
          type: 'ClusterIP',
          ports: [
            { name: 'http', port: 80 },
            { name: 'ssh', port: 22 },
          ],
          externalIPs: ['203.0.113.7'],
        },
      },
      old: { spec: { type: 'ClusterIP', ports: [{ name: 'http', port: 80 }], externalIPs: ['203.0.113.7'] } },
      findings: [forbidden],
    },
    {
      name: 'a running external IP stays while its ports do',
      service: { spec: { type: 'ClusterIP', ports, externalIPs: ['203.0.113.7'], sessionAffinity: 'ClientIP' } },
      old: { spec: { type: 'ClusterIP', ports, externalIPs: ['203.0.113.7'] } },
      findings: [{ ...forbidden, enforcement: 'warn' }],
    },
    {
      name: 'one finding for each address that is elsewhere',
      options: { allowed: ['203.0.113.0/24', '192.0.2.0/25', '198.51.100.0/24', '2001:db8::/32'] },
      service: {
        spec: { type: 'LoadBalancer', ports, externalIPs: ['192.0.2.127', '192.0.2.128', '203.0.113.7', '2001:db9::'] },
      },
      findings: [
        {
          messageId: 'outside',
          path: at(1),
          text: '"192.0.2.128" is not within 203.0.113.0/24, 192.0.2.0/25, 198.51.100.0/24 or 1 more; remove it or use an address from there',
          value: '192.0.2.128',
        },
        {
          messageId: 'outside',
          path: at(3),
          text: '"2001:db9::" is not within 203.0.113.0/24, 192.0.2.0/25, 198.51.100.0/24 or 1 more; remove it or use an address from there',
          value: '2001:db9::',
        },
      ],
    },
    {
      name: 'a text that different readers read differently',
      options: { allowed: ['0.0.0.0/0', '::/0'] },
      service: {
        spec: {
          type: 'NodePort',
          ports: [{ port: 80, nodePort: 30080 }],
          externalIPs: ['010.0.0.1', '::ffff:10.0.0.1', 'fe80::1%eth0', '10.1', '', '10.0.0.1\u0000\u202e'],
        },
      },
      findings: [
        {
          messageId: 'malformed',
          path: at(0),
          text: '"010.0.0.1" has a leading zero; write its numbers without',
          value: '010.0.0.1',
        },
        {
          messageId: 'malformed',
          path: at(1),
          text: '"::ffff:10.0.0.1" is IPv4 in the form of IPv6; write 10.0.0.1',
          value: '::ffff:10.0.0.1',
        },
        {
          messageId: 'malformed',
          path: at(2),
          text: '"fe80::1%eth0" has a zone; write it without',
          value: 'fe80::1%eth0',
        },
        {
          messageId: 'malformed',
          path: at(3),
          text: '"10.1" is no IP address; write one as in 192.0.2.1 or 2001:db8::1',
          value: '10.1',
        },
        { messageId: 'malformed', path: at(4), text: '"" is empty; write an address or remove it', value: '' },
        {
          messageId: 'malformed',
          path: at(5),
          text: '"10.0.0.1\\u0000\\u202e" is no IP address; write one as in 192.0.2.1 or 2001:db8::1',
          value: '10.0.0.1\u0000\u202e',
        },
      ],
    },
  ],
});
