import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { carried, opened, opensNodePorts } from '../../src/domain/node-port.ts';
import { serviceOf } from '../support/manifest.ts';

const ports = [
  { name: 'http', port: 80, nodePort: 30_080 },
  { port: 81 },
  { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_053 },
];
const http = { number: 30_080, protocol: 'TCP', label: 'http', path: ['spec', 'ports', 0, 'nodePort'] };
const dns = { number: 30_053, protocol: 'UDP', label: 'dns', path: ['spec', 'ports', 2, 'nodePort'] };
const healthCheck = { number: 32_104, protocol: 'TCP', label: 'healthCheck', path: ['spec', 'healthCheckNodePort'] };

describe('opensNodePorts', () => {
  it.each([
    ['NodePort', true],
    ['LoadBalancer', true],
    ['ClusterIP', false],
    ['ExternalName', false],
    ['', false],
    ['nodeport', false],
    ['constructor', false],
  ])('%s: %j', (type, wanted) => {
    expect(opensNodePorts(type)).toBe(wanted);
  });
});

describe('opened', () => {
  it.each<[string, JsonObject, readonly object[]]>([
    ['NodePort', { type: 'NodePort', ports }, [http, dns]],
    ['LoadBalancer', { type: 'LoadBalancer', ports }, [http, dns]],
    [
      'LoadBalancer that allocates none, but has numbers written out',
      { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports },
      [http, dns],
    ],
    [
      'LoadBalancer with a health check',
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_104, ports },
      [http, dns, healthCheck],
    ],
    [
      'LoadBalancer with nothing but a health check',
      {
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        allocateLoadBalancerNodePorts: false,
        healthCheckNodePort: 32_104,
        ports: [{ port: 80 }],
      },
      [healthCheck],
    ],
    ['ClusterIP with stale numbers', { type: 'ClusterIP', healthCheckNodePort: 32_104, ports }, []],
    ['ExternalName that carries numbers', { type: 'ExternalName', externalName: 'a.example.com', ports }, []],
    ['no type', { ports }, []],
    [
      'null and 0 are no numbers',
      {
        type: 'NodePort',
        ports: [
          { port: 80, nodePort: null },
          { port: 81, nodePort: 0 },
        ],
      },
      [],
    ],
    [
      'numbers that no port can have',
      {
        type: 'NodePort',
        ports: [
          { port: 80, nodePort: -5 },
          { port: 81, nodePort: 99_999 },
        ],
      },
      [
        { number: -5, protocol: 'TCP', label: '80', path: ['spec', 'ports', 0, 'nodePort'] },
        { number: 99_999, protocol: 'TCP', label: '81', path: ['spec', 'ports', 1, 'nodePort'] },
      ],
    ],
    ['no ports at all', { type: 'NodePort' }, []],
  ])('%s', (_, spec, wanted) => {
    expect(opened(serviceOf({ spec }))).toEqual(wanted);
  });
});

describe('carried', () => {
  it.each(['ClusterIP', 'ExternalName', 'NodePort', 'LoadBalancer'])('lists the numbers of a %s', (type) => {
    const service = serviceOf({ spec: { type, externalName: 'a.example.com', healthCheckNodePort: 32_104, ports } });
    expect(carried(service)).toEqual([http, dns, healthCheck]);
  });
});
