import { Address6 } from 'ip-address';

export type Family = 4 | 6;

/** One IP address as a number. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** A network as somebody wrote it. */
export interface Cidr extends AddressInterval {
  /** As written, without the spaces around it. */
  readonly text: string;
  readonly family: Family;
  /** 0-32 or 0-128. */
  readonly prefix: number;
}

/** Both ends inclusive. */
export interface AddressInterval {
  readonly first: bigint;
  readonly last: bigint;
}

/** Addresses of both families; the intervals of a family are ascending, and neither overlap nor touch. */
export type AddressSet = { readonly [F in Family]: readonly AddressInterval[] };

/** What is wrong with the text of an address. */
export type AddressFault =
  | { readonly code: 'empty' | 'no-address' | 'leading-zero' | 'zone' }
  /** `instead`: the same in IPv4 form, where there is one. */
  | { readonly code: 'ipv4-mapped'; readonly instead: string | undefined };

/** What is wrong with the text of a network. */
export type CidrFault =
  | AddressFault
  /** `instead`: the network of just this address. */
  | { readonly code: 'no-prefix'; readonly instead: string }
  | { readonly code: 'prefix-too-long'; readonly longest: number }
  /** `instead`: the network that the address lies in. */
  | { readonly code: 'host-bits'; readonly instead: string };

export type Parsed<Value, Fault> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

const BITS = { 4: 32, 6: 128 } as const;

/** Longer than any address with a prefix length; anything beyond is not looked at. */
const LONGEST_TEXT = 64;

/** What counts as all there is: every IPv4 address; for IPv6 2000::/3, all that is routed globally (RFC 4291 section 2.4). */
const UNIVERSE: { readonly [F in Family]: AddressInterval } = {
  4: { first: 0n, last: (1n << 32n) - 1n },
  6: { first: 1n << 125n, last: (1n << 126n) - 1n },
};

/**
 * Reads an address more strictly than older Kubernetes does, as KEP-4858 asks: a leading zero is octal to some readers and
 * decimal to others (CVE-2021-29923), and so may an IPv4-mapped IPv6 address be either family.
 */
export function parseAddress(text: string): Parsed<Address, AddressFault> {
  const address = readAddress(text);
  if (address === undefined) return { ok: false, fault: addressFault(text) };
  if (!isIPv4Mapped(address)) return { ok: true, value: address };
  return { ok: false, fault: { code: 'ipv4-mapped', instead: formatAddress(4, embeddedIPv4(address.value)) } };
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; the prefix length is mandatory. Spaces around it are the caller's to remove. */
export function parseCidr(text: string): Parsed<Cidr, CidrFault> {
  const slash = text.indexOf('/');
  const addressText = slash < 0 ? text : text.slice(0, slash);
  const address = readAddress(addressText);
  if (address === undefined)
    return { ok: false, fault: slash === 0 ? { code: 'no-address' } : addressFault(addressText) };
  const { family, value } = address;
  const longest = BITS[family];
  if (slash < 0) {
    const instead = isIPv4Mapped(address) ? mappedNetwork(value, longest) : `${addressText}/${longest}`;
    return { ok: false, fault: { code: 'no-prefix', instead } };
  }
  const digits = text.slice(slash + 1);
  const fault = prefixFault(digits, longest);
  if (fault !== undefined) return { ok: false, fault };
  const prefix = Number(digits);
  if (isIPv4Mapped(address)) {
    const instead = prefix < BITS[6] - BITS[4] ? undefined : mappedNetwork(value, prefix);
    return { ok: false, fault: { code: 'ipv4-mapped', instead } };
  }
  const size = sizeOf(family, prefix);
  if (value % size === 0n) return { ok: true, value: { text, family, prefix, first: value, last: value + size - 1n } };
  return { ok: false, fault: { code: 'host-bits', instead: networkOf(family, value, prefix).text } };
}

/** The network of this prefix length around the address, in canonical spelling (RFC 5952). */
export function networkOf(family: Family, value: bigint, prefix: number): Cidr {
  const size = sizeOf(family, prefix);
  const first = value - (value % size);
  return { text: `${formatAddress(family, first)}/${prefix}`, family, prefix, first, last: first + size - 1n };
}

/** The union; overlapping and touching networks become one interval. */
export function mergeCidrs(cidrs: readonly Cidr[]): AddressSet {
  return { 4: mergeFamily(cidrs, 4), 6: mergeFamily(cidrs, 6) };
}

/** Whether every address of the interval is in the set. */
export function covers(set: AddressSet, family: Family, { first, last }: AddressInterval): boolean {
  return set[family].some((interval) => interval.first <= first && last <= interval.last);
}

/** More than half of all there is, so that leaving out a sliver, or naming the halves one by one, changes nothing. */
export function isWorld(set: AddressSet, family: Family): boolean {
  const universe = UNIVERSE[family];
  let shared = 0n;
  for (const { first, last } of set[family]) {
    const from = first > universe.first ? first : universe.first;
    const to = last < universe.last ? last : universe.last;
    if (from <= to) shared += to - from + 1n;
  }
  return shared * 2n > universe.last - universe.first + 1n;
}

/** The fewest networks that together are the family's part of the set, ascending. */
export function blocksOf(set: AddressSet, family: Family): readonly Cidr[] {
  return set[family].flatMap((interval) => blocksOfInterval(interval, family));
}

/** Those among `blocksOf` that are larger than a network of this prefix length. */
export function blocksWiderThan(set: AddressSet, family: Family, prefix: number): readonly Cidr[] {
  if (prefix === 0) return [];
  const tooLarge = sizeOf(family, prefix - 1);
  return set[family]
    .filter(({ first, last }) => last - first + 1n >= tooLarge)
    .flatMap((interval) => blocksOfInterval(interval, family))
    .filter((block) => block.prefix < prefix);
}

function mergeFamily(cidrs: readonly Cidr[], family: Family): readonly AddressInterval[] {
  const merged: AddressInterval[] = [];
  const sorted = cidrs.filter((cidr) => cidr.family === family).sort(byFirst);
  for (const { first, last } of sorted) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous.last + 1n) merged.push({ first, last });
    else if (last > previous.last) merged[merged.length - 1] = { first: previous.first, last };
  }
  return merged;
}

