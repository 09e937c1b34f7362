import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { waitFor } from './support/child.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { BEGUN, begin } from './support/holes.ts';
import { webhookRequests } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';
import { succeed } from './support/kubectl.ts';
import { attack, create, run, type Stage } from './support/steps.ts';

/**
 * Rows 16 to 19: the API server grants a number that another Service holds, because its allocator was emptied before the
 * gate came. `/mutate` is left out, as while it does not answer: `/validate` alone has to see it.
 */
const POLICY = `${BASELINE}---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shared}
spec: {ports: ["30000-30085"], namespaces: ["attacker-*", "victim-*"], contact: shared@example.com}
`;

const GRANTED = BEGUN.filter(({ id }) => ['16', '17', '18', '19'].includes(id));

const FREE: Readonly<Record<string, string>> = {
  '16': '30062, 30009 or 30011',
  '17': '30040, 30072 or 30048',
  '18': '30032, 30024 or 30000',
  '19': '30026, 30000 or 30073',
};

function refusal(id: string): string {
  const holder = `victim-${id}/shop (${id === '19' ? 'health check' : 'port http'})`;
  return (
    'Error from server (Forbidden): error when creating "STDIN": admission webhook "validate.nodeport-gate.dev" denied ' +
    `the request: spec.ports[0].nodePort: 300${id} is held by ${holder}, pool shared, contact shared@example.com; ` +
    `use ${FREE[id]} [node-port-conflict]`
  );
}

const stages = new Map<string, Stage>();
let cluster: ControlPlane;
let installed: Installation;

beforeAll(async () => {
  cluster = await startControlPlane();
  for (const hole of GRANTED) {
    const stage = await begin(cluster.kubectl, hole);
    const { refused } = await attack(stage, hole.last.slice(0, -1));
    if (refused !== undefined) throw new Error(`row ${hole.id}: ${refused}`);
    stages.set(hole.id, stage);
  }
  installed = await install(cluster, { replicas: 1, policy: POLICY });
  await succeed(cluster.kubectl, ['delete', 'mutatingwebhookconfiguration', 'zz-nodeport-gate']);
  await waitFor('/mutate left out', async () => {
    const before = await mutateCalls();
    const probe = create('probe', { externalIPs: ['192.0.2.1'] });
    await run(cluster.kubectl, 'default', { ...probe, args: [...probe.args, '--dry-run=server'] });
    return (await mutateCalls()) === before;
  });
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

async function mutateCalls(): Promise<number> {
  return (await webhookRequests(cluster.kubectl))['mutate.nodeport-gate.dev'] ?? 0;
}

describe('a number that the API server grants although another Service holds it', () => {
  it.each(GRANTED)('row $id: $title', async (hole) => {
    const stage = stages.get(hole.id);
    if (stage === undefined) throw new Error(`row ${hole.id} was not prepared`);
    // Row 17 leaves the attacker with a number of its own.
    const { closed } = hole;
    const own = hole.id === '17' ? ['decoy 30080'] : [];
    expect(await attack(stage, hole.last.slice(-1))).toEqual({ refused: refusal(hole.id), open: [...closed, ...own] });
  });
});
