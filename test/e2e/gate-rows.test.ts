import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import type { GateProcess } from './support/gate-process.ts';
import { guard } from './support/guard.ts';
import {
  appliedServerSide,
  changedToClusterIp,
  created,
  deleted,
  dryRunOfCreate,
  hasOwnedNumber,
  type Live,
  numbersOf,
  type Place,
  refusalOfCreate,
  replacedWithoutNumber,
} from './support/rows.ts';
import { asNodePort, http } from './support/steps.ts';

/** The same ordinary commands as in kubernetes.test.ts, with the gate up: numbers come from the pool, and stay. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: rows}
spec: {ports: ["30000-30085"], namespaces: ["row-*"], contact: rows@example.com}
`;

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

async function place(name: string): Promise<Place> {
  await makeNamespace(cluster.kubectl, name);
  return { kubectl: cluster.kubectl, namespace: name };
}

/** The numbers are the same in every cluster: they follow from namespace, name and port of the Service. */
describe('with the gate', () => {
  const twoPorts = { type: 'NodePort', ports: [http(), { name: 'https', port: 443 }] };

  it('row 1: a number comes from the pool', async () => {
    expect(numbersOf(await created(await place('row-1'), asNodePort()))).toEqual([30_037]);
  });

  it('row 2: a PUT without the number keeps it', async () => {
    expect(await replacedWithoutNumber(await place('row-2'))).toEqual([[30_065], [30_065]]);
  });

  it('row 3: a dry run shows the numbers that the Service then gets', async () => {
    const at = await place('row-3');
    const shown = numbersOf(await dryRunOfCreate(at, twoPorts));
    expect([shown, numbersOf(await created(at, twoPorts))]).toEqual([
      [30_042, 30_060],
      [30_042, 30_060],
    ]);
  });

  it('row 3b: a dry run is judged as the real request is', async () => {
    expect(await refusalOfCreate(await place('row-3b'), asNodePort(80), '--dry-run=server')).toBe(
      outside(80, '30070, 30016 or 30043'),
    );
  });

  it('row 6: without allocation, no number is assigned, but the health check comes from the pool', async () => {
    const { spec } = await created(await place('row-6'), {
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      ports: [http(30_006), { name: 'https', port: 443 }],
    });
    expect([...spec.ports.map((port) => port.nodePort), spec.healthCheckNodePort]).toEqual([30_006, undefined, 30_023]);
  });

  it('row 7: a change to ClusterIP is let through', async () => {
    const { spec } = await changedToClusterIp(await place('row-7'));
    expect([spec.type, spec.ports[0]?.nodePort]).toEqual(['ClusterIP', undefined]);
  });

  it('row 8: one number for two port numbers is left to the API server', async () => {
    const ports = [
      { name: 'tcp', port: 80, nodePort: 30_008 },
      { name: 'udp', port: 81, protocol: 'UDP', nodePort: 30_008 },
    ];
    expect(await refusalOfCreate(await place('row-8'), { type: 'NodePort', ports })).toBe(
      'The Service "web" is invalid: spec.ports[1].nodePort: Invalid value: 30008: provided port is already allocated',
    );
  });

  it('row 9: TCP and UDP of one port share a number', async () => {
    const ports = ['TCP', 'UDP'].map((protocol) => ({ name: protocol.toLowerCase(), port: 53, protocol }));
    expect(numbersOf(await created(await place('row-9'), { type: 'NodePort', ports }))).toEqual([30_031, 30_031]);
  });

  it('row 10: null is no number', async () => {
    const made = await created(await place('row-10'), { type: 'NodePort', ports: [http(null)] });
    expect(numbersOf(made)).toEqual([30_067]);
  });

  it('rows 11 and 12: a server-side apply keeps the number, also under a new port name', async () => {
    expect(await appliedServerSide(await place('row-11'))).toEqual([[30_052], [30_052], [30_052]]);
  });

  it('row 13: a generated name gets a number that does not depend on it', async () => {
    const metadata = { name: undefined, generateName: 'web-' };
    expect(numbersOf(await created(await place('row-13'), asNodePort(), metadata))).toEqual([30_032]);
  });

  it('row 14: a number outside the pool is refused with numbers to use', async () => {
    expect(await refusalOfCreate(await place('row-14'), asNodePort(29_999))).toBe(
      outside(29_999, '30011, 30077 or 30016'),
    );
  });

  it('row 15: a delete deletes', async () => {
    expect(await deleted(await place('row-15'))).toBe('');
  });

  it('row 20: a dry run shows no dummies', async () => {
    const at = await place('row-20');
    const spec = {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: [http(30_010), { name: 'https', port: 443 }],
    };
    const all = (service: Live): readonly unknown[] => [...numbersOf(service), service.spec.healthCheckNodePort];
    const shown = all(await dryRunOfCreate(at, spec));
    expect([shown, all(await created(at, spec))]).toEqual([
      [30_010, 30_082, 30_075],
      [30_010, 30_082, 30_075],
    ]);
  });

  it("row 26: managedFields tell the author's number from the gate's", async () => {
    const at = await place('row-26');
    await created(at, asNodePort(), { name: 'assigned' });
    await created(at, asNodePort(30_026), { name: 'explicit' });
    expect([await hasOwnedNumber(at, 'assigned'), await hasOwnedNumber(at, 'explicit')]).toEqual([false, true]);
  });
});

function outside(number: number, free: string): string {
  return (
    'Error from server (Forbidden): error when creating "STDIN": admission webhook "mutate.nodeport-gate.dev" denied ' +
    `the request: spec.ports[0].nodePort: ${number} is outside 30000-30085 (pool rows); use ${free} [node-port-range]`
  );
}
