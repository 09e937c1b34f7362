import { describe, expect, it } from 'vitest';
import { atlasOf } from '../../../src/page/model/atlas.ts';
import { connectionText, UNASKED, waitBefore } from '../../../src/page/model/connection.ts';
import { filtersText } from '../../../src/page/model/filters-text.ts';
import { levelText } from '../../../src/page/model/finding-level.ts';
import { fullness } from '../../../src/page/model/fullness.ts';
import { harmlessMap, isPortMap } from '../../../src/page/model/harmless-map.ts';
import { moment } from '../../../src/page/model/moment.ts';
import { noticesOf } from '../../../src/page/model/notices.ts';
import { reachText } from '../../../src/page/model/reach-text.ts';
import type { PortMap } from '../../../src/report/port-map.ts';
import { EMPTY_MAP, MAP } from '../support/maps.ts';

describe('what the map cannot say', () => {
  it.each<[what: string, map: PortMap, notices: readonly string[]]>([
    ['nothing', MAP, []],
    [
      'a gate without anything',
      EMPTY_MAP,
      [
        'No policy is in force: pools and findings are not known. The log and /readyz of the gate say why.',
        'No audit has run: who may connect, which nodes answer, host ports and findings are not known. Start the gate with --audit-interval.',
        'No Service has a node port: all of 30000-32767 is free.',
      ],
    ],
    [
      'a policy without pools',
      { ...MAP, pools: [] },
      ['The policy has no pools: a number belongs to nobody. Write a NodePortPool to give them owners.'],
    ],
    [
      'a right that is missing',
      { ...MAP, notKnown: ['pods'] },
      [
        'Which host ports pods take is not known: pods could not be looked up. That takes the right to list them, or a dump that has them.',
      ],
    ],
    [
      'an API server that has not listed everything',
      {
        ...EMPTY_MAP,
        policy: { hash: 'sha256:0' },
        pools: MAP.pools,
        auditedAt: MAP.auditedAt ?? '',
        notKnown: ['services', 'pods'],
      },
      [
        'Which host ports pods take is not known: pods could not be looked up. That takes the right to list them, or a dump that has them.',
        'Not all Services are listed: a number that looks free may be held. /readyz of the gate says why.',
      ],
    ],
    [
      'two rights that are missing',
      { ...MAP, notKnown: ['nodes', 'endpointslices'] },
      [
        'Which nodes there are and which nodes answer is not known: nodes and endpointslices could not be looked up. That takes the right to list them, or a dump that has them.',
      ],
    ],
  ])('%s', (_, map, notices) => {
    expect(noticesOf(map)).toEqual(notices);
  });
});

describe('the connection', () => {
  it.each([0, 1, 2, 3, 4, 40])('after %i failures', (failures) => {
    const waits: Readonly<Record<number, number>> = { 0: 5000, 1: 10_000, 2: 20_000, 3: 40_000, 4: 60_000, 40: 60_000 };
    expect(waitBefore({ failures })).toBe(waits[failures]);
  });

  it('is spoken of only when it is lost', () => {
    const answeredAt = Date.UTC(2026, 10, 29, 12, 3, 10);
    expect(
      [UNASKED, { answeredAt, failures: 0 }, { answeredAt, failures: 2 }, { ...UNASKED, failures: 1 }].map(
        connectionText,
      ),
    ).toEqual([
      undefined,
      undefined,
      'connection lost, showing 12:03:10 UTC',
      'the gate does not answer; asking again',
    ]);
  });
});

it('says moments in UTC, and leaves alone what is none', () => {
  expect(['2026-11-29T00:58:10.250Z', '2026-11-29T01:00:00+02:00', 'yesterday'].map(moment)).toEqual([
    '2026-11-29 00:58:10 UTC',
    '2026-11-28 23:00:00 UTC',
    'yesterday',
  ]);
});

it.each([
  [
    { size: 100, held: 12, free: 85 },
    { share: 0.15, text: '12 of 100 held', isNearlyFull: false },
  ],
  [
    { size: 10, held: 8, free: 2 },
    { share: 0.8, text: '8 of 10 held, nearly full', isNearlyFull: true },
  ],
  [
    { size: 10, held: 9, free: 0 },
    { share: 1, text: '9 of 10 held, full', isNearlyFull: true },
  ],
  [
    { size: 0, held: 0, free: 0 },
    { share: 1, text: '0 of 0 held, full', isNearlyFull: true },
  ],
])('a pool with %o is so full', (pool, shown) => {
  const { share, ...rest } = fullness(pool);
  expect({ share: Number(share.toFixed(6)), ...rest }).toEqual(shown);
});

it('says who may connect in a few words', () => {
  const { entries } = atlasOf(MAP);
  expect(entries.map((entry) => `${entry.number} ${reachText(entry)}`)).toEqual([
    '22 not said',
    '30000 the world',
    '30000 ',
    '30001 not known',
    '30001 not known',
    '30005 10.0.0.0/8',
    '30007 ',
    '30008 ',
  ]);
  const [web] = entries.filter(({ name }) => name === 'db');
  const service = web?.service && { ...web.service, sources: { field: 'x', networks: [] } };
  expect(web && reachText({ ...web, service })).toBe('nobody');
});

it('counts findings by level, and leaves out those that there are none of', () => {
  const none = { deny: 0, warn: 0, audit: 0, 'not-known': 0 };
  expect([levelText({ ...none, deny: 2, audit: 1 }), levelText(none)]).toEqual(['2 deny, 1 audit', '']);
});

it('says on paper what was asked for', () => {
  const asked = {
    query: ' web ',
    namespace: 'shop',
    pool: 'edge',
    trait: 'open-to-world',
    level: 'not-known',
    rule: 'host-port',
  } as const;
  expect([filtersText({ query: ' ' }), filtersText(asked)]).toEqual([
    '',
    'Only: search web, namespace shop, pool edge, state open to the world, level not known, rule host-port',
  ]);
});

describe('hostile text', () => {
  it('is spelled out wherever it stands', () => {
    const hostile = '\u202e<script>\u0000\u2028\ud800';
    const [service] = MAP.services;
    const services = service === undefined ? [] : [{ ...service, name: hostile, policies: [hostile] }];
    const shown = '\\u202e<script>\\u0000\\u2028\\ud800';
    expect(harmlessMap({ ...MAP, services })).toEqual({
      ...MAP,
      services: [{ ...service, name: shown, policies: [shown] }],
    });
  });

  it('is no map', () => {
    expect([MAP, { kind: 'VerdictList' }, null, 'PortMap', undefined].map(isPortMap)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
