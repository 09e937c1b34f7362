import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { BEGUN, begin, HOLES, prepare } from './support/holes.ts';
import { apply, read, whenFloorHolds } from './support/install.ts';
import type { Kubectl } from './support/kubectl.ts';
import { attack, type Stage } from './support/steps.ts';

/** What the floor closes by itself, with no gate anywhere. */
async function installFloor(kubectl: Kubectl): Promise<void> {
  await apply(kubectl, await read('floor.yaml'));
  await whenFloorHolds(kubectl);
}

const DENIED = "ValidatingAdmissionPolicy 'nodeport-gate-floor' with binding 'nodeport-gate-floor' denied request: ";

function onCreate(name: string, message: string): string {
  return `Error from server (Forbidden): error when creating "STDIN": services "${name}" is forbidden: ${DENIED}${message}`;
}

function onPatch(name: string, message: string): string {
  return `Error from server (Forbidden): services "${name}" is forbidden: ${DENIED}${message}`;
}

function carries(number: number): string {
  return (
    `spec.ports: nodePort ${number} is not allowed on an ExternalName Service, because nothing reserves it; ` +
    'remove nodePort, and set it when the type becomes NodePort or LoadBalancer'
  );
}

function carried(number: number): string {
  return (
    `spec.type: NodePort is not allowed while the ExternalName Service carries nodePort ${number}, ` +
    'which was never reserved; set nodePort to 0 first, then change the type in a second step'
  );
}

const IS_THE_API_SERVER =
  'spec.type: NodePort is not allowed for default/kubernetes, which is the API server itself; ' +
  'leave it ClusterIP without externalIPs, or give the API server --kubernetes-service-node-port';

/** undefined: the floor is no policy on annotations. */
const REFUSALS: Readonly<Record<string, string | undefined>> = {
  '4': onCreate('web', carries(80)),
  '5': onCreate('web', carries(30_005)),
  '16': onCreate('decoy', carries(30_016)),
  '17': onCreate('decoy', carries(30_017)),
  '18': onCreate('decoy', carries(30_018)),
  '19': onCreate('decoy', carries(30_019)),
  '21': onPatch('web', carries(22)),
  '22': onPatch('kubernetes', IS_THE_API_SERVER),
  '23-negative': onCreate('web', carries(-5)),
  '23-beyond': onCreate('web', carries(99_999)),
  '24': undefined,
};

describe('the floor alone', () => {
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane();
    await installFloor(cluster.kubectl);
  });

  afterAll(() => cluster.stop());

  it.each(HOLES)('row $id: $title', async (hole) => {
    const stage = await prepare(cluster.kubectl, hole);
    const refused = REFUSALS[hole.id];
    expect(await attack(stage, [...hole.before, ...hole.last])).toEqual({
      refused,
      open: refused === undefined ? hole.open : hole.closed,
    });
  });
});

/**
 * Where the number was freed before, or is freed by a delete, which is never hindered, the API server takes it for free: only
 * somebody who knows all holders can tell, and that is the gate.
 */
const LATE_REFUSALS: Readonly<Record<string, string | undefined>> = {
  '4': onPatch('web', carried(80)),
  '5': onPatch('web', carried(30_005)),
  '16': undefined,
  '17': onPatch('decoy', carried(30_017)),
  '18': undefined,
  '19': undefined,
  '21': onPatch('web', carried(22)),
  '23-negative': onPatch('web', carried(-5)),
  '23-beyond': onPatch('web', carried(99_999)),
};

describe('the floor alone, installed after the first steps', () => {
  const stages = new Map<string, Stage>();
  let cluster: ControlPlane;

  beforeAll(async () => {
    cluster = await startControlPlane();
    for (const hole of BEGUN) stages.set(hole.id, await begin(cluster.kubectl, hole));
    await installFloor(cluster.kubectl);
  });

  afterAll(() => cluster.stop());

  it.each(BEGUN)('row $id: $title', async (hole) => {
    const stage = stages.get(hole.id);
    if (stage === undefined) throw new Error(`row ${hole.id} was not prepared`);
    const refused = LATE_REFUSALS[hole.id];
    // The first steps of row 21 closed the port that the attacker had.
    const closed = hole.id === '21' ? [] : hole.closed;
    expect(await attack(stage, hole.last)).toEqual({ refused, open: refused === undefined ? hole.open : closed });
  });
});