function byFirst(a: Cidr, b: Cidr): number {
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

function blocksOfInterval({ first, last }: AddressInterval, family: Family): readonly Cidr[] {
  const blocks: Cidr[] = [];
  let from = first;
  while (from <= last) {
    let prefix = 0;
    while (from % sizeOf(family, prefix) !== 0n || from + sizeOf(family, prefix) - 1n > last) prefix += 1;
    blocks.push(networkOf(family, from, prefix));
    from += sizeOf(family, prefix);
  }
  return blocks;
}

function sizeOf(family: Family, prefix: number): bigint {
  return 1n << BigInt(BITS[family] - prefix);
}

function readAddress(text: string): Address | undefined {
  const ipv4 = readIPv4(text);
  if (ipv4 !== undefined) return { family: 4, value: ipv4 };
  const ipv6 = readIPv6(text);
  return ipv6 === undefined ? undefined : { family: 6, value: ipv6 };
}

/** Four decimal numbers up to 255 without leading zeros: read here, because the package needs ten times as long. */
function readIPv4(text: string): bigint | undefined {
  const octets = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/
    .exec(text)
    ?.slice(1)
    .map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
  return BigInt(octets.reduce((value, octet) => value * 256 + octet, 0));
}

function readIPv6(text: string): bigint | undefined {
  if (text.length > LONGEST_TEXT || !text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return undefined;
  try {
    return new Address6(text).bigInt();
  } catch {
    return undefined;
  }
}

function addressFault(text: string): AddressFault {
  if (text === '') return { code: 'empty' };
  if (text.length <= LONGEST_TEXT && text.includes(':') && text.includes('%')) return { code: 'zone' };
  const isDotted = text.length <= LONGEST_TEXT && /^\d+\.\d+\.\d+\.\d+$/.test(text);
  return { code: isDotted && /(?:^|\.)0\d/.test(text) ? 'leading-zero' : 'no-address' };
}

function prefixFault(digits: string, longest: number): CidrFault | undefined {
  if (!/^\d{1,3}$/.test(digits)) return { code: 'no-address' };
  if (/^0\d/.test(digits)) return { code: 'leading-zero' };
  return Number(digits) > longest ? { code: 'prefix-too-long', longest } : undefined;
}

/** ::ffff:0:0/96. */
function isIPv4Mapped({ family, value }: Address): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

function embeddedIPv4(value: bigint): bigint {
  return value & 0xffffffffn;
}

function mappedNetwork(value: bigint, prefix: number): string {
  return networkOf(4, embeddedIPv4(value), prefix - (BITS[6] - BITS[4])).text;
}

function formatAddress(family: Family, value: bigint): string {
  if (family === 6) return Address6.fromBigInt(value).correctForm();
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}
