import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NumberFacts, portListing } from '../../src/report/port-listing.ts';
import { PORTS_FORMATS } from '../../src/report/ports-formats.ts';
import { hostileMap } from './hostile-audits.ts';
import { nasty } from './hostile-reports.ts';

const FACTS: NumberFacts = { poolOf: () => undefined, vacancyOf: () => 'free' };

/** One cluster or several, in which names are as bad as they can be. */
const hostileListing = fc
  .record({
    clusters: fc.array(fc.record({ cluster: nasty, map: hostileMap }), { minLength: 1, maxLength: 3 }),
    pool: nasty,
  })
  .map(({ clusters, pool }) => portListing(clusters, {}, FACTS, [{ from: 30_000, to: 30_001, pool }]));

describe('PORTS_FORMATS', () => {
  it('has the formats of the documentation', () => {
    expect(Object.keys(PORTS_FORMATS)).toEqual(['human', 'json', 'csv']);
  });

  it('lets nothing forge a line, move the cursor or give orders to CI', () => {
    fc.assert(
      fc.property(hostileListing, (listing) => {
        for (const format of [PORTS_FORMATS.human, PORTS_FORMATS.csv]) {
          const lines = format(listing).split(/\r?\n/);
          expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\ud800-\udfff]/u);
          expect(lines.filter((line) => /^\s*::|##[\w-]*\[/.test(line))).toEqual([]);
        }
        const shown = listing.clusters.flatMap(({ map }) => [map.ports, map.squatters, map.hostPorts].flat());
        const rows = listing.clusters.length > 1 ? listing.numbers.length : shown.length;
        expect(PORTS_FORMATS.human(listing).split('\n')).toHaveLength(1 + rows + 1 + 1);
        expect(PORTS_FORMATS.csv(listing).split('\r\n')).toHaveLength(1 + shown.length + 2 + 1);
      }),
    );
  });

  it('says the same as JSON, whatever the names are', () => {
    fc.assert(
      fc.property(hostileListing, (listing) => {
        const text = PORTS_FORMATS.json(listing);
        const [only, ...others] = listing.clusters;
        const { items } = JSON.parse(text) as { readonly items?: unknown };
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
        if (others.length > 0) expect(items).toEqual(JSON.parse(JSON.stringify(listing.clusters)));
        else expect(JSON.parse(text)).toMatchObject(JSON.parse(JSON.stringify(only?.map)) as object);
      }),
    );
  });
});
