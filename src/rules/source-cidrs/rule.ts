import { z } from 'zod';
import {
  blocksOf,
  blocksWiderThan,
  type Cidr,
  covers,
  type Family,
  isWorld,
  mergeCidrs,
  networkOf,
  parseCidr,
} from '../../domain/cidr.ts';
import {
  ANNOTATION_PATH,
  type Declaration,
  declarationOf,
  loadBalancerFilter,
  MOST_ITEMS,
} from '../../domain/source-declaration.ts';
import { defineRule, type Message, quoted, type Report } from '../define.ts';
import type { Scene, ScenePort, UnassignedPort } from '../scene.ts';
import { describeFault, nameNetworks, someNetworks } from '../networks.ts';

const FAMILIES = {
  4: { name: 'IPv4', key: 'ipv4', widestExample: 8 },
  6: { name: 'IPv6', key: 'ipv6', widestExample: 16 },
} as const;
const BOTH = [4, 6] as const;

const options = z.strictObject({
  required: z.boolean().default(true).describe('Whether a Service without any source networks is a finding.'),
  within: someNetworks.optional().describe('Networks that all sources must lie in; without it they may lie anywhere.'),
  minPrefixLength: z
    .strictObject({
      ipv4: z.int().min(0).max(32).optional().describe('The shortest prefix length of an IPv4 network.'),
      ipv6: z.int().min(0).max(128).optional().describe('The shortest prefix length of an IPv6 network.'),
    })
    .optional()
    .describe('How large a network may be, after neighbours have been merged; without it any size.'),
  allowWorld: z
    .boolean()
    .default(false)
    .describe('Whether more than half of all addresses of a family may be sources, whatever `minPrefixLength` says.'),
  acceptLoadBalancerSourceRanges: z
    .enum(['never', 'closed', 'always'])
    .default('closed')
    .describe(
      'When `spec.loadBalancerSourceRanges` counts instead of the annotation; `closed`: while no port but the health check is open on the nodes.',
    ),
});
type Options = z.output<typeof options>;

const messages = {
  missing: { text: 'missing; list the networks that may connect, such as "{example}"' },
  bypassed: {
    text: 'missing, and loadBalancerSourceRanges filters no node ports; add it, such as "{example}", or open none (allocateLoadBalancerNodePorts: false)',
  },
  tooMany: { text: 'more than {most} networks; merge neighbours or list larger ones' },
  malformed: { text: '{item} {problem}; {advice}' },
  notWithin: { text: '{item} is not within {allowed}; list only networks from there' },
  tooWide: { text: '{block} is wider than {widest}; list only the networks that need it' },
  world: { text: '{blocks} is open to the world ({family}); list only the networks that need it' },
  unfilteredFamily: { text: 'no {family} network is listed, so {family} is open to the world; list one' },
  closedFamily: {
    text: 'no {family} network is listed, so {family} stays closed; list one if it is used',
    limit: 'warn',
  },
} as const satisfies Record<string, Message>;
type Reporter = Report<typeof messages>;

export const sourceCidrs = defineRule({
  name: 'source-cidrs',
  summary: 'Services that open node ports say which networks may connect, and those are not too wide.',
  why: 'A node port is open to every address that reaches a node; without a list nobody can tell who should, and no firewall can be written.',
  subject: 'open-service',
  options,
  messages,
  presets: {
    restricted: {
      enforcement: 'deny',
      required: true,
      allowWorld: false,
      minPrefixLength: { ipv4: 8, ipv6: 16 },
      acceptLoadBalancerSourceRanges: 'closed',
    },
  },
  check(scene, chosen, report) {
    const declared = declarationOf(scene.service, {
      accept: chosen.acceptLoadBalancerSourceRanges,
      opensServicePorts: scene.ports.some(isServicePort) || scene.unassigned.some(isServicePort),
    });
    if (declared === undefined) {
      if (chosen.required) reportMissing(scene, chosen, report);
    } else if (declared.items.length > MOST_ITEMS) {
      report('tooMany', declared.path, { most: MOST_ITEMS });
    } else {
      judge(declared, scene, chosen, report);
    }
  },
});

