import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { HOLES, prepare } from './support/holes.ts';
import {
  appliedServerSide,
  changedToClusterIp,
  created,
  deleted,
  dryRunOfCreate,
  hasOwnedNumber,
  numbersOf,
  type Place,
  refusalOfCreate,
  replacedWithoutNumber,
} from './support/rows.ts';
import { attack, http, asNodePort } from './support/steps.ts';

/**
 * Kubernetes without the gate: that the holes are there, so that the tests which find them closed can fail, and that the
 * gate is built on what Kubernetes does.
 */
let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});

afterAll(() => cluster.stop());

async function place(name: string): Promise<Place> {
  await makeNamespace(cluster.kubectl, name);
  return { kubectl: cluster.kubectl, namespace: name };
}

describe('nothing guards the cluster', () => {
  it.each(HOLES)('row $id: opens $title', async (hole) => {
    const stage = await prepare(cluster.kubectl, hole);
    expect(await attack(stage, [...hole.before, ...hole.last])).toEqual({ refused: undefined, open: hole.open });
  });
});

/** The numbers that the API server picks by itself as long as there are any (KEP-3668). */
function isPicked(number: number | undefined): boolean {
  return number !== undefined && number >= 30_086 && number <= 32_767;
}

describe('what the gate is built on', () => {
  it('row 1: a number is picked where none is given', async () => {
    expect(numbersOf(await created(await place('row-1'), asNodePort())).map(isPicked)).toEqual([true]);
  });

  it('row 2: a PUT without the number keeps it', async () => {
    const [before, after] = await replacedWithoutNumber(await place('row-2'));
    expect(after).toEqual(before);
  });

  it('row 3: a dry run shows dummies outside the range', async () => {
    const ports = [http(), { name: 'https', port: 443 }];
    const shown = await dryRunOfCreate(await place('row-3'), { type: 'NodePort', ports });
    expect(numbersOf(shown)).toEqual([32_769, 32_770]);
  });

  it('row 3b: a dry run accepts any number', async () => {
    expect(numbersOf(await dryRunOfCreate(await place('row-3b'), asNodePort(80)))).toEqual([80]);
  });

  it('row 6: without allocation, an explicit number and a health check are open', async () => {
    const { spec } = await created(await place('row-6'), {
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      ports: [http(30_006), { name: 'https', port: 443 }],
    });
    expect(spec.ports.map(({ nodePort: number }) => number)).toEqual([30_006, undefined]);
    expect(isPicked(spec.healthCheckNodePort)).toBe(true);
  });

  it('row 7: a change to ClusterIP closes the port and drops what belongs to it', async () => {
    const { spec } = await changedToClusterIp(await place('row-7'));
    expect(spec).toMatchObject({ type: 'ClusterIP', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });
    expect([spec.ports[0]?.nodePort, spec.externalTrafficPolicy]).toEqual([undefined, undefined]);
  });

  it('row 8: one number for two port numbers is refused without a holder', async () => {
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
    const [tcp, udp] = numbersOf(await created(await place('row-9'), { type: 'NodePort', ports }));
    expect([isPicked(tcp), udp]).toEqual([true, tcp]);
  });

  it('row 10: null is no number', async () => {
    const made = await created(await place('row-10'), { type: 'NodePort', ports: [http(null)] });
    expect(numbersOf(made).map(isPicked)).toEqual([true]);
  });

  it('rows 11 and 12: a server-side apply keeps the number, also under a new port name', async () => {
    const [first, again, renamed] = await appliedServerSide(await place('row-11'));
    expect([again, renamed]).toEqual([first, first]);
  });

  it('row 13: a generated name gets a number, too', async () => {
    const made = await created(await place('row-13'), asNodePort(), { name: undefined, generateName: 'web-' });
    expect(made.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    expect(numbersOf(made).map(isPicked)).toEqual([true]);
  });

  it('row 14: a number outside the range is refused', async () => {
    expect(await refusalOfCreate(await place('row-14'), asNodePort(29_999))).toBe(
      'The Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 29999: ' +
        'provided port is not in the valid range. The range of valid ports is 30000-32767',
    );
  });

  it('row 15: a delete deletes', async () => {
    expect(await deleted(await place('row-15'))).toBe('');
  });

  it('row 20: the dummies of a dry run may look like real numbers', async () => {
    const shown = await dryRunOfCreate(await place('row-20'), {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: [http(30_010), { name: 'https', port: 443 }],
    });
    expect([...numbersOf(shown), shown.spec.healthCheckNodePort]).toEqual([30_010, 30_011, 30_012]);
  });

  it("row 26: managedFields tell the author's number from the API server's", async () => {
    const at = await place('row-26');
    await created(at, asNodePort(), { name: 'picked' });
    await created(at, asNodePort(30_026), { name: 'explicit' });
    expect([await hasOwnedNumber(at, 'picked'), await hasOwnedNumber(at, 'explicit')]).toEqual([false, true]);
  });
});
