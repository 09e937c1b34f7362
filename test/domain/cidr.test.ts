import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import {
  type AddressSet,
  blocksOf,
  blocksWiderThan,
  type Cidr,
  covers,
  type Family,
  isWorld,
  mergeCidrs,
  networkOf,
  parseAddress,
  parseCidr,
} from '../../src/domain/cidr.ts';

const BITS = { 4: 32, 6: 128 } as const;

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.code}`);
  return parsed.value;
}

function merged(...written: readonly string[]): AddressSet {
  return mergeCidrs(written.map(cidr));
}

function texts(blocks: readonly Cidr[]): readonly string[] {
  return blocks.map(({ text }) => text);
}

describe('parseCidr', () => {
  it.each<[string, Omit<Cidr, 'text'>]>([
    ['10.0.0.0/8', { family: 4, prefix: 8, first: 0x0a000000n, last: 0x0affffffn }],
    ['0.0.0.0/0', { family: 4, prefix: 0, first: 0n, last: 0xffffffffn }],
    ['255.255.255.255/32', { family: 4, prefix: 32, first: 0xffffffffn, last: 0xffffffffn }],
    ['::/0', { family: 6, prefix: 0, first: 0n, last: (1n << 128n) - 1n }],
    ['::1/128', { family: 6, prefix: 128, first: 1n, last: 1n }],
    ['2001:DB8:0000::/47', { family: 6, prefix: 47, first: 0x20010db8n << 96n, last: (0x20010db80002n << 80n) - 1n }],
    [
      '64:ff9b::192.0.2.0/120',
      { family: 6, prefix: 120, first: (0x64ff9bn << 96n) + 0xc0000200n, last: (0x64ff9bn << 96n) + 0xc00002ffn },
    ],
    ['::/80', { family: 6, prefix: 80, first: 0n, last: (1n << 48n) - 1n }],
  ])('reads %s', (text, value) => {
    expect(parseCidr(text)).toEqual({ ok: true, value: { text, ...value } });
  });

  it.each([
    ['', { code: 'empty' }],
    ['10.0.0.1/8', { code: 'host-bits', instead: '10.0.0.0/8' }],
    ['10.0.0.1/0', { code: 'host-bits', instead: '0.0.0.0/0' }],
    ['2001:DB8::1/32', { code: 'host-bits', instead: '2001:db8::/32' }],
    ['10.0.0.1', { code: 'no-prefix', instead: '10.0.0.1/32' }],
    ['2001:db8::1', { code: 'no-prefix', instead: '2001:db8::1/128' }],
    ['::ffff:10.0.0.1', { code: 'no-prefix', instead: '10.0.0.1/32' }],
    ['10.0.0.0/33', { code: 'prefix-too-long', longest: 32 }],
    ['::/129', { code: 'prefix-too-long', longest: 128 }],
    ['10.0.0.0/08', { code: 'leading-zero' }],
    ['10.0.0.0/00', { code: 'leading-zero' }],
    ['010.0.0.0/8', { code: 'leading-zero' }],
    ['10.0.0.00/8', { code: 'leading-zero' }],
    ['fe80::%eth0/64', { code: 'zone' }],
    ['::ffff:10.0.0.0/104', { code: 'ipv4-mapped', instead: '10.0.0.0/8' }],
    ['::FFFF:a00:1/104', { code: 'ipv4-mapped', instead: '10.0.0.0/8' }],
    ['::ffff:0.0.0.0/90', { code: 'ipv4-mapped', instead: undefined }],
  ])('says what is wrong with %j', (text, fault) => {
    expect(parseCidr(text)).toEqual({ ok: false, fault });
  });

  it.each([
    '/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/+8',
    '10.0.0.0/-1',
    '10.0.0.0/8.0',
    '10.0.0.0/1e1',
    '10.0.0.0/0x8',
    '10.0.0.0/0000000008',
    ' 10.0.0.0/8',
    '10.0.0.0/8 ',
    '10.0.0.0 /8',
    '10.0.0.0/8\n',
    '10.0.0.0\n/8',
    '10.0.0.0/8\u0000',
    '\uff11\uff10.0.0.0/8',
    '10.0.0.0/\u0668',
    '10.1/16',
    '10/8',
    '167772160/8',
    '0x0a.0.0.0/8',
    '256.0.0.0/8',
    '1000.0.0.0/8',
    '1.2.3.4.0/24',
    '10.0.0.0./8',
    '[2001:db8::]/32',
    ':::/0',
    '1::2::3/128',
    '12345::/16',
    '1:2:3:4:5:6:7:8:9/128',
    '1:2:3:4:5:6:7/128',
    '::01.2.3.4/128',
    '::1.2.3.4:5/128',
    ':1.2.3.4/128',
    `${'0:'.repeat(40)}:/0`,
    'example.com/24',
    '__proto__',
  ])('does not take %j for a network', (text) => {
    expect(parseCidr(text)).toEqual({ ok: false, fault: { code: 'no-address' } });
  });

  it('looks at no more of a text than an address can be long', () => {
    expect(parseCidr(`${'1:'.repeat(100_000)}%`)).toEqual({ ok: false, fault: { code: 'no-address' } });
    expect(parseCidr(`${'0'.repeat(100_000)}.0.0.0/8`)).toEqual({ ok: false, fault: { code: 'no-address' } });
  });

  it('reads every network as the package does, and only as a network', () => {
    fc.assert(
      fc.property(network(), ({ family, text, prefix, value }) => {
        const { first, last } = cidr(text);
        const other = family === 4 ? new Address4(text) : new Address6(text);
        expect([first, last]).toEqual([other.startAddress().bigInt(), other.endAddress().bigInt()]);
        expect(networkOf(family, value, prefix).text).toBe(`${other.correctForm()}/${prefix}`);
      }),
    );
  });

  it('answers any text, and never accepts what node:net refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'01279af:./% '.split('')) })), (text) => {
        const [address = ''] = text.split('/');
        const parsed = parseCidr(text);
        if (parsed.ok) expect(isIPv4(address) || isIPv6(address)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseAddress', () => {
  it.each([
    ['10.0.0.1', { family: 4, value: 0x0a000001n }],
    ['2001:DB8::1', { family: 6, value: (0x20010db8n << 96n) + 1n }],
  ])('reads %s', (text, value) => {
    expect(parseAddress(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['', { code: 'empty' }],
    ['10.0.0.0/8', { code: 'no-address' }],
    ['10.0.0.010', { code: 'leading-zero' }],
    ['fe80::1%eth0', { code: 'zone' }],
    ['::ffff:a00:1', { code: 'ipv4-mapped', instead: '10.0.0.1' }],
  ])('says what is wrong with %j', (text, fault) => {
    expect(parseAddress(text)).toEqual({ ok: false, fault });
  });

  it('agrees with node:net on IPv4 and on IPv6 without zone and mapping', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const parsed = parseAddress(text);
        const isMapped = !parsed.ok && parsed.fault.code === 'ipv4-mapped';
        expect(parsed.ok || isMapped).toBe(isIPv4(text) || isIPv6(text));
      }),
    );
  });
});

describe('mergeCidrs', () => {
  it('joins what overlaps or touches, and nothing else', () => {
    expect(
      merged('10.128.0.0/9', '10.0.0.0/9', '10.1.0.0/16', '12.0.0.0/8', '10.0.0.0/9', '::/128', '::2/128'),
    ).toEqual({
      4: [
        { first: 0x0a000000n, last: 0x0affffffn },
        { first: 0x0c000000n, last: 0x0cffffffn },
      ],
      6: [
        { first: 0n, last: 0n },
        { first: 2n, last: 2n },
      ],
    });
  });

  it('has exactly the addresses of its networks, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(smallNetwork(), { maxLength: 12 }), (list) => {
        const set = mergeCidrs(list);
        expect(mergeCidrs(list.toReversed())).toEqual(set);
        for (let value = 0n; value < 256n; value += 1n) {
          const isListed = list.some(({ first, last }) => first <= value && value <= last);
          expect(covers(set, 4, { first: value, last: value })).toBe(isListed);
        }
        const [, ...later] = set[4];
        expect(later.every(({ first }, index) => first > (set[4][index]?.last ?? 0n) + 1n)).toBe(true);
      }),
    );
  });
});

describe('covers', () => {
  it.each([
    ['10.1.0.0/16', true],
    ['10.0.0.0/8', true],
    ['10.0.0.0/7', false],
    ['11.0.0.0/8', false],
    ['9.255.255.255/32', false],
    ['2001:db8:1::/48', true],
    ['2001:db8::/31', false],
    ['::a00:0/128', false],
  ])('%s in 10.0.0.0/9, 10.128.0.0/9, 2001:db8::/32: %s', (text, expected) => {
    const { family, first, last } = cidr(text);
    expect(covers(merged('10.0.0.0/9', '10.128.0.0/9', '2001:db8::/32'), family, { first, last })).toBe(expected);
  });
});

describe('blocksOf', () => {
  it.each([
    [['10.0.0.0/9', '10.128.0.0/9'], ['10.0.0.0/8']],
    [
      ['9.0.0.0/8', '10.0.0.0/8', '11.0.0.0/8'],
      ['9.0.0.0/8', '10.0.0.0/7'],
    ],
    [['0.0.0.0/1', '128.0.0.0/1'], ['0.0.0.0/0']],
    [['203.0.113.7/32'], ['203.0.113.7/32']],
    [[], []],
  ])('%j is %j', (list, blocks) => {
    expect(texts(blocksOf(merged(...list), 4))).toEqual(blocks);
  });

  it('is canonical: merging the blocks again gives the same set and the same blocks, never more than were listed', () => {
    fc.assert(
      fc.property(fc.array(network(), { maxLength: 20 }), (list) => {
        const set = mergeCidrs(list.map(({ text }) => cidr(text)));
        for (const family of [4, 6] as const) {
          const blocks = blocksOf(set, family);
          expect(mergeCidrs(blocks)[family]).toEqual(set[family]);
          expect(blocks.length).toBeLessThanOrEqual(list.length);
        }
      }),
    );
  });
});

describe('blocksWiderThan', () => {
  it.each([
    [['10.0.0.0/8', '11.0.0.0/8', '203.0.113.0/24'], 8, ['10.0.0.0/7']],
    [['10.0.0.0/8', '12.0.0.0/8'], 8, []],
    [['11.0.0.0/8', '12.0.0.0/8'], 8, []],
    [['10.0.0.0/8'], 9, ['10.0.0.0/8']],
    [['0.0.0.0/0'], 0, []],
    [['0.0.0.0/0'], 1, ['0.0.0.0/0']],
    [['203.0.113.7/32'], 32, []],
  ])('%j, /%i: %j', (list, prefix, blocks) => {
    expect(texts(blocksWiderThan(merged(...list), 4, prefix))).toEqual(blocks);
  });

  it('is what its name says', () => {
    fc.assert(
      fc.property(
        fc.array(network(), { maxLength: 8 }),
        fc.constantFrom<Family>(4, 6),
        fc.nat(128),
        (list, family, wish) => {
          const prefix = Math.min(wish, BITS[family]);
          const set = mergeCidrs(list.map(({ text }) => cidr(text)));
          expect(blocksWiderThan(set, family, prefix)).toEqual(
            blocksOf(set, family).filter((block) => block.prefix < prefix),
          );
        },
      ),
    );
  });
});

describe('isWorld', () => {
  it.each<[readonly string[], Family, boolean]>([
    [['0.0.0.0/0'], 4, true],
    [['0.0.0.0/1', '128.0.0.0/1'], 4, true],
    [['0.0.0.0/1'], 4, false],
    [['0.0.0.0/1', '0.0.0.0/1'], 4, false],
    [['0.0.0.0/1', '203.0.113.7/32'], 4, true],
    [['0.0.0.0/2', '64.0.0.0/3', '128.0.0.0/2', '192.0.0.0/3'], 4, true],
    [['10.0.0.0/8'], 4, false],
    [[], 4, false],
    [['::/0'], 6, true],
    [['2000::/3'], 6, true],
    [['2000::/4'], 6, false],
    [['2000::/4', '3000::/128'], 6, true],
    [['2400::/6', '2800::/5', '3000::/5'], 6, true],
    [['::/3', '4000::/2', '8000::/1'], 6, false],
    [['fc00::/7'], 6, false],
    [['0.0.0.0/0'], 6, false],
    [['::/0'], 4, false],
  ])('%j as IPv%i: %s', (list, family, expected) => {
    expect(isWorld(merged(...list), family)).toBe(expected);
  });

  it('does not depend on how the networks are cut', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(63), { maxLength: 64 }), (sixtyFourths) => {
        const set = mergeCidrs(sixtyFourths.map((part) => networkOf(4, BigInt(part) << 26n, 6)));
        expect(isWorld(set, 4)).toBe(sixtyFourths.length > 32);
      }),
    );
  });
});

interface Written {
  readonly family: Family;
  readonly text: string;
  readonly prefix: number;
  readonly value: bigint;
}

/** A network somewhere; IPv6 without the IPv4-mapped addresses. */
function network(): fc.Arbitrary<Written> {
  const of = (family: Family, least: bigint): fc.Arbitrary<Written> =>
    fc
      .tuple(fc.bigInt(least, (1n << BigInt(BITS[family])) - 1n), fc.nat(BITS[family]))
      .map(([value, prefix]) => ({ family, value, prefix, text: networkOf(family, value, prefix).text }));
  return fc.oneof(of(4, 0n), of(6, 1n << 64n));
}

/** Within 0.0.0.0/24. */
function smallNetwork(): fc.Arbitrary<Cidr> {
  return fc
    .tuple(fc.nat(255), fc.integer({ min: 24, max: 32 }))
    .map(([value, prefix]) => networkOf(4, BigInt(value), prefix));
}
