import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { sourceCidrs } from './rule.ts';

const SOURCE_CIDRS_ANNOTATION = 'nodeport-gate.dev/source-cidrs';
const LEGACY_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

const path = ['metadata', 'annotations', SOURCE_CIDRS_ANNOTATION];
const rangesPath = ['spec', 'loadBalancerSourceRanges'];
const legacyPath = ['metadata', 'annotations', LEGACY_ANNOTATION];
const ports = [{ port: 80, nodePort: 30080 }];
const shortest = { minPrefixLength: { ipv4: 8, ipv6: 16 } };

function nodePort(sources: string, spec: JsonObject = {}): JsonObject {
  return {
    metadata: { annotations: { [SOURCE_CIDRS_ANNOTATION]: sources } },
    spec: { type: 'NodePort', ports, ...spec },
  };
}

/** A load balancer whose only open port is the health check. */
function closedLoadBalancer(spec: JsonObject = {}, annotations: JsonObject = {}): JsonObject {
  return {
    metadata: { annotations },
    spec: {
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32104,
      ports: [{ port: 80 }],
      ...spec,
    },
  };
}

function malformed(
  item: string,
  text: string,
): { messageId: 'malformed'; path: string[]; text: string; value: string } {
  return { messageId: 'malformed', path, text: `"${item}" ${text}`, value: item };
}

const missing = {
  messageId: 'missing',
  path,
  text: 'missing; list the networks that may connect, such as "192.0.2.0/24"',
} as const;
const bypassed = {
  messageId: 'bypassed',
  path,
  text: 'missing, and loadBalancerSourceRanges filters no node ports; add it, such as "192.0.2.0/24", or open none (allocateLoadBalancerNodePorts: false)',
} as const;
const world = {
  messageId: 'world',
  path,
  text: '0.0.0.0/0 is open to the world (IPv4); list only the networks that need it',
  value: '0.0.0.0/0',
} as const;

