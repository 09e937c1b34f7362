import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from '../e2e/support/control-plane.ts';
import { apply, read, whenFloorHolds } from '../e2e/support/install.ts';
import { succeed } from '../e2e/support/kubectl.ts';
import {
  create,
  asExternalName,
  http,
  manifest,
  asNodePort,
  patch,
  run,
  type ServiceSpec,
  type Step,
} from '../e2e/support/steps.ts';

/** Every way that was thought of to get a number into a Service past the allocator, beyond the rows of `test/e2e`. */
let cluster: ControlPlane;
let count = 0;

/** Becomes an ExternalName; null removes what such a Service must not have. */
const TO_EXTERNAL_NAME = {
  type: 'ExternalName',
  externalName: 'example.com',
  clusterIP: null,
  clusterIPs: null,
  externalTrafficPolicy: null,
  internalTrafficPolicy: null,
} satisfies JsonObject;

async function namespace(): Promise<string> {
  count += 1;
  await makeNamespace(cluster.kubectl, `floor-${count}`);
  return `floor-${count}`;
}

/** `accepted`; `floor` or `api-server`, whoever refused. */
async function outcomeOf(where: string, step: Step): Promise<string> {
  const { status, stderr } = await run(cluster.kubectl, where, step);
  if (status === 0) return 'accepted';
  return stderr.includes("ValidatingAdmissionPolicy 'nodeport-gate-floor'") ? 'floor' : 'api-server';
}

async function outcomes(steps: readonly Step[], where?: string): Promise<readonly string[]> {
  const home = where ?? (await namespace());
  const found: string[] = [];
  for (const step of steps) found.push(await outcomeOf(home, step));
  return found;
}

function change(spec: JsonObject, metadata: JsonObject = {}): Step {
  return patch('web', { metadata, spec }, '--type=merge');
}

function two(first: number, second: number): ServiceSpec {
  return { ...asExternalName(first), ports: [http(first), { name: 'b', port: 81, nodePort: second }] };
}

const CREATE = ['create', '-f', '-', '--namespace'];
const FINALIZER = { finalizers: ['example.com/hold'] };
const DELETE: Step = { args: ['delete', 'service', 'web', '--wait=false'] };
const load = (spec: JsonObject): ServiceSpec => ({ type: 'LoadBalancer', ...spec });

beforeAll(async () => {
  cluster = await startControlPlane();
});

afterAll(() => cluster.stop());

