import { describe, expect, it } from 'vitest';
import { atlasOf } from '../../../src/page/model/atlas.ts';
import { cardOf } from '../../../src/page/model/card.ts';
import type { PortMap } from '../../../src/report/port-map.ts';
import { EMPTY_MAP, MAP } from '../support/maps.ts';

const atlas = atlasOf(MAP);
const EDGE = [
  ['Name', 'edge'],
  ['Contact', 'Net@example.com'],
  ['Its ports', '30000-30003; 0 of 4 free'],
];
const TEAM_A = [
  ['Name', 'team-a'],
  ['Contact', 'none named'],
  ['Its ports', '30003-30005; 1 of 4 free; the gate assigns none of them'],
];
const NO_POOL = [['Name', 'none: the number is outside every pool']];
const NOTHING = { holders: [], squatters: [], hostPorts: [] };

describe('the card', () => {
  it('of a port that is open to the world and squatted', () => {
    expect(cardOf(atlas, 30_000)).toEqual({
      number: 30_000,
      state: 'squatted',
      pool: EDGE,
      advice: [
        'A Service that does not open it carries this number: it takes the number as soon as its type changes. Remove the number from that Service',
      ],
      holders: [
        {
          title: 'shop/web',
          facts: [
            ['Ports', 'http TCP'],
            ['Who may connect', 'the world: the Service does not say who may'],
            ['Type', 'NodePort'],
            ['Traffic policy', 'Cluster'],
            ['Answers on', 'every node (1)'],
            ['Policies', 'default'],
            ['Since', 'Service created 2026-10-01 08:00:00 UTC'],
          ],
          findings: [
            { rule: 'source-cidrs', enforcement: 'warn', message: 'metadata.annotations: it is open to the world' },
          ],
          command: 'kubectl get service web -n shop -o yaml',
        },
      ],
      squatters: [
        {
          title: 'erp/alias',
          facts: [
            ['Carries', 'port x TCP'],
            ['Type', 'ExternalName'],
            ['Would take it from', 'shop/web'],
          ],
          findings: [],
          command: 'kubectl get service alias -n erp -o yaml',
        },
      ],
      hostPorts: [],
    });
  });

  it('of a Service with Local says which nodes answer', () => {
    expect(cardOf(atlas, 30_005)).toEqual({
      number: 30_005,
      state: 'held',
      pool: TEAM_A,
      advice: [],
      ...NOTHING,
      holders: [
        {
          title: 'team-a/db',
          facts: [
            ['Ports', 'sql TCP'],
            ['Who may connect', '10.0.0.0/8 (spec.loadBalancerSourceRanges)'],
            ['Type', 'LoadBalancer, beside the address of the load balancer'],
            ['Traffic policy', 'Local'],
            ['Answers on', 'worker-1 192.0.2.1 203.0.113.1'],
            ['Silent on', 'no node'],
            ['Policies', 'none matches'],
          ],
          findings: [],
          command: 'kubectl get service db -n team-a -o yaml',
        },
      ],
    });
  });

  it('of a port that two Services hold, of which nothing more is known', () => {
    const unknown = [['Who may connect', 'not known: the Service or its ports are newer than the last audit']];
    expect(cardOf(atlas, 30_001)).toEqual({
      number: 30_001,
      state: 'shared',
      pool: EDGE,
      advice: [
        'Several Services have this number: clients reach one of them, and which one is not defined. Give all but one another number',
      ],
      ...NOTHING,
      holders: [
        {
          title: 'shop/api',
          facts: [['Ports', '8080 TCP'], ...unknown],
          findings: [],
          command: 'kubectl get service api -n shop -o yaml',
        },
        {
          title: 'team-a/api',
          facts: [['Ports', 'healthCheck TCP'], ...unknown],
          findings: [],
          command: 'kubectl get service api -n team-a -o yaml',
        },
      ],
    });
  });

  it('of a host port', () => {
    expect(cardOf(atlas, 30_007)).toEqual({
      number: 30_007,
      state: 'host-port',
      pool: NO_POOL,
      advice: [
        'Pods take this number on their nodes, inside the range: a Service that gets it takes their traffic. Give the pods a number outside the range',
      ],
      ...NOTHING,
      hostPorts: [
        {
          title: 'DaemonSet monitoring/agent',
          facts: [
            ['Takes it by', 'hostPort TCP, 2 pods'],
            ['Node port of', 'shop/x'],
          ],
          findings: MAP.hostPorts[0]?.findings,
          command: 'kubectl get daemonset agent -n monitoring -o yaml',
        },
      ],
    });
  });

  it('of a number outside the range tells of the take-over', () => {
    const { advice, state } = cardOf(atlas, 22);
    expect([state, advice]).toEqual([
      'held',
      [
        'Outside the range 30000-30009: the API server allocates no such number, so it came past it; a port like this can take over a port of the node itself. Change the Service, and close the hole with manifests/floor.yaml',
      ],
    ]);
  });

  it.each<[number: number, rest: object]>([
    [
      80,
      {
        state: 'outside-range',
        pool: NO_POOL,
        advice: ['Outside the range 30000-30009: the API server does not allocate it'],
      },
    ],
    [
      30_002,
      {
        state: 'reserved',
        pool: EDGE,
        advice: [
          'Never assigned, and a Service that writes it is reported. To use it, ask Net@example.com for an exception',
        ],
      },
    ],
    [
      30_004,
      {
        state: 'free',
        pool: TEAM_A,
        advice: [
          'Free for namespaces that may use pool team-a: write it as nodePort; the gate assigns none of this pool',
        ],
        line: 'nodePort: 30004',
      },
    ],
    [
      30_006,
      {
        state: 'free',
        pool: NO_POOL,
        advice: ['Free, and in no pool: write it as nodePort'],
        line: 'nodePort: 30006',
      },
    ],
  ])('of %i, which nothing has', (number, rest) => {
    expect(cardOf(atlas, number)).toEqual({ number, ...NOTHING, ...rest });
  });

  it('of a number of several pools names them all', () => {
    expect(cardOf(atlas, 30_003).pool).toEqual([...EDGE, ['Also in', 'team-a']]);
  });

  it('of a free port in a pool that assigns', () => {
    const pools = MAP.pools.map((pool) => ({ ...pool, assign: true }));
    expect(cardOf(atlasOf({ ...MAP, pools }), 30_004).advice).toEqual([
      'Free for namespaces that may use pool team-a: write it as nodePort, or leave nodePort out and get a number of the pool',
    ]);
  });

  it.each<[what: string, map: PortMap, text: string]>([
    ['no policy is in force', EMPTY_MAP, 'not known: no policy is in force'],
    ['the policy has no pools', { ...EMPTY_MAP, policy: { hash: 'x' } }, 'none: the policy has no pools'],
  ])('when %s', (_, map, text) => {
    expect(cardOf(atlasOf(map), 30_000).pool).toEqual([['Name', text]]);
  });

  it.each<[what: string, service: Partial<PortMap['services'][number]>, facts: readonly (readonly string[])[]]>([
    ['sources that let nobody in', { sources: { field: 'x', networks: [] } }, [['Who may connect', 'nobody (x)']]],
    [
      'nodes that nobody knows',
      { externalTrafficPolicy: 'Local' },
      [
        ['Who may connect', 'the Service does not say'],
        ['Traffic policy', 'Local'],
        ['Answers on', 'nodes with a ready pod; which ones is not known'],
      ],
    ],
  ])('says %s', (_, service, facts) => {
    const [first] = MAP.services;
    const services = first === undefined ? [] : [{ ...first, namespace: 'shop', name: 'api', ...service }];
    const shown = cardOf(atlasOf({ ...MAP, services }), 30_001).holders[0]?.facts ?? [];
    expect(shown.filter(([label]) => facts.some(([wanted]) => wanted === label))).toEqual(facts);
  });

  it('says that no audit has run', () => {
    const { auditedAt: _, ...map } = { ...MAP, services: [] };
    expect(cardOf(atlasOf(map), 30_005).holders[0]?.facts).toEqual([
      ['Ports', 'sql TCP'],
      ['Who may connect', 'not known: no audit has run; start the gate with --audit-interval'],
    ]);
  });

  it('says what nobody has looked up', () => {
    const { auditedAt: _, nodes: __, ...rest } = MAP;
    const squatters = MAP.squatters.map(({ type: ___, ...squatter }) => ({ ...squatter, victims: [] }));
    const pools = MAP.pools.map(({ contact: ____, ...pool }) => pool);
    const bare = atlasOf({ ...rest, squatters, pools });
    expect(cardOf(bare, 30_008).squatters).toEqual([
      {
        title: 'erp/old',
        facts: [
          ['Carries', 'port y TCP'],
          ['Type', 'not known: no audit has run; start the gate with --audit-interval'],
        ],
        findings: [],
        command: 'kubectl get service old -n erp -o yaml',
      },
    ]);
    expect(cardOf(bare, 30_000).holders[0]?.facts[4]).toEqual(['Answers on', 'every node']);
    expect(cardOf(bare, 30_005).holders[0]?.facts[4]).toEqual(['Answers on', 'worker-1']);
    expect(cardOf(bare, 30_002).advice).toEqual([
      'Never assigned, and a Service that writes it is reported. To use it, ask the owner of the pool for an exception',
    ]);
  });

  it('of a host port that is no node port of anybody', () => {
    const hostPorts = MAP.hostPorts.map((host) => ({ ...host, pods: 1, holders: [] }));
    expect(cardOf(atlasOf({ ...MAP, hostPorts }), 30_007).hostPorts).toEqual([
      {
        title: 'DaemonSet monitoring/agent',
        facts: [['Takes it by', 'hostPort TCP, 1 pod']],
        findings: MAP.hostPorts[0]?.findings,
        command: 'kubectl get daemonset agent -n monitoring -o yaml',
      },
    ]);
  });
});