export const cases = casesFor(sourceCidrs, {
  valid: [
    { name: 'networks of both families', options: shortest, service: nodePort('203.0.113.0/24, 2001:db8::/48') },
    {
      name: 'networks within the allowed ones, which touch each other',
      options: { within: ['10.0.0.0/9', '10.128.0.0/9', '2001:db8::/32'] },
      service: nodePort('  10.0.0.0/8 ,10.1.0.0/16,2001:DB8:0:0::/48  '),
    },
    {
      name: 'nothing opens, nothing to say',
      service: { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } },
    },
    { name: 'not required', options: { required: false }, service: { spec: { type: 'NodePort', ports } } },
    {
      name: 'the world where it is allowed',
      options: { allowWorld: true, ...shortest },
      service: nodePort('0.0.0.0/0,::/0'),
    },
    { name: 'half of the world is not the world', service: nodePort('0.0.0.0/1') },
    {
      name: 'the filter of a load balancer without node ports',
      service: closedLoadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'], ipFamilies: ['IPv4'] }),
      stage: 'final',
    },
    {
      name: 'the same before its health check has a number',
      service: closedLoadBalancer({ healthCheckNodePort: 0, loadBalancerSourceRanges: ['203.0.113.0/24'] }),
    },
    {
      name: 'the older annotation of load balancers',
      service: closedLoadBalancer({}, { [LEGACY_ANNOTATION]: '203.0.113.0/24, 198.51.100.0/24' }),
      stage: 'final',
    },
    {
      name: 'the filter of a load balancer with node ports, where nodes are out of reach anyway',
      options: { acceptLoadBalancerSourceRanges: 'always' },
      service: { spec: { type: 'LoadBalancer', ports, loadBalancerSourceRanges: ['203.0.113.0/24'] } },
    },
    {
      name: 'an unfiltered family where the world is allowed',
      options: { allowWorld: true },
      service: closedLoadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'], ipFamilies: ['IPv4', 'IPv6'] }),
      stage: 'final',
    },
  ],
  invalid: [
    { name: 'a NodePort without sources', service: { spec: { type: 'NodePort', ports } }, findings: [missing] },
    {
      name: 'the example is one that the policy lets pass',
      options: { within: ['10.0.0.0/8'], minPrefixLength: { ipv4: 16 } },
      service: { spec: { type: 'NodePort', ports } },
      findings: [{ ...missing, text: 'missing; list the networks that may connect, such as "10.0.0.0/16"' }],
    },
    {
      name: 'an example within the whole of IPv6 is not all of it',
      options: { within: ['::/0'] },
      service: { spec: { type: 'NodePort', ports } },
      findings: [{ ...missing, text: 'missing; list the networks that may connect, such as "::/16"' }],
    },
    {
      name: 'ranges on a load balancer whose node ports go around them',
      service: { spec: { type: 'LoadBalancer', ports, loadBalancerSourceRanges: ['203.0.113.0/24'] } },
      findings: [bypassed],
    },
    {
      name: 'node ports that have only the made-up numbers of a dry run go around them too',
      service: {
        metadata: {
          managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {} }],
        },
        spec: {
          type: 'LoadBalancer',
          ports: [{ port: 80, nodePort: 32769 }],
          loadBalancerSourceRanges: ['203.0.113.0/24'],
        },
      },
      stage: 'final',
      dryRun: true,
      findings: [bypassed],
    },
    {
      name: 'one number that is written out is enough',
      service: closedLoadBalancer({
        ports: [
          { name: 'http', port: 80 },
          { name: 'https', port: 443, nodePort: 30443 },
        ],
        loadBalancerSourceRanges: ['203.0.113.0/24'],
      }),
      stage: 'final',
      findings: [bypassed],
    },
    {
      name: 'ranges that the policy does not accept',
      options: { acceptLoadBalancerSourceRanges: 'never' },
      service: closedLoadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'] }),
      stage: 'final',
      findings: [missing],
    },
    {
      name: 'an empty list of ranges is no filter',
      service: closedLoadBalancer({ loadBalancerSourceRanges: [] }),
      stage: 'final',
      findings: [missing],
    },
    {
      name: 'ranges that stand on a NodePort filter nothing',
      options: { acceptLoadBalancerSourceRanges: 'always' },
      service: { spec: { type: 'NodePort', ports, loadBalancerSourceRanges: ['203.0.113.0/24'] } },
      findings: [missing],
    },
    {
      name: 'an empty annotation, also where none is required',
      options: { required: false },
      service: nodePort('   '),
      findings: [malformed('', 'is empty; name a network, as in 192.0.2.0/24, or remove the comma')],
    },
    {
      name: 'an empty annotation is not made up for by ranges',
      service: closedLoadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'] }, { [SOURCE_CIDRS_ANNOTATION]: '' }),
      stage: 'final',
      findings: [malformed('', 'is empty; name a network, as in 192.0.2.0/24, or remove the comma')],
    },
    {
      name: 'every kind of bad item, the same one once',
      service: nodePort(
        '10.0.0.1/8,10.0.0.1,10.0.0.0/08,010.0.0.0/8,10.0.0.0/33,2001:db8::/129,fe80::%eth0/64,foo,foo,,2001:db8::1/32',
      ),
      findings: [
        malformed('10.0.0.1/8', 'has bits set beyond the prefix; write 10.0.0.0/8'),
        malformed('10.0.0.1', 'has no prefix length; write 10.0.0.1/32 for this one address'),
        malformed('10.0.0.0/08', 'has a leading zero; write its numbers without'),
        malformed('010.0.0.0/8', 'has a leading zero; write its numbers without'),
        malformed('10.0.0.0/33', 'has no possible prefix length; write one from /0 to /32'),
        malformed('2001:db8::/129', 'has no possible prefix length; write one from /0 to /128'),
        malformed('fe80::%eth0/64', 'has a zone; write it without'),
        malformed('foo', 'is no network; write it as in 192.0.2.0/24 or 2001:db8::/48'),
        malformed('', 'is empty; name a network, as in 192.0.2.0/24, or remove the comma'),
        malformed('2001:db8::1/32', 'has bits set beyond the prefix; write 2001:db8::/32'),
      ],
    },
    {
      name: 'IPv4 dressed up as IPv6',
      service: nodePort('::ffff:10.0.0.0/104,::ffff:0:0/90,::ffff:a00:1'),
      findings: [
        malformed('::ffff:10.0.0.0/104', 'is IPv4 in the form of IPv6; write 10.0.0.0/8'),
        malformed('::ffff:0:0/90', 'is IPv4 in the form of IPv6; write the IPv4 network'),
        malformed('::ffff:a00:1', 'has no prefix length; write 10.0.0.1/32 for this one address'),
      ],
    },
    {
      name: 'a text that is meant to mislead',
      service: nodePort('10.0.0.0/8\n,１0.0.0.0/8'),
      findings: [
        {
          ...malformed('10.0.0.0/8\n', ''),
          text: '"10.0.0.0/8\\u000a" is no network; write it as in 192.0.2.0/24 or 2001:db8::/48',
        },
        malformed('１0.0.0.0/8', 'is no network; write it as in 192.0.2.0/24 or 2001:db8::/48'),
      ],
    },
    {
      name: 'a bad item that was there before does not hide what is added to it',
      service: nodePort('foo,0.0.0.0/0'),
      old: nodePort('foo'),
      findings: [
        { ...malformed('foo', 'is no network; write it as in 192.0.2.0/24 or 2001:db8::/48'), enforcement: 'warn' },
        world,
      ],
    },
    {
      name: 'more than anybody reads',
      service: nodePort(Array.from({ length: 65 }, (_, index) => `10.0.${index}.0/24`).join()),
      findings: [
        {
          messageId: 'tooMany',
          path,
          text: 'more than 64 networks; merge neighbours or list larger ones',
          value: Array.from({ length: 65 }, (_, index) => `10.0.${index}.0/24`).join(),
          unsaid: 'the list is too long to repeat',
        },
      ],
    },
    {
      name: 'networks that stick out of the allowed ones',
      options: { within: ['10.0.0.0/8', '203.0.113.0/24'] },
      service: nodePort('10.0.0.0/7,10.1.0.0/16,192.0.2.0/24,2001:db8::/48'),
      findings: [
        {
          messageId: 'notWithin',
          path,
          text: '10.0.0.0/7 is not within 10.0.0.0/8 or 203.0.113.0/24; list only networks from there',
          value: '10.0.0.0/7',
        },
        {
          messageId: 'notWithin',
          path,
          text: '192.0.2.0/24 is not within 10.0.0.0/8 or 203.0.113.0/24; list only networks from there',
          value: '192.0.2.0/24',
        },
        {
          messageId: 'notWithin',
          path,
          text: '2001:db8::/48 is not within 10.0.0.0/8 or 203.0.113.0/24; list only networks from there',
          value: '2001:db8::/48',
        },
      ],
    },
    {
      name: 'neighbours are merged before their size is judged',
      options: shortest,
      service: nodePort('11.0.0.0/8,10.0.0.0/8,2000::/16,2001::/16,203.0.113.0/24'),
      findings: [
        {
          messageId: 'tooWide',
          path,
          text: '10.0.0.0/7 is wider than /8; list only the networks that need it',
          value: '10.0.0.0/7',
        },
        {
          messageId: 'tooWide',
          path,
          text: '2000::/15 is wider than /16; list only the networks that need it',
          value: '2000::/15',
        },
      ],
    },
    {
      name: 'a wide network that was there before does not excuse its new neighbour',
      options: shortest,
      service: nodePort('10.0.0.0/7,12.0.0.0/7'),
      old: nodePort('10.0.0.0/7'),
      findings: [
        {
          messageId: 'tooWide',
          path,
          text: '10.0.0.0/7 is wider than /8; list only the networks that need it',
          value: '10.0.0.0/7',
          enforcement: 'warn',
        },
        {
          messageId: 'tooWide',
          path,
          text: '12.0.0.0/7 is wider than /8; list only the networks that need it',
          value: '12.0.0.0/7',
        },
      ],
    },
    { name: 'the world', options: shortest, service: nodePort('10.0.0.0/8,0.0.0.0/0'), findings: [world] },
    {
      name: 'the world in two halves',
      options: shortest,
      service: nodePort('0.0.0.0/1,128.0.0.0/1'),
      findings: [world],
    },
    {
      name: 'the world but for a sliver',
      service: nodePort('0.0.0.0/1,128.0.0.0/2,192.0.0.0/3,224.0.0.0/4'),
      findings: [
        {
          ...world,
          text: '0.0.0.0/1, 128.0.0.0/2 with 2 more is open to the world (IPv4); list only the networks that need it',
          value: '0.0.0.0/1, 128.0.0.0/2, 192.0.0.0/3, 224.0.0.0/4',
          unsaid: 'a list can be long; its widest networks are named',
        },
      ],
    },
    {
      name: 'all of IPv6 that is routed',
      options: shortest,
      service: nodePort('2000::/4,3000::/5'),
      findings: [
        {
          ...world,
          text: '2000::/4 with 3000::/5 is open to the world (IPv6); list only the networks that need it',
          value: '2000::/4, 3000::/5',
          unsaid: 'a list can be long; its widest networks are named',
        },
      ],
    },
    {
      name: 'ranges of a load balancer are judged as the annotation is',
      service: closedLoadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24', '0.0.0.0/0'] }),
      stage: 'final',
      findings: [{ ...world, path: rangesPath }],
    },
    {
      name: 'so is the older annotation',
      service: closedLoadBalancer({}, { [LEGACY_ANNOTATION]: '' }),
      stage: 'final',
      findings: [
        {
          ...malformed('', 'is empty; name a network, as in 192.0.2.0/24, or remove the comma'),
          path: legacyPath,
        },
      ],
    },
    {
      name: 'kube-proxy does not filter a family that the ranges leave out',
      service: closedLoadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'], ipFamilies: ['IPv4', 'IPv6'] }),
      stage: 'final',
      findings: [
        {
          messageId: 'unfilteredFamily',
          path: rangesPath,
          text: 'no IPv6 network is listed, so IPv6 is open to the world; list one',
          value: 'IPv6',
        },
      ],
    },
    {
      name: 'a family that the annotation leaves out is closed, which may be a surprise',
      service: nodePort('2001:db8::/48', { ipFamilies: ['IPv6', 'IPv4'] }),
      stage: 'final',
      findings: [
        {
          messageId: 'closedFamily',
          path,
          text: 'no IPv4 network is listed, so IPv4 stays closed; list one if it is used',
          value: 'IPv4',
          enforcement: 'warn',
        },
      ],
    },
  ],
});
