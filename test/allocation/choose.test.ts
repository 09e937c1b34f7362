import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Availability, choices, choose } from '../../src/allocation/choose.ts';
import { portSet } from '../../src/domain/port-set.ts';

const key = fc.string({ minLength: 1, maxLength: 40 });
const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 60 });
const subset = fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 40 });

function numbersOf(list: readonly number[]): Uint16Array {
  return portSet(list.map((port) => ({ from: port, to: port }))).numbers;
}

/** `lastResorts`: the one to be taken first comes first; `behind` are those of one order behind them all. */
function available(
  taken: readonly number[],
  lastResorts: readonly number[] = [],
  behind: readonly number[] = [],
): Availability {
  const lastResortOrder = (port: number): number | undefined => {
    if (behind.includes(port)) return 2 ** 52;
    const order = lastResorts.indexOf(port);
    return order < 0 ? undefined : order;
  };
  return { isTaken: (port) => taken.includes(port), lastResortOrder };
}

function pick(list: readonly number[], indices: readonly number[]): readonly number[] {
  return list.filter((_, index) => indices.includes(index));
}

describe('choose', () => {
  it('takes a free candidate, whenever there is one', () => {
    fc.assert(
      fc.property(key, ports, subset, subset, (name, list, takenAt, lastAt) => {
        const taken = pick(list, takenAt);
        const chosen = choose(name, numbersOf(list), available(taken, pick(list, lastAt)));
        const free = list.filter((port) => !taken.includes(port));
        expect(chosen === undefined ? [] : [chosen]).toEqual(free.filter((port) => port === chosen));
        expect(chosen === undefined).toBe(free.length === 0);
      }),
    );
  });

  it('is what choices lists first, and the list is the order in which ports fall through', () => {
    fc.assert(
      fc.property(key, ports, subset, subset, subset, (name, list, takenAt, lastAt, behindAt) => {
        const numbers = numbersOf(list);
        const taken = [...pick(list, takenAt)];
        const others = [pick(list, lastAt), pick(list, behindAt)] as const;
        const listed = choices(name, numbers, available(taken, ...others), list.length);
        const fallen: number[] = [];
        for (;;) {
          const next = choose(name, numbers, available([...taken, ...fallen], ...others));
          if (next === undefined) break;
          fallen.push(next);
        }
        expect(fallen).toEqual(listed);
        expect(choices(name, numbers, available(taken, ...others), 3)).toEqual(listed.slice(0, 3));
      }),
      { numRuns: 100 },
    );
  });

  it('takes a last resort only when nothing else is free', () => {
    fc.assert(
      fc.property(key, ports, subset, (name, list, lastAt) => {
        const lastResorts = pick(list, lastAt);
        const chosen = choose(name, numbersOf(list), available([], lastResorts));
        expect(lastResorts.includes(chosen ?? -1)).toBe(lastResorts.length === list.length);
      }),
    );
  });

  it('takes, of nothing but last resorts, the one with the lowest order', () => {
    fc.assert(
      fc.property(key, ports, (name, list) => {
        expect(choose(name, numbersOf(list), available([], list))).toBe(list[0]);
        expect(choose(name, numbersOf(list), available(list.slice(0, 1), list))).toBe(list[1]);
      }),
    );
  });

  it('takes, of last resorts with one order, the one that it would take if none of them were one', () => {
    fc.assert(
      fc.property(key, ports, subset, (name, list, lastAt) => {
        const lastResorts = pick(list, lastAt);
        const behind = list.filter((port) => !lastResorts.includes(port));
        const inOrder = [...lastResorts, ...choices(name, numbersOf(behind), available([]), behind.length)];
        expect(choices(name, numbersOf(list), available([], lastResorts, list), list.length)).toEqual(
          choices(name, numbersOf(list), available([]), list.length),
        );
        expect(choices(name, numbersOf(list), available([], lastResorts, behind), list.length)).toEqual(inOrder);
      }),
    );
  });

  it('stays, or moves to a new port, when the pool grows; and stays when another port goes', () => {
    fc.assert(
      fc.property(key, ports, ports, (name, list, more) => {
        const before = choose(name, numbersOf(list), available([]));
        const after = choose(name, numbersOf([...list, ...more]), available([]));
        expect([before, ...more.filter((port) => !list.includes(port))]).toContain(after);
        const withoutOthers = choose(
          name,
          numbersOf(list.filter((port, at) => port === before || at % 2 === 0)),
          available([]),
        );
        expect(withoutOthers).toBe(before);
      }),
    );
  });

  it('moves a key with probability n/(size after growth)', () => {
    const small = numbersOf(Array.from({ length: 100 }, (_, index) => 30_000 + index));
    const grown = numbersOf(Array.from({ length: 125 }, (_, index) => 30_000 + index));
    let moved = 0;
    for (let i = 0; i < 10_000; i += 1) {
      const name = `shop/service-${i}/http/TCP`;
      if (choose(name, small, available([])) !== choose(name, grown, available([]))) moved += 1;
    }
    // Expected 25/125 = 20 % of 10,000, standard deviation 40: five of them either way.
    expect(moved).toBeGreaterThan(1_800);
    expect(moved).toBeLessThan(2_200);
  });
});
