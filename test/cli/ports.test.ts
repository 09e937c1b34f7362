import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PortMap } from '../../src/report/port-map.ts';
import { kubeconfigFor, startFakeApiServer } from '../cluster/support/fake-api-server.ts';
import { type Ran, runCommand } from '../support/command-line.ts';
import { makeDumpDirectory } from '../support/dump-directory.ts';

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30010-30015"], reserved: [30011], namespaces: [shop], contact: shop@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: ClusterProfile
metadata: {name: small}
spec: {serviceNodePortRange: 30000-30020}
`;

function service(name: string, nodePort: number, spec: object = {}) {
  const http = { name: 'http', port: 80, protocol: 'TCP', nodePort };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name, annotations: { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8' } },
    spec: { type: 'NodePort', ipFamilies: ['IPv4'], ports: [http], ...spec },
  };
}

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'ops', name: 'proxy' },
  spec: {
    nodeName: 'n1',
    containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 30_012, protocol: 'TCP' }] }],
  },
  status: { phase: 'Running' },
};

const OTHER = { ...service('dns', 30_020), metadata: { namespace: 'ops', name: 'dns' } };

const { cwd, dump } = await makeDumpDirectory(POLICY);

await dump(
  'east.json',
  service('web', 30_010),
  service('old', 8080),
  service('bait', 30_010, { type: 'ExternalName', externalName: 'example.com' }),
  OTHER,
  POD,
);
await dump('west.json', service('api', 30_013), {
  ...service('web', 30_011),
  metadata: { namespace: 'lab', name: 'web' },
});

function ports(...args: readonly string[]): Promise<Ran> {
  return runCommand(['ports', ...args], { cwd });
}

const EAST = ['--inventory', 'east.json'];
const BOTH = [...EAST, '--inventory', 'west.json'];

function lines(...text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}

describe('ports of one cluster', () => {
  it('is a table by number', async () => {
    expect(await ports(...EAST)).toEqual({
      code: 0,
      out: lines(
        'NODE PORT  SERVICE        PORT      POOL  MARKS',
        '8080/TCP   shop/old       http      -     outside-range, unowned',
        '30010/TCP  shop/web       http      shop  -',
        '30010/TCP  shop/bait      http      shop  squatter',
        '30012/TCP  Pod ops/proxy  hostPort  -     host-port',
        '30020/TCP  ops/dns        http      -     unowned, open-to-world',
      ),
      err: '',
    });
  });

  it('shows what is free between the rest', async () => {
    expect(await ports(...EAST, '--pool', 'shop', '--free')).toEqual({
      code: 0,
      out: lines(
        'NODE PORT    SERVICE        PORT      POOL  MARKS',
        '30010/TCP    shop/web       http      shop  -',
        '30010/TCP    shop/bait      http      shop  squatter',
        '30012/TCP    Pod ops/proxy  hostPort  -     host-port',
        '30013-30015  free           -         shop  -',
      ),
      err: '',
    });
  });

  it('shows one namespace', async () => {
    expect(await ports(...EAST, '-n', 'ops')).toEqual({
      code: 0,
      out: lines(
        'NODE PORT  SERVICE        PORT      POOL  MARKS',
        '30012/TCP  Pod ops/proxy  hostPort  -     host-port',
        '30020/TCP  ops/dns        http      -     unowned, open-to-world',
      ),
      err: '',
    });
  });

  it('is its PortMap as JSON, as audit has it', async () => {
    const [own, audited] = await Promise.all([
      ports(...EAST, '-o', 'json'),
      runCommand(['audit', 'east.json', '-o', 'json'], { cwd }),
    ]);
    const { map } = JSON.parse(audited.out) as { readonly map: unknown };
    expect(JSON.parse(own.out)).toEqual(map);
  });

  it('has in JSON only what was asked for', async () => {
    const [all, some] = await Promise.all([
      ports(...EAST, '-o', 'json'),
      ports(...EAST, '--pool', 'shop', '--free', '-o', 'json'),
    ]);
    const map = JSON.parse(all.out) as PortMap;
    expect(JSON.parse(some.out)).toEqual({
      ...map,
      ports: map.ports.filter(({ name }) => name === 'web'),
      services: map.services.filter(({ name }) => name === 'bait' || name === 'web'),
      free: [{ ports: '30013-30015', pool: 'shop' }],
    });
  });

  it('is CSV, as from audit, with what is free', async () => {
    expect((await ports(...EAST, '--pool', 'shop', '--free', '-o', 'csv')).out.split('\r\n')).toMatchInlineSnapshot(`
      [
        "kind,node_port,protocol,namespace,name,port,type,pool,contact,sources,external_traffic_policy,answering_nodes,silent_nodes,marks,others,findings,created",
        "port,30010,TCP,shop,web,http,NodePort,shop,shop@example.com,10.0.0.0/8,Cluster,,,,,,",
        "squatter,30010,TCP,shop,bait,http,ExternalName,shop,shop@example.com,10.0.0.0/8,,,,,shop/web,external-name-node-port (deny),",
        "host-port,30012,TCP,ops,proxy,hostPort,Pod,,,,,,,,,host-port (warn),",
        "free,30013,,,,,,shop,,,,,,,,,",
        "free,30014,,,,,,shop,,,,,,,,,",
        "free,30015,,,,,,shop,,,,,,,,,",
        "",
      ]
    `);
  });

  it('reads a dump from standard input', async () => {
    const stdin = JSON.stringify(service('web', 30_010));
    expect(await runCommand(['ports', '--inventory', '-'], { cwd, stdin })).toEqual({
      code: 0,
      out: lines('NODE PORT  SERVICE   PORT  POOL  MARKS', '30010/TCP  shop/web  http  shop  -'),
      err: '',
    });
  });
});

describe('ports of the live cluster', () => {
  it('asks the API server as audit does', async () => {
    const api = await startFakeApiServer();
    try {
      api.putSilently('/api/v1/services', service('web', 30_010));
      await writeFile(join(cwd, 'config'), kubeconfigFor(api.url));
      const ran = await ports('--kubeconfig', 'config', '--pool', 'shop', '--free');
      expect({ ...ran, err: ran.err.replace(api.url, 'SERVER').replace(cwd, 'HERE') }).toEqual({
        code: 0,
        out: lines(
          'NODE PORT    SERVICE   PORT  POOL  MARKS',
          '30010/TCP    shop/web  http  shop  -',
          '30012-30015  free      -     shop  -',
        ),
        err: 'reading SERVER (HERE/config)\n',
      });
    } finally {
      await api.close();
    }
  });
});

describe('ports of several clusters', () => {
  it('is a table of numbers, with who has them where', async () => {
    expect(await ports(...BOTH, '--free')).toEqual({
      code: 0,
      out: lines(
        'NODE PORT    POOL  east.json                                  west.json',
        '8080         -     shop/old (http/TCP)                        outside',
        '30000-30009  -     free                                       free',
        '30010        shop  shop/web (http/TCP), shop/bait (squatter)  free',
        '30011        shop  reserved                                   lab/web (http/TCP)',
        '30012        shop  Pod ops/proxy (host port)                  free',
        '30013        shop  free                                       shop/api (http/TCP)',
        '30014-30015  shop  free                                       free',
        '30016-30019  -     free                                       free',
        '30020        -     ops/dns (http/TCP)                         free',
      ),
      err: 'west.json: not known: pods; what they take on their nodes counts as free\n',
    });
  });

  it('says of a number that is wanted in one cluster who has it in the others, whoever it is', async () => {
    await dump('north.json', service('web', 30_011));
    expect(await ports(...BOTH, '--inventory', 'north.json', '-n', 'lab')).toEqual({
      code: 0,
      out: lines(
        'NODE PORT  POOL  east.json  west.json           north.json',
        '30011      shop  reserved   lab/web (http/TCP)  shop/web (http/TCP)',
      ),
      err: '',
    });
  });

  it('has as JSON the maps by their files, and where a number is taken and where it is free', async () => {
    const { out } = await ports(...BOTH, '--free', '-o', 'json');
    const { items, ...rest } = JSON.parse(out) as {
      readonly items: readonly { readonly cluster: string; readonly map: unknown }[];
    };
    const alone = await Promise.all(
      ['east.json', 'west.json'].map(async (cluster) => {
        const one = await ports('--inventory', cluster, '-o', 'json');
        return { cluster, map: JSON.parse(one.out) as unknown };
      }),
    );
    expect(items).toEqual(alone);
    expect(rest).toMatchInlineSnapshot(`
      {
        "apiVersion": "nodeport-gate.dev/v1alpha1",
        "differences": [
          {
            "freeIn": [
              "west.json",
            ],
            "nodePort": 30010,
            "pool": "shop",
            "takenIn": [
              "east.json",
            ],
          },
          {
            "freeIn": [
              "west.json",
            ],
            "nodePort": 30012,
            "pool": "shop",
            "takenIn": [
              "east.json",
            ],
          },
          {
            "freeIn": [
              "east.json",
            ],
            "nodePort": 30013,
            "pool": "shop",
            "takenIn": [
              "west.json",
            ],
          },
          {
            "freeIn": [
              "west.json",
            ],
            "nodePort": 30020,
            "takenIn": [
              "east.json",
            ],
          },
        ],
        "free": [
          {
            "ports": "30000-30009",
          },
          {
            "pool": "shop",
            "ports": "30014-30015",
          },
          {
            "ports": "30016-30019",
          },
        ],
        "kind": "PortMapList",
      }
    `);
  });

  it('has as CSV the cluster in front, and where the number is free at the end', async () => {
    expect((await ports(...BOTH, '--free', '-o', 'csv')).out.split('\r\n')).toMatchInlineSnapshot(`
      [
        "cluster,kind,node_port,protocol,namespace,name,port,type,pool,contact,sources,external_traffic_policy,answering_nodes,silent_nodes,marks,others,findings,created,free_in",
        "east.json,port,8080,TCP,shop,old,http,NodePort,,,10.0.0.0/8,Cluster,,,"outside-range, unowned",,node-port-range (deny),,",
        "east.json,port,30010,TCP,shop,web,http,NodePort,shop,shop@example.com,10.0.0.0/8,Cluster,,,,,,,west.json",
        "east.json,squatter,30010,TCP,shop,bait,http,ExternalName,shop,shop@example.com,10.0.0.0/8,,,,,shop/web,external-name-node-port (deny),,west.json",
        "east.json,host-port,30012,TCP,ops,proxy,hostPort,Pod,,,,,,,,,host-port (warn),,west.json",
        "east.json,port,30020,TCP,ops,dns,http,NodePort,,,,Cluster,,,"unowned, open-to-world",,,,west.json",
        "west.json,port,30011,TCP,lab,web,http,NodePort,shop,shop@example.com,,Cluster,,,open-to-world,,"node-port-pool (deny), node-port-reserved (deny)",,",
        "west.json,port,30013,TCP,shop,api,http,NodePort,shop,shop@example.com,10.0.0.0/8,Cluster,,,,,,,east.json",
        ",free,30000,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30001,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30002,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30003,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30004,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30005,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30006,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30007,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30008,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30009,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30014,,,,,,shop,,,,,,,,,,"east.json, west.json"",
        ",free,30015,,,,,,shop,,,,,,,,,,"east.json, west.json"",
        ",free,30016,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30017,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30018,,,,,,,,,,,,,,,,"east.json, west.json"",
        ",free,30019,,,,,,,,,,,,,,,,"east.json, west.json"",
        "",
      ]
    `);
  });
});

describe('ports', () => {
  it('prints what it can, and ends with 2, where not everything can be read', async () => {
    await dump('odd.json', service('web', 30_010), { ...service('x', 1), spec: 'none' });
    expect(await ports('--inventory', 'odd.json')).toEqual({
      code: 2,
      out: lines('NODE PORT  SERVICE   PORT  POOL  MARKS', '30010/TCP  shop/web  http  shop  -'),
      err: 'odd.json:1:454: Service shop/x cannot be read: spec: "none" is a string; write an object\n',
    });
  });

  it.each([
    [['-n', 'nosuch'], 'nobody has a port in namespace nosuch; check the name, or leave the flag out\n'],
    [
      ['-n', 'nosuch', '--pool', 'shop'],
      'nobody has a port in namespace nosuch and pool shop; check the name, or leave the flag out\n',
    ],
  ])('says that nothing matches %j', async (args, err) => {
    const { code, out, err: said } = await ports(...EAST, ...args);
    expect([code, out.trimEnd().split('\n').length, said]).toEqual([0, 1, err]);
  });

  it.each<[readonly string[], string]>([
    [
      ['--inventory', 'none.json', '--inventory', 'nodeport-gate.yaml'],
      'none.json: this is not there; check the path\nnodeport-gate.yaml: there is no Service among 3 objects; make it with kubectl get services,endpointslices,nodes,pods,namespaces -A -o json\n',
    ],
    [
      ['--inventory', '', '-n', 'Lab', '--kubeconfig', 'k', '-p', ''],
      '--namespace: Lab is no namespace; use lower case letters, digits and -, at most 63\n--inventory: the path is empty; name a file, or leave the flag out\n--policy: the path is empty; name a file, or leave the flag out\n--inventory and --kubeconfig: no cluster is asked where there is a dump; leave out either\n',
    ],
    [[...EAST, '--pool', 'x'], '--pool: x is no pool of the policy; use shop\n'],
    [
      [...EAST, '--pool', '', '-o', 'xml'],
      '--output: xml is no format; use human, json or csv\n--pool: the name is empty; name a pool, or leave the flag out\n',
    ],
    [
      [...EAST, '--free', '-n', 'shop'],
      '--free: what is free belongs to no namespace; leave out --namespace, or ask the command free\n',
    ],
    [['-p', 'none.yaml'], 'none.yaml: this is not there; check the path\n'],
    [
      [],
      'there is no cluster: KUBECONFIG is not set, and ~/.kube/config is not there; give --kubeconfig FILE, in a pod --in-cluster, or a dump of kubectl get services,endpointslices,nodes,pods,namespaces -A -o json\n',
    ],
  ])('ends %j with 2', async (args, err) => {
    expect(await ports(...args)).toEqual({ code: 2, out: '', err });
  });
});
