import { type Cidr, type Family, isWorld, mergeCidrs, parseCidr } from './cidr.ts';
import type { Path } from './path.ts';
import type { Service } from './service.ts';

/** Kubernetes forbids the load balancer's own annotation on other types, so node ports have theirs. */
export const SOURCE_CIDRS_ANNOTATION = 'nodeport-gate.dev/source-cidrs';

/** What cloud load balancers read where `spec.loadBalancerSourceRanges` is empty. */
export const LEGACY_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** The most items that are read; there is no use in looking at more. */
export const MOST_ITEMS = 64;

export const ANNOTATION_PATH: Path = ['metadata', 'annotations', SOURCE_CIDRS_ANNOTATION];

/** Where a Service says who may connect. */
export interface Declaration {
  readonly path: Path;
  /** Without the spaces around them; one more than `MOST_ITEMS` where there are too many. */
  readonly items: readonly string[];
  /**
   * A filter of load balancers: kube-proxy filters each family by the entries of that family, and a family without an
   * entry not at all (pkg/proxy/serviceport.go). In our own annotation such a family is closed.
   */
  readonly leavesUnlistedFamiliesOpen: boolean;
}

/** When the load balancer's filter counts; `closed`: while no port but the health check is open on the nodes. */
export interface FilterAcceptance {
  readonly accept: 'never' | 'closed' | 'always';
  /** Whether any port but the health check is open on the nodes, or will be. */
  readonly opensServicePorts: boolean;
}

/** Our own annotation wherever it is, whatever it says; else the load balancer's filter, where that is accepted. */
export function declarationOf(
  service: Service,
  { accept, opensServicePorts }: FilterAcceptance,
): Declaration | undefined {
  const annotation = service.annotations[SOURCE_CIDRS_ANNOTATION];
  if (annotation !== undefined) {
    return { path: ANNOTATION_PATH, items: itemsOf(annotation), leavesUnlistedFamiliesOpen: false };
  }
  if (accept === 'never' || (accept === 'closed' && opensServicePorts)) return undefined;
  return loadBalancerFilter(service);
}

/** `spec.loadBalancerSourceRanges`, else the annotation before it; other types than LoadBalancer have no such filter. */
export function loadBalancerFilter(service: Service): Declaration | undefined {
  if (service.type !== 'LoadBalancer') return undefined;
  const ranges = service.loadBalancerSourceRanges;
  if (ranges.length > 0) {
    const items = ranges.slice(0, MOST_ITEMS + 1).map(withoutSpaces);
    return { path: ['spec', 'loadBalancerSourceRanges'], items, leavesUnlistedFamiliesOpen: true };
  }
  const legacy = service.annotations[LEGACY_ANNOTATION];
  if (legacy === undefined) return undefined;
  const path = ['metadata', 'annotations', LEGACY_ANNOTATION];
  return { path, items: itemsOf(legacy), leavesUnlistedFamiliesOpen: true };
}

/**
 * Whether everybody may connect: nothing is declared, nothing that is declared can be read, or there is more than is read, one family lists (nearly) all
 * there is, or a family that the Service has is listed nowhere and therefore not filtered.
 */
export function isOpenToWorld(declared: Declaration | undefined, { ipFamilies }: Service): boolean {
  if (declared === undefined || declared.items.length > MOST_ITEMS) return true;
  const cidrs = readableOf(declared.items);
  if (cidrs.length === 0) return true;
  const sources = mergeCidrs(cidrs);
  if (isWorld(sources, 4) || isWorld(sources, 6)) return true;
  const isUnfiltered = (family: Family): boolean =>
    ipFamilies.includes(`IPv${family}`) && !cidrs.some((cidr) => cidr.family === family);
  return declared.leavesUnlistedFamiliesOpen && (isUnfiltered(4) || isUnfiltered(6));
}

function readableOf(items: readonly string[]): readonly Cidr[] {
  return items.flatMap((item) => {
    const parsed = parseCidr(item);
    return parsed.ok ? [parsed.value] : [];
  });
}

function itemsOf(text: string): readonly string[] {
  return text.split(',', MOST_ITEMS + 1).map(withoutSpaces);
}

/** Spaces only, no other white space; by position, because a regular expression would be quadratic in inner spaces. */
function withoutSpaces(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text[from] === ' ') from += 1;
  while (to > from && text[to - 1] === ' ') to -= 1;
  return text.slice(from, to);
}
