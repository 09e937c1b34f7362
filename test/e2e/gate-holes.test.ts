import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import type { GateProcess } from './support/gate-process.ts';
import { guard } from './support/guard.ts';
import { BEGUN, begin, HOLES, prepare } from './support/holes.ts';
import { attack, type Stage } from './support/steps.ts';

/** What the gate closes by itself: the floor is not installed. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  preset: baseline
  rules:
    source-cidrs: {required: false, within: ["10.0.0.0/8"]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: victims}
spec:
  ports: ["30000-30069"]
  namespaces: ["victim-*"]
  contact: victims@example.com
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: attackers}
spec:
  ports: ["30070-30085"]
  namespaces: ["attacker-*"]
  contact: attackers@example.com
`;

const FORBIDDEN = 'Error from server (Forbidden): ';

function denied(door: 'mutate' | 'validate', ...findings: readonly string[]): string {
  return `admission webhook "${door}.nodeport-gate.dev" denied the request: ${findings.join('; ')}`;
}

function onCreate(door: 'mutate' | 'validate', ...findings: readonly string[]): string {
  return `${FORBIDDEN}error when creating "STDIN": ${denied(door, ...findings)}`;
}

function onPatch(door: 'mutate' | 'validate', ...findings: readonly string[]): string {
  return `${FORBIDDEN}${denied(door, ...findings)}`;
}

function carries(number: number): string {
  return (
    `spec.ports[0].nodePort: ${number} on an ExternalName is not open yet, but would be after a change of type; ` +
    'remove it [external-name-node-port]'
  );
}

const SOURCES = 'metadata.annotations[nodeport-gate.dev/source-cidrs]: 0.0.0.0/0 is';

const REFUSALS: Readonly<Record<string, string>> = {
  '4': onCreate('validate', carries(80)),
  '5': onCreate('validate', carries(30_005)),
  '16': onCreate('validate', carries(30_016)),
  '17': onCreate('validate', carries(30_017)),
  '18': onCreate('validate', carries(30_018)),
  '19': onCreate('validate', carries(30_019)),
  '21': onPatch('validate', carries(22)),
  '22': onPatch(
    'validate',
    'spec.ports[0].nodePort: 30022 belongs to pool victims, contact victims@example.com; ' +
      'use 31057, 30679 or 32402 [node-port-pool]',
  ),
  '23-negative': onCreate('validate', carries(-5)),
  '23-beyond': onCreate('validate', carries(99_999)),
  '24': onPatch(
    'validate',
    `${SOURCES} not within 10.0.0.0/8; list only networks from there [source-cidrs]`,
    `${SOURCES} open to the world (IPv4); list only the networks that need it [source-cidrs]`,
  ),
};

describe('the gate alone', () => {
  let cluster: ControlPlane;
  let gate: GateProcess;

  beforeAll(async () => {
    cluster = await startControlPlane();
    gate = await guard(cluster, POLICY);
  });

  afterAll(async () => {
    await gate.stop();
    await cluster.stop();
  });

  it.each(HOLES)('row $id: $title', async (hole) => {
    const stage = await prepare(cluster.kubectl, hole);
    expect(await attack(stage, [...hole.before, ...hole.last])).toEqual({
      refused: REFUSALS[hole.id],
      open: hole.closed,
    });
  });
});

function carried(field: string, number: number): string {
  return (
    `${field}: ${number} was carried by this ExternalName without being allocated; ` +
    'set it to 0 in an update of its own before changing the type [external-name-node-port]'
  );
}

function outside(number: number, free: string): string {
  return `spec.ports[0].nodePort: ${number} is outside 30070-30085 (pool attackers); use ${free} [node-port-range]`;
}

/** The numbers on offer are the same in every cluster: they follow from the name of the Service. */
function held(number: number, holder: string, free: string): string {
  return (
    `spec.ports[0].nodePort: ${number} is held by ${holder}, pool victims, contact victims@example.com; ` +
    `use ${free} [node-port-conflict]`
  );
}

const FIRST_PORT = 'spec.ports[0].nodePort';

const LATE_REFUSALS: Readonly<Record<string, string>> = {
  '4': onPatch('validate', carried(FIRST_PORT, 80), outside(80, '30074, 30075 or 30070')),
  '5': onPatch('mutate', held(30_005, 'victim-5/shop (port http)', '30080, 30077 or 30071')),
  '16': onCreate('mutate', held(30_016, 'victim-16/shop (port http)', '30085, 30082 or 30079')),
  '17': onPatch('validate', carried('spec.type', 30_017)),
  '18': onCreate('mutate', held(30_018, 'victim-18/shop (port http)', '30085, 30075 or 30079')),
  '19': onCreate('mutate', held(30_019, 'victim-19/shop (health check)', '30073, 30077 or 30074')),
  '21': onPatch(
    'validate',
    carried(FIRST_PORT, 22),
    outside(22, '30079, 30075 or 30071'),
    'spec.ports[0].nodePort: 22 is reserved for SSH on the nodes; use 30079, 30075 or 30071 [node-port-reserved]',
  ),
  '23-negative': onPatch('validate', carried(FIRST_PORT, -5), outside(-5, '30083, 30074 or 30084')),
  '23-beyond': onPatch('validate', carried(FIRST_PORT, 99_999), outside(99_999, '30079, 30076 or 30075')),
};

describe('the gate alone, installed after the first steps', () => {
  const stages = new Map<string, Stage>();
  let cluster: ControlPlane;
  let gate: GateProcess;

  beforeAll(async () => {
    cluster = await startControlPlane();
    for (const hole of BEGUN) stages.set(hole.id, await begin(cluster.kubectl, hole));
    gate = await guard(cluster, POLICY);
  });

  afterAll(async () => {
    await gate.stop();
    await cluster.stop();
  });

  it.each(BEGUN)('row $id: $title', async (hole) => {
    const stage = stages.get(hole.id);
    if (stage === undefined) throw new Error(`row ${hole.id} was not prepared`);
    // The first steps of row 21 closed the port that the attacker had.
    const closed = hole.id === '21' ? [] : hole.closed;
    expect(await attack(stage, hole.last)).toEqual({ refused: LATE_REFUSALS[hole.id], open: closed });
  });
});