describe('Services from before the floor', () => {
  const homes: string[] = [];

  beforeAll(async () => {
    for (const spec of [
      asExternalName(80),
      two(30_700, 80),
      asExternalName(30_701),
      asExternalName(81),
      asExternalName(82),
    ]) {
      const home = await namespace();
      homes.push(home);
      await succeed(cluster.kubectl, [...CREATE, home], { stdin: manifest('web', spec, FINALIZER) });
    }
    await apply(cluster.kubectl, await read('floor.yaml'));
    await whenFloorHolds(cluster.kubectl);
  });

  it('cannot open what they carry, whichever way the type changes', async () => {
    expect(
      await outcomes(
        [
          change({ type: 'NodePort' }),
          change({ type: 'LoadBalancer' }),
          change({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }),
          // Another number at once would free the old one, which may be somebody else's.
          change({ type: 'NodePort', ports: [http(30_702)] }),
          change({ type: 'NodePort', ports: [http(0)] }),
          { args: ['replace', '-f', '-'], stdin: manifest('web', asNodePort()) },
          change({ ports: [http(22)] }),
        ],
        homes[0],
      ),
    ).toEqual(['floor', 'floor', 'floor', 'floor', 'floor', 'floor', 'floor']);
  });

  it('can be cleaned up in two steps', async () => {
    expect(
      await outcomes(
        [
          change({ ports: [http(30_700), { name: 'b', port: 81, nodePort: 0 }] }),
          change({ ports: [http(0)] }),
          change({ type: 'NodePort' }),
        ],
        homes[1],
      ),
    ).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('can be labelled, renamed outside, deleted, and freed of their finalizers', async () => {
    const free = patch('web', { metadata: { finalizers: null } }, '--type=merge');
    expect(
      await outcomes(
        [{ args: ['label', 'service', 'web', 'a=b'] }, change({ externalName: 'b.example' }), DELETE, free],
        homes[2],
      ),
    ).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  });

  it('can become a ClusterIP without the number', async () => {
    expect(await outcomes([change({ type: 'ClusterIP', externalName: null, ports: [http(0)] })], homes[3])).toEqual([
      'accepted',
    ]);
  });

  it('cannot be opened while they are deleted', async () => {
    expect(await outcomes([DELETE, change({ type: 'NodePort' }, { finalizers: null })], homes[4])).toEqual([
      'accepted',
      'floor',
    ]);
  });
});

describe('an ExternalName Service gets no number', () => {
  it.each<readonly [string, readonly Step[], readonly string[]]>([
    [
      'by server-side apply',
      [{ args: ['apply', '--server-side', '-f', '-'], stdin: manifest('web', asExternalName(80)) }],
      ['floor'],
    ],
    [
      'by a dry run',
      [{ ...create('web', asExternalName(80)), args: ['create', '--dry-run=server', '-f', '-'] }],
      ['floor'],
    ],
    ['beside a harmless one', [create('web', two(0, 80))], ['floor']],
    ['by the largest number there is', [create('web', asExternalName(2_147_483_647))], ['floor']],
    ['later', [create('web', asExternalName(0)), change({ ports: [http(80)] })], ['accepted', 'floor']],
    [
      'when it was a NodePort',
      [create('web', asNodePort()), change({ ...TO_EXTERNAL_NAME, ports: [http(22)] })],
      ['accepted', 'floor'],
    ],
    [
      'with the last finalizer',
      [
        create('web', asNodePort(), FINALIZER),
        DELETE,
        change({ ...TO_EXTERNAL_NAME, ports: [http(30_710)] }, { finalizers: null }),
      ],
      ['accepted', 'accepted', 'floor'],
    ],
    [
      'for health checks',
      [create('web', { ...asExternalName(0), healthCheckNodePort: 80, externalTrafficPolicy: 'Local' })],
      ['api-server'],
    ],
  ])('%s', async (_, steps, expected) => {
    expect(await outcomes(steps)).toEqual(expected);
  });

  it('not through the status subresource, which leaves spec alone', async () => {
    const home = await namespace();
    const status = patch('web', { spec: { ports: [http(80)] } }, '--type=merge', '--subresource=status');
    expect(await outcomes([create('web', asExternalName(0)), status], home)).toEqual(['accepted', 'accepted']);
    const { stdout } = await run(cluster.kubectl, home, {
      args: ['get', 'service', 'web', '-o', 'jsonpath={.spec.ports}'],
    });
    expect(stdout).not.toContain('nodePort');
  });
});

describe('what the API server refuses by itself', () => {
  it.each<readonly [string, readonly Step[]]>([
    ['a ClusterIP with a number', [create('web', { type: 'ClusterIP', ports: [http(80)] })]],
    [
      'a load balancer outside the range',
      [create('web', load({ allocateLoadBalancerNodePorts: false, ports: [http(80)] }))],
    ],
    [
      'health checks outside the range',
      [create('web', load({ externalTrafficPolicy: 'Local', healthCheckNodePort: 80 }))],
    ],
    [
      'an ExternalName that becomes a NodePort outside the range',
      [create('web', asExternalName(0)), change({ type: 'NodePort', ports: [http(80)] })],
    ],
    ['a number below zero', [create('web', asNodePort()), change({ ports: [http(-5)] })]],
  ])('%s', async (_, steps) => {
    expect(await outcomes(steps)).toEqual([...steps.slice(1).map(() => 'accepted'), 'api-server']);
  });
});

describe('what stays as it was', () => {
  it.each<readonly [string, readonly Step[]]>([
    ['a NodePort', [create('web', asNodePort())]],
    ['a load balancer', [create('web', load({}))]],
    ['a ClusterIP', [create('web', {})]],
    [
      'an ExternalName without ports',
      [create('web', { type: 'ExternalName', externalName: 'example.com', ports: [] })],
    ],
    [
      'a NodePort that becomes an ExternalName, with the number that was its own',
      [create('web', asNodePort()), change(TO_EXTERNAL_NAME)],
    ],
    [
      'an ExternalName that becomes a NodePort',
      [create('web', asExternalName(0)), change({ type: 'NodePort', externalName: null, ports: [http(30_720)] })],
    ],
    ['a Service of another namespace that is called kubernetes', [create('kubernetes', asNodePort())]],
  ])('%s', async (_, steps) => {
    expect(await outcomes(steps)).toEqual(steps.map(() => 'accepted'));
  });
});

describe('default/kubernetes', () => {
  const API_SERVER = { as: 'system:apiserver', asGroups: ['system:masters'] };
  const toThe = (spec: JsonObject): Step => patch('kubernetes', { spec }, '--type=merge');

  it('is opened by nobody but the API server, and can be closed by everybody', async () => {
    const tries = [
      toThe({ type: 'NodePort' }),
      toThe({ type: 'LoadBalancer' }),
      toThe({ ...TO_EXTERNAL_NAME }),
      toThe({ externalIPs: ['203.0.113.9'] }),
    ];
    expect(await outcomes(tries, 'default')).toEqual(['floor', 'floor', 'floor', 'floor']);
    expect((await run(cluster.kubectl, 'default', toThe({ type: 'NodePort' }), API_SERVER)).status).toBe(0);
    const renumber = toThe({
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443, nodePort: 30_443 }],
    });
    const label: Step = { args: ['label', 'service', 'kubernetes', 'a=b'] };
    expect(await outcomes([renumber, label, toThe({ type: 'ClusterIP' })], 'default')).toEqual([
      'floor',
      'accepted',
      'accepted',
    ]);
  });
});
