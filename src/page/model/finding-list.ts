import { ENFORCEMENTS, type Enforcement } from '../../domain/finding.ts';
import type { MappedFinding } from '../../report/port-map.ts';
import { type Atlas, type PortEntry, refOf, strictestOf } from './atlas.ts';
import { hasPlace, isWanted, wordsOf } from './search.ts';
import type { Filters } from './view-state.ts';

/** A Service, or what made pods, with those of its findings that are asked for. */
export interface FoundObject {
  /** `namespace/name`, of what is no Service `Kind namespace/name`. */
  readonly title: string;
  /** Of a Service. */
  readonly type: string | undefined;
  readonly findings: readonly MappedFinding[];
  readonly strictest: Enforcement;
  /** The first number it has, to open its card. */
  readonly number: number | undefined;
}

/** Whatever has findings, strictest first, then by most of them, then Services before pods, by name. */
export function foundObjects(atlas: Atlas, filters: Filters): readonly FoundObject[] {
  const words = wordsOf(filters.query);
  const asksForPlace = filters.pool !== undefined || filters.trait !== undefined;
  return candidatesOf(atlas)
    .flatMap(({ title, type, namespace, findings: all, entries }) => {
      const findings = all.filter((finding) => isWanted(finding, filters));
      const strictest = strictestOf(findings);
      if (strictest === undefined || !concerns({ title, namespace, findings: all }, filters, words)) return [];
      if (asksForPlace && !entries.some((entry) => hasPlace(entry, filters))) return [];
      return [{ title, type, findings: strictestFirst(findings), strictest, number: entries[0]?.number }];
    })
    .sort((a, b) => rank(a.strictest) - rank(b.strictest) || b.findings.length - a.findings.length);
}

interface Candidate extends Pick<FoundObject, 'title' | 'type' | 'findings'> {
  readonly namespace: string;
  readonly entries: readonly PortEntry[];
}

function candidatesOf({ map, entries }: Atlas): readonly Candidate[] {
  const ofServices = Map.groupBy(
    entries.filter(({ kind }) => kind !== 'host-port'),
    refOf,
  );
  const ofPods = Map.groupBy(map.hostPorts, (host) => `${host.kind} ${refOf(host)}`);
  return [
    ...map.services.map(({ type, namespace, findings, ...service }) => {
      const title = refOf({ namespace, ...service });
      return { title, type, namespace, findings, entries: ofServices.get(title) ?? [] };
    }),
    ...[...ofPods].map(([title, ports]) => {
      const numbers = new Set(ports.map(({ hostPort }) => hostPort));
      const own = entries.filter(({ kind, number }) => kind === 'host-port' && numbers.has(number));
      const findings = ports.flatMap((port) => port.findings);
      return { title, type: undefined, namespace: ports[0]?.namespace ?? '', findings, entries: own };
    }),
  ];
}

function concerns(
  { title, namespace, findings }: Pick<Candidate, 'title' | 'namespace' | 'findings'>,
  filters: Filters,
  words: readonly string[],
): boolean {
  if (filters.namespace !== undefined && namespace !== filters.namespace) return false;
  if (words.length === 0) return true;
  const text = [title, ...findings.flatMap(({ rule, message }) => [rule, message])].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The findings in the order in which somebody should see to them. */
export function strictestFirst(findings: readonly MappedFinding[]): readonly MappedFinding[] {
  return findings.toSorted((a, b) => rank(a.enforcement) - rank(b.enforcement));
}

function rank(level: Enforcement): number {
  return ENFORCEMENTS.indexOf(level);
}
