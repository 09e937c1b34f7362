import { z } from 'zod';
import {
  type AddressFault,
  type AddressSet,
  type Cidr,
  type CidrFault,
  mergeCidrs,
  parseCidr,
} from '../domain/cidr.ts';
import { anyOf } from '../domain/text.ts';
import { quoted } from './define.ts';

/** Networks from a policy, read once. */
export interface Networks {
  readonly list: readonly Cidr[];
  readonly addresses: AddressSet;
}

/** A list of networks as a policy writes it, by the same grammar as the annotation of a Service. */
export const networks = z.array(z.string()).transform(readAll);

/** The same where an empty list would allow nothing at all. */
export const someNetworks = z.array(z.string()).min(1, { error: 'list at least one network' }).transform(readAll);

/** The two halves of a sentence: what is wrong, and what to write instead. */
interface FaultText {
  readonly problem: string;
  readonly advice: string;
}

export function describeFault(fault: CidrFault): FaultText {
  switch (fault.code) {
    case 'empty':
      return { problem: 'is empty', advice: 'name a network, as in 192.0.2.0/24, or remove the comma' };
    case 'no-address':
      return { problem: 'is no network', advice: 'write it as in 192.0.2.0/24 or 2001:db8::/48' };
    case 'leading-zero':
      return { problem: 'has a leading zero', advice: 'write its numbers without' };
    case 'zone':
      return { problem: 'has a zone', advice: 'write it without' };
    case 'ipv4-mapped':
      return { problem: 'is IPv4 in the form of IPv6', advice: `write ${fault.instead ?? 'the IPv4 network'}` };
    case 'no-prefix':
      return { problem: 'has no prefix length', advice: `write ${fault.instead} for this one address` };
    case 'prefix-too-long':
      return { problem: 'has no possible prefix length', advice: `write one from /0 to /${fault.longest}` };
    case 'host-bits':
      return { problem: 'has bits set beyond the prefix', advice: `write ${fault.instead}` };
  }
}

/** The same for a single address instead of a network. */
export function describeAddressFault(fault: AddressFault): FaultText {
  switch (fault.code) {
    case 'empty':
      return { problem: 'is empty', advice: 'write an address or remove it' };
    case 'no-address':
      return { problem: 'is no IP address', advice: 'write one as in 192.0.2.1 or 2001:db8::1' };
    default:
      return describeFault(fault);
  }
}

/** `10.0.0.0/8, 192.0.2.0/24 or 2001:db8::/48`; of a longer list the first three. */
export function nameNetworks({ list }: Networks): string {
  const texts = list.map(({ text }) => text);
  return texts.length <= 3 ? anyOf(texts) : `${texts.slice(0, 3).join(', ')} or ${texts.length - 3} more`;
}

function readAll(texts: readonly string[], context: z.RefinementCtx): Networks {
  const list: Cidr[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = parseCidr(text);
    if (parsed.ok) {
      list.push(parsed.value);
      continue;
    }
    const { problem, advice } = describeFault(parsed.fault);
    context.addIssue({ code: 'custom', path: [index], message: `${quoted(text)} ${problem}; ${advice}` });
  }
  return { list, addresses: mergeCidrs(list) };
}
