import { describe, expect, it } from 'vitest';
import { atlasOf } from '../../../src/page/model/atlas.ts';
import { cellOf } from '../../../src/page/model/cell.ts';
import { findingsIn, levelText, strictestFirst } from '../../../src/page/model/finding-level.ts';
import { countText, type Tally, tallyOf } from '../../../src/page/model/tally.ts';
import type { PortMap } from '../../../src/report/port-map.ts';
import { MAP } from '../support/maps.ts';

const atlas = atlasOf(MAP);

describe('a cell', () => {
  it.each([
    [22, 'held', 'deny', '22, held by games/lobby port ssh, outside the range, 1 finding'],
    [
      30_000,
      'squatted',
      'warn',
      '30000, held by shop/web port http, carried by erp/alias port x, pool edge, open to the world, 1 finding',
    ],
    [
      30_001,
      'shared',
      undefined,
      '30001, held by shop/api port 8080, held by team-a/api port healthCheck, pool edge, shared',
    ],
    [30_002, 'reserved', undefined, '30002, reserved, pool edge'],
    [30_003, 'reserved', undefined, '30003, reserved, pool edge'],
    [30_004, 'free', undefined, '30004, free, pool team-a'],
    [30_005, 'held', undefined, '30005, held by team-a/db port sql, pool team-a'],
    [30_006, 'free', undefined, '30006, free'],
    [30_007, 'host-port', 'warn', '30007, host port of monitoring/agent, 1 finding'],
    [30_008, 'squatted', undefined, '30008, carried by erp/old port y'],
    [80, 'outside-range', undefined, '80, outside the range'],
  ] as const)('%i is %s', (number, state, strictest, label) => {
    expect(cellOf(atlas, number)).toEqual({ number, state, strictest, label });
  });

  it('is open to the world where nothing worse is true', () => {
    const open = atlasOf({ ...MAP, squatters: [] });
    expect(cellOf(open, 30_000)).toEqual({
      number: 30_000,
      state: 'open-to-world',
      strictest: 'warn',
      label: '30000, held by shop/web port http, pool edge, open to the world, 1 finding',
    });
  });

  it('names a Service once, with its ports', () => {
    const [port] = MAP.ports.filter(({ name }) => name === 'db');
    const ports = port === undefined ? [] : [port, { ...port, protocol: 'UDP', port: 'sql-udp' }, { ...port }];
    expect(cellOf(atlasOf({ ...MAP, ports }), 30_005).label).toBe(
      '30005, held by team-a/db port sql and sql-udp, pool team-a',
    );
  });
});

it('counts numbers by what they are, also those that are several things', () => {
  expect(tallyOf(atlas)).toEqual({
    numbers: { shared: 1, squatted: 2, 'host-port': 1, 'open-to-world': 1, held: 4, reserved: 2, free: 3 },
    findings: { deny: 1, warn: 2, audit: 1, 'not-known': 0 },
  });
});

describe('what is not known is not counted as none', () => {
  const { auditedAt: _, ...unaudited } = MAP;
  const { policy: __, ...lawless } = MAP;
  const KNOWN = { shared: 1, squatted: 2, 'host-port': 1, 'open-to-world': 1, held: 4, reserved: 2, free: 3 };
  const FINDINGS = { deny: 1, warn: 2, audit: 1, 'not-known': 0 };

  it.each<[what: string, map: PortMap, tally: Tally]>([
    [
      'without an audit',
      unaudited,
      { numbers: { ...KNOWN, 'host-port': undefined, 'open-to-world': undefined }, findings: undefined },
    ],
    ['without a policy', lawless, { numbers: { ...KNOWN, reserved: undefined }, findings: undefined }],
    [
      'without pods',
      { ...MAP, notKnown: ['pods'] },
      { numbers: { ...KNOWN, 'host-port': undefined }, findings: FINDINGS },
    ],
  ])('%s', (_what, map, tally) => {
    expect(tallyOf(atlasOf(map))).toEqual(tally);
  });

  it('and is shown as a dash', () => {
    expect([undefined, 0, 2768].map(countText)).toEqual(['–', '0', '2,768']);
  });
});

describe('a rule that could not know', () => {
  const unsure = {
    rule: 'node-port-quota',
    enforcement: 'deny',
    message: 'x',
    nodePort: 30_005,
    undetermined: true,
  } as const;
  const services = MAP.services.map((service) =>
    service.name === 'db' ? { ...service, findings: [unsure] } : service,
  );
  const unsureAtlas = atlasOf({ ...MAP, services });

  it('is no finding of its port', () => {
    expect(cellOf(unsureAtlas, 30_005)).toEqual({
      number: 30_005,
      state: 'held',
      strictest: 'not-known',
      label: '30005, held by team-a/db port sql, pool team-a, 1 rule not known',
    });
  });

  it('is counted as such', () => {
    const { findings } = tallyOf(unsureAtlas);
    expect(findings).toEqual({ deny: 1, warn: 2, audit: 1, 'not-known': 1 });
    expect(findings && [findingsIn(findings), levelText(findings)]).toEqual([
      4,
      '1 deny, 2 warn, 1 audit, 1 not known',
    ]);
  });

  it('comes after all findings', () => {
    const sure = { rule: 'x', enforcement: 'audit', message: 'y' } as const;
    expect(strictestFirst([unsure, sure])).toEqual([sure, unsure]);
  });
});
