import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { externalIps } from '../../src/rules/external-ips/rule.ts';
import { sourceCidrs } from '../../src/rules/source-cidrs/rule.ts';

function complaints(schema: z.ZodType, value: unknown): readonly (readonly [string, string])[] {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => [path.join('.'), message] as const);
}

describe('networks in a policy', () => {
  it('are read by the same grammar as those of a Service, every mistake at its place', () => {
    const allowed = ['10.0.0.0/8', '10.0.0.1/8', '192.0.2.1', ' 10.0.0.0/8', '010.0.0.0/8', '::ffff:0:0/96', ''];
    expect(complaints(externalIps.entry, { allowed })).toEqual([
      ['allowed.1', '"10.0.0.1/8" has bits set beyond the prefix; write 10.0.0.0/8'],
      ['allowed.2', '"192.0.2.1" has no prefix length; write 192.0.2.1/32 for this one address'],
      ['allowed.3', '" 10.0.0.0/8" is no network; write it as in 192.0.2.0/24 or 2001:db8::/48'],
      ['allowed.4', '"010.0.0.0/8" has a leading zero; write its numbers without'],
      ['allowed.5', '"::ffff:0:0/96" is IPv4 in the form of IPv6; write 0.0.0.0/0'],
      ['allowed.6', '"" is empty; name a network, as in 192.0.2.0/24, or remove the comma'],
    ]);
  });

  it('may be none where that means no exception, not where it would allow nothing', () => {
    expect(complaints(externalIps.entry, { allowed: [] })).toEqual([]);
    expect(complaints(sourceCidrs.entry, { within: [] })).toEqual([['within', 'list at least one network']]);
  });

  it('have prefix lengths that exist', () => {
    const minPrefixLength = { ipv4: 33, ipv6: 129 };
    expect(complaints(sourceCidrs.entry, { minPrefixLength }).map(([path]) => path)).toEqual([
      'minPrefixLength.ipv4',
      'minPrefixLength.ipv6',
    ]);
  });
});
