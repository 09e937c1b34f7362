import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/domain/verdict.ts';
import { NO_RESERVATIONS } from '../../src/domain/world.ts';
import { makeReservations } from '../../src/server/reservations.ts';

const KEY = 'shop/web/http/TCP';

function assigned(nodePort: number, overrides: Partial<Assignment> = {}): Assignment {
  return {
    port: 'http',
    protocol: 'TCP',
    nodePort,
    pool: 'shop',
    because: 'hash',
    path: ['spec', 'ports', 0, 'nodePort'],
    key: KEY,
    ...overrides,
  };
}

describe('makeReservations', () => {
  it('remembers who was given a port, for as long as it was told', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100)], 'shop/web', 1_000);
    const entry = { number: 30100, owner: 'shop/web', key: KEY, order: 1, endsAt: 11_000 };
    const view = book.view(10_999);
    expect([view.of(30100), view.find('shop/web', KEY), view.of(30101), view.find('shop/api', KEY)]).toEqual([
      entry,
      entry,
      undefined,
      undefined,
    ]);
    expect(book.view(11_000)).toBe(NO_RESERVATIONS);
  });

  it('forgets what an owner was given as soon as the inventory knows it, and nothing of others', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100), assigned(30101, { key: 'shop/web/dns/UDP' })], 'shop/web', 0);
    book.remember([assigned(30102, { key: 'shop/api/http/TCP' })], 'shop/api', 0);
    book.forget('shop/web');
    book.forget('shop/none');
    const view = book.view(0);
    expect([30100, 30101, 30102].map((number) => view.of(number)?.owner)).toEqual([undefined, undefined, 'shop/api']);
    expect([view.find('shop/web', KEY), view.find('shop/api', 'shop/api/http/TCP')?.order]).toEqual([undefined, 3]);
  });

  it('remembers again what its owner got back, from the later moment', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100)], 'shop/web', 0);
    book.remember([assigned(30100, { because: 'reservation' })], 'shop/web', 9_000);
    expect(book.view(15_000).of(30100)).toEqual({
      number: 30100,
      owner: 'shop/web',
      key: KEY,
      order: 2,
      endsAt: 19_000,
    });
  });

  it('forgets all that a clock wrote which was ahead', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100)], 'shop/web', 3_600_000);
    expect(book.view(3_599_000)).toBe(NO_RESERVATIONS);
    book.remember([assigned(30101)], 'shop/web', 3_599_000);
    expect(book.view(3_599_000).of(30101)?.number).toBe(30101);
  });

  it('forgets the former port of an owner that gets another', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100)], 'shop/web', 0);
    book.remember([assigned(30200)], 'shop/web', 1);
    const view = book.view(2);
    expect([view.of(30100), view.of(30200)?.owner]).toEqual([undefined, 'shop/web']);
  });

  it('knows the last owner of a port that two were given, and gives it back to nobody else', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100)], 'shop/web', 0);
    book.remember([assigned(30100, { key: 'shop/api/http/TCP' })], 'shop/api', 1);
    const view = book.view(2);
    expect([
      view.of(30100)?.owner,
      view.find('shop/web', KEY),
      view.find('shop/api', 'shop/api/http/TCP')?.number,
    ]).toEqual(['shop/api', undefined, 30100]);
  });

  it('takes owners and keys as they are: no separator can be forged', () => {
    const book = makeReservations(10_000);
    book.remember([assigned(30100, { key: 'c' })], 'a","b', 0);
    expect(book.view(0).find('a', 'b","c')).toBeUndefined();
  });

  it('stays bounded: a flood forgets the oldest', () => {
    const book = makeReservations(10_000);
    for (let i = 0; i < 10_000; i += 1) book.remember([assigned(i, { key: `k${i}` })], 'shop/web', 0);
    const view = book.view(0);
    const known = Array.from({ length: 10_000 }, (_, number) => number).filter(
      (number) => view.of(number) !== undefined,
    );
    expect([known.length, known[0], known.at(-1)]).toEqual([4096, 5904, 9999]);
  });
});
