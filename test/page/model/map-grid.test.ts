import { describe, expect, it } from 'vitest';
import { atlasOf } from '../../../src/page/model/atlas.ts';
import {
  bandsOfRow,
  gridOf,
  numberAfterKey,
  numbersOfRow,
  rowOf,
  rowsInUse,
} from '../../../src/page/model/map-grid.ts';
import { stepTowards, visibleRows } from '../../../src/page/model/visible-rows.ts';
import { MAP } from '../support/maps.ts';

describe('the grid', () => {
  it('begins with a multiple of its columns', () => {
    expect(gridOf({ from: 30_050, to: 32_767 }, 100)).toEqual({
      range: { from: 30_050, to: 32_767 },
      columns: 100,
      rows: 28,
      origin: 30_000,
    });
    expect(gridOf({ from: 1, to: 65_535 }, 100).rows).toBe(656);
    expect(gridOf({ from: 1, to: 0 }, 100).rows).toBe(0);
  });

  it('has no numbers outside the range', () => {
    const grid = gridOf({ from: 3, to: 11 }, 5);
    expect([0, 1, 2].map((row) => numbersOfRow(grid, row))).toEqual([
      [undefined, undefined, undefined, 3, 4],
      [5, 6, 7, 8, 9],
      [10, 11, undefined, undefined, undefined],
    ]);
    expect([3, 4, 5, 11].map((number) => rowOf(grid, number))).toEqual([0, 0, 1, 2]);
  });

  it('shows pools as bands, named where they begin', () => {
    const { poolOf, range } = atlasOf(MAP);
    const bands = [0, 1].map((row) =>
      bandsOfRow(poolOf, gridOf(range, 5), row).map(
        ({ pool, start, end, isFirst, room }) => `${pool.name} ${start}-${end} ${isFirst} ${room}`,
      ),
    );
    expect(bands).toEqual([['edge 0-4 true 4', 'team-a 4-5 true 1'], ['team-a 0-1 false 5']]);
  });

  it('is on paper only where something is, when it is long', () => {
    const atlas = atlasOf({ ...MAP, range: '1-65535' });
    expect(rowsInUse(atlas, gridOf(atlas.range, 100))).toEqual([0, 300]);
    expect(rowsInUse(atlas, gridOf({ from: 30_000, to: 30_009 }, 5))).toEqual([0, 1]);
  });
});

describe('keys', () => {
  const grid = gridOf({ from: 30_050, to: 32_767 }, 100);
  it.each<[from: number, key: string, to: number | undefined]>([
    [30_150, 'ArrowLeft', 30_149],
    [30_050, 'ArrowLeft', 30_050],
    [30_199, 'ArrowRight', 30_200],
    [32_767, 'ArrowRight', 32_767],
    [30_150, 'ArrowUp', 30_050],
    [30_149, 'ArrowUp', 30_149],
    [32_667, 'ArrowDown', 32_767],
    [32_700, 'ArrowDown', 32_700],
    [30_150, 'Home', 30_100],
    [30_060, 'Home', 30_050],
    [30_150, 'End', 30_199],
    [32_700, 'End', 32_767],
    [30_650, 'PageUp', 30_150],
    [30_150, 'PageUp', 30_050],
    [30_150, 'PageDown', 30_650],
    [30_150, 'a', undefined],
  ])('from %i, %s leads to %s', (from, key, to) => {
    expect(numberAfterKey(grid, from, key)).toBe(to);
  });

  it('with Control lead to the ends', () => {
    expect(['Home', 'End'].map((key) => numberAfterKey(grid, 30_150, key, true))).toEqual([30_050, 32_767]);
  });
});

describe('rows that are drawn', () => {
  it.each([
    [
      { count: 100, rowHeight: 10, top: 0, viewport: 100 },
      { first: 0, end: 16 },
    ],
    [
      { count: 100, rowHeight: 10, top: -500, viewport: 100 },
      { first: 44, end: 64 },
    ],
    [
      { count: 100, rowHeight: 10, top: -505, viewport: 100 },
      { first: 44, end: 68 },
    ],
    [
      { count: 100, rowHeight: 10, top: -5000, viewport: 100 },
      { first: 100, end: 100 },
    ],
    [
      { count: 5, rowHeight: 10, top: 400, viewport: 100 },
      { first: 0, end: 0 },
    ],
    [
      { count: 0, rowHeight: 10, top: 0, viewport: 100 },
      { first: 0, end: 0 },
    ],
  ])('of %o are near', (scrolled, rows) => {
    expect(visibleRows(scrolled)).toEqual(rows);
  });

  it.each([
    ['on, a few at a time', { first: 0, end: 8 }, { first: 0, end: 30 }, { first: 0, end: 16 }],
    ['back, without those that are far', { first: 20, end: 40 }, { first: 8, end: 30 }, { first: 12, end: 30 }],
    ['elsewhere', { first: 0, end: 8 }, { first: 40, end: 60 }, { first: 40, end: 48 }],
    ['to fewer', { first: 0, end: 30 }, { first: 0, end: 5 }, { first: 0, end: 5 }],
    ['nowhere', { first: 0, end: 8 }, { first: 0, end: 8 }, { first: 0, end: 8 }],
  ])('go %s', (_, drawn, wanted, next) => {
    expect(stepTowards(drawn, wanted, 8)).toEqual(next);
  });
});
