import { describe, expect, it } from 'vitest';
import { choices } from '../../src/allocation/choose.ts';
import { score, seedOf } from '../../src/allocation/score.ts';
import { parseRange, portSet } from '../../src/domain/port-set.ts';
import published from '../fixtures/score-vectors.json' with { type: 'json' };

/** The same function, written from docs/assignment.md alone with big integers. */
function referenceScore(key: string, port: number): number {
  const mask = 0xffffffffn;
  const fmix = (value: bigint): bigint => {
    let h = value & mask;
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
    return h ^ (h >> 16n);
  };
  let hash = 0x811c9dc5n;
  for (const byte of Buffer.from(key, 'utf8')) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & mask;
  return Number(fmix(fmix(hash) ^ ((BigInt(port) * 0x9e3779b1n) & mask)));
}

const range = parseRange(published.pool);
const pool = portSet(range === undefined ? [] : [range]);
const nothingTaken = { isTaken: () => false, lastResortOrder: () => undefined };

describe('the score', () => {
  it.each(published.vectors.map((vector) => [vector.key, vector] as const))('of %s is as published', (key, vector) => {
    expect(seedOf(key).toString(16).padStart(8, '0')).toBe(vector.seed);
    for (const [port, expected] of Object.entries(vector.scores)) {
      expect(score(seedOf(key), Number(port))).toBe(expected);
      expect(referenceScore(key, Number(port))).toBe(expected);
    }
    expect(choices(key, pool.numbers, nothingTaken, 5)).toEqual(vector.choices);
  });

  it('never gives two ports of one key the same score', () => {
    const seed = seedOf('shop/web/http/TCP');
    expect(new Set(Array.from({ length: 65_536 }, (_, port) => score(seed, port))).size).toBe(65_536);
  });

  it('spreads keys evenly over a pool (chi-squared, 199 degrees of freedom, p > 0.0001)', () => {
    const wins = new Map<number, number>();
    const keys = 20_000;
    for (let i = 0; i < keys; i += 1) {
      const [first] = choices(`ns-${i % 50}/service-${i}/http/TCP`, pool.numbers, nothingTaken, 1);
      if (first !== undefined) wins.set(first, (wins.get(first) ?? 0) + 1);
    }
    const mean = keys / pool.numbers.length;
    const squares = [...pool.numbers].map((port) => ((wins.get(port) ?? 0) - mean) ** 2 / mean);
    const chiSquared = squares.reduce((sum, square) => sum + square, 0);
    // The 99.99 % quantile of chi-squared with 199 degrees of freedom is 280.
    expect(chiSquared).toBeLessThan(280);
  });
});