function isServicePort({ path }: ScenePort | UnassignedPort): boolean {
  return path[1] === 'ports';
}

function reportMissing({ service }: Scene, chosen: Options, report: Reporter): void {
  const isBypassed = chosen.acceptLoadBalancerSourceRanges === 'closed' && loadBalancerFilter(service) !== undefined;
  report(isBypassed ? 'bypassed' : 'missing', ANNOTATION_PATH, { example: exampleFor(chosen) });
}

/** A network that this policy would let pass. */
function exampleFor({ within, minPrefixLength = {} }: Options): string {
  const [cidr] = within?.list ?? [];
  if (cidr === undefined) return '192.0.2.0/24';
  const { key, widestExample } = FAMILIES[cidr.family];
  const prefix = Math.max(cidr.prefix, minPrefixLength[key] ?? widestExample);
  return networkOf(cidr.family, cidr.first, prefix).text;
}

/**
 * What can be read is judged also beside an item that cannot: otherwise one bad item, which the ratchet forgives because
 * it was there before, would hide everything that is added to it.
 */
function judge(declared: Declaration, scene: Scene, chosen: Options, report: Reporter): void {
  const cidrs: Cidr[] = [];
  const listed = new Set<Family>();
  for (const item of new Set(declared.items)) {
    const parsed = parseCidr(item);
    listed.add(parsed.ok ? parsed.value.family : item.includes(':') ? 6 : 4);
    if (parsed.ok) cidrs.push(parsed.value);
    else report('malformed', declared.path, { item: quoted(item), ...describeFault(parsed.fault) }, { value: item });
  }
  reportOutside(declared, cidrs, chosen, report);
  reportWide(declared, cidrs, chosen, report);
  reportFamilies(declared, listed, { scene, chosen }, report);
}

function reportOutside({ path }: Declaration, cidrs: readonly Cidr[], { within }: Options, report: Reporter): void {
  if (within === undefined) return;
  for (const cidr of cidrs) {
    if (covers(within.addresses, cidr.family, cidr)) continue;
    report('notWithin', path, { item: cidr.text, allowed: nameNetworks(within) }, { value: cidr.text });
  }
}

/** The values are the merged networks, not the items: a list that grows is never the same as before to the ratchet. */
function reportWide(
  { path }: Declaration,
  cidrs: readonly Cidr[],
  { allowWorld, minPrefixLength = {} }: Options,
  report: Reporter,
): void {
  const sources = mergeCidrs(cidrs);
  for (const family of BOTH) {
    const { name, key } = FAMILIES[family];
    if (isWorld(sources, family)) {
      const value = blocksOf(sources, family).map(({ text }) => text);
      const blocks = nameSome(value);
      if (!allowWorld) report('world', path, { blocks, family: name }, { value: value.join(', ') });
      continue;
    }
    const shortest = minPrefixLength[key] ?? 0;
    for (const { text } of blocksWiderThan(sources, family, shortest)) {
      report('tooWide', path, { block: text, widest: `/${shortest}` }, { value: text });
    }
  }
}

function reportFamilies(
  { path, leavesUnlistedFamiliesOpen }: Declaration,
  listed: ReadonlySet<Family>,
  { scene, chosen }: { readonly scene: Scene; readonly chosen: Options },
  report: Reporter,
): void {
  const mayBeOpen = chosen.allowWorld && chosen.within === undefined;
  for (const family of BOTH) {
    const { name } = FAMILIES[family];
    if (listed.has(family) || !scene.service.ipFamilies.includes(name)) continue;
    if (!leavesUnlistedFamiliesOpen) report('closedFamily', path, { family: name }, { value: name });
    else if (!mayBeOpen) report('unfilteredFamily', path, { family: name }, { value: name });
  }
}

function nameSome(texts: readonly string[]): string {
  return texts.length <= 2 ? texts.join(' with ') : `${texts.slice(0, 2).join(', ')} with ${texts.length - 2} more`;
}
