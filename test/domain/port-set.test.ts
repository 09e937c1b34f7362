import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatRanges,
  MAX_PORT,
  parseRange,
  type PortRange,
  portSet,
  sharedRanges,
  without,
} from '../../src/domain/port-set.ts';

const range = fc
  .tuple(fc.integer({ min: 1, max: MAX_PORT }), fc.nat({ max: 300 }))
  .map(([from, more]): PortRange => ({ from, to: Math.min(from + more, MAX_PORT) }));
const ranges = fc.array(range, { maxLength: 8 });
/** Close together, so that overlapping and touching ranges are common. */
const crowded = fc.array(
  fc
    .tuple(fc.integer({ min: 30_000, max: 30_060 }), fc.nat({ max: 9 }))
    .map(([from, more]): PortRange => ({ from, to: from + more })),
  { maxLength: 12 },
);

/** The members, worked out one by one. */
function membersOf(given: readonly PortRange[]): readonly number[] {
  const members = new Set(
    given.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, step) => from + step)),
  );
  return [...members].sort((a, b) => a - b);
}

describe('parseRange', () => {
  it.each([
    ['30000-32767', { from: 30_000, to: 32_767 }],
    ['30080', { from: 30_080, to: 30_080 }],
    ['30080-30080', { from: 30_080, to: 30_080 }],
    ['1-65535', { from: 1, to: 65_535 }],
    ['00080', { from: 80, to: 80 }],
  ])('reads %s', (text, wanted) => {
    expect(parseRange(text)).toEqual(wanted);
  });

  it.each([
    '',
    '-',
    '0',
    '0-10',
    '65536',
    '1-65536',
    '100-99',
    '-5',
    '30000-',
    '-32767',
    '30000 - 32767',
    ' 30000',
    '30000\n',
    '30000,30001',
    '30000-30001-30002',
    '30000+10',
    '3e4',
    '0x7530',
    '30000.0',
    '030080',
    '٣٠٠٠٠',
    '9'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('reads back what formatRanges writes', () => {
    fc.assert(
      fc.property(range, (one) => {
        expect(parseRange(formatRanges([one]))).toEqual(one);
      }),
    );
  });
});

describe('formatRanges', () => {
  it.each<[string, readonly PortRange[]]>([
    ['', []],
    ['30080', [{ from: 30_080, to: 30_080 }]],
    [
      '30000-30100, 30500',
      [
        { from: 30_000, to: 30_100 },
        { from: 30_500, to: 30_500 },
      ],
    ],
  ])('writes %j', (text, given) => {
    expect(formatRanges(given)).toBe(text);
  });
});

describe('portSet', () => {
  it('joins overlapping, touching and contained ranges', () => {
    const set = portSet([
      { from: 30_010, to: 30_020 },
      { from: 30_000, to: 30_005 },
      { from: 30_006, to: 30_008 },
      { from: 30_012, to: 30_013 },
      { from: 30_018, to: 30_025 },
    ]);
    expect(set.ranges).toEqual([
      { from: 30_000, to: 30_008 },
      { from: 30_010, to: 30_025 },
    ]);
  });

  it.each([0, -1, -2_147_483_648, 65_536, 2_147_483_647, Number.NaN, Infinity])('never has %s', (number) => {
    expect(portSet([{ from: 1, to: MAX_PORT }]).has(number)).toBe(false);
  });

  it('has every port there is', () => {
    const set = portSet([{ from: 1, to: MAX_PORT }]);
    expect([set.numbers.length, set.numbers[0], set.numbers.at(-1), set.has(1), set.has(MAX_PORT)]).toEqual([
      MAX_PORT,
      1,
      MAX_PORT,
      true,
      true,
    ]);
  });

  it('is the union of its ranges, ascending, each member once', () => {
    fc.assert(
      fc.property(fc.oneof(ranges, crowded), (given) => {
        const set = portSet(given);
        expect([...set.numbers]).toEqual(membersOf(given));
        expect(membersOf(set.ranges)).toEqual(membersOf(given));
      }),
    );
  });

  it('has what it lists, and nothing else', () => {
    fc.assert(
      fc.property(crowded, fc.integer({ min: 29_990, max: 30_080 }), (given, number) => {
        expect(portSet(given).has(number)).toBe(membersOf(given).includes(number));
      }),
    );
  });

  it('does not depend on the order of the ranges, and spells them as briefly as it can', () => {
    fc.assert(
      fc.property(crowded, (given) => {
        const set = portSet(given);
        expect(portSet(given.toReversed()).ranges).toEqual(set.ranges);
        const gaps = set.ranges.slice(1).map(({ from }, index) => from - (set.ranges[index]?.to ?? 0));
        expect(gaps.filter((gap) => gap < 2)).toEqual([]);
      }),
    );
  });
});

describe('without', () => {
  it('keeps the members that the other set does not have', () => {
    fc.assert(
      fc.property(crowded, crowded, (given, taken) => {
        const gone = membersOf(taken);
        expect([...without(portSet(given), portSet(taken)).numbers]).toEqual(
          membersOf(given).filter((number) => !gone.includes(number)),
        );
      }),
    );
  });
});

describe('sharedRanges', () => {
  it('is the part that both sets have, whichever comes first', () => {
    fc.assert(
      fc.property(crowded, crowded, (a, b) => {
        const [left, right] = [portSet(a), portSet(b)];
        const both = membersOf(a).filter((number) => membersOf(b).includes(number));
        expect(membersOf(sharedRanges(left, right))).toEqual(both);
        expect(membersOf(sharedRanges(right, left))).toEqual(both);
      }),
    );
  });
});
