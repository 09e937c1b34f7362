import { formatRef } from '../../domain/service.ts';
import { counted } from '../../domain/text.ts';
import type { MappedFinding, MappedHostPort, MappedSquatter } from '../../report/port-map.ts';
import type { Atlas, PortEntry } from './atlas.ts';
import { FINDING_LEVELS, type FindingLevel, levelOf, strictestFirst, strictestOf } from './finding-level.ts';
import { isWanted, type Matches, placeAsked, wordsOf } from './search.ts';
import type { Filters } from './view-state.ts';

/** A Service, or what made pods, with those of its findings that are asked for. */
export interface FoundObject {
  /** `namespace/name`, of what is no Service `Kind namespace/name`. */
  readonly title: string;
  /** Of a Service. */
  readonly type: string | undefined;
  readonly findings: readonly MappedFinding[];
  readonly strictest: FindingLevel;
  /** The first number it has of those that are asked for, to open its card. */
  readonly number: number | undefined;
}

/** All that is wrong, of what is asked for. */
export interface FindingList {
  readonly objects: readonly FoundObject[];
  readonly squatters: readonly MappedSquatter[];
  readonly hostPorts: readonly MappedHostPort[];
}

/** `matches`: what the same filters find. */
export function findingList(atlas: Atlas, filters: Filters, { entries }: Matches): FindingList {
  const found: ReadonlySet<PortEntry | undefined> = new Set(entries);
  return {
    objects: foundObjects(atlas, filters),
    squatters: atlas.map.squatters.filter((squatter) => found.has(atlas.entryOf.get(squatter))),
    hostPorts: atlas.map.hostPorts.filter((host) => found.has(atlas.entryOf.get(host))),
  };
}

/** `2 objects with findings, 1 squatter`, for those who hear the result. */
export function foundText({ objects, squatters, hostPorts }: FindingList): string {
  const parts = [
    ...(objects.length === 0 ? [] : [`${counted(objects.length, 'object')} with findings`]),
    ...(squatters.length === 0 ? [] : [counted(squatters.length, 'squatter')]),
    ...(hostPorts.length === 0 ? [] : [counted(hostPorts.length, 'host port')]),
  ];
  return parts.join(', ') || 'nothing matches';
}

/** Whatever has findings, strictest first, then by most of them, then Services before pods, by name. */
function foundObjects(atlas: Atlas, filters: Filters): readonly FoundObject[] {
  const words = wordsOf(filters.query);
  const asksForPlace = filters.pool !== undefined || filters.trait !== undefined;
  const hasPlace = placeAsked(atlas, filters);
  return candidatesOf(atlas)
    .flatMap((candidate) => {
      const { title, type, entries } = candidate;
      const findings = strictestFirst(candidate.findings.filter((finding) => isWanted(finding, filters)));
      const strictest = strictestOf(findings.map(levelOf));
      if (strictest === undefined || !concerns(candidate, filters, words)) return [];
      const first = entries.find(hasPlace);
      if (asksForPlace && first === undefined) return [];
      return [{ title, type, findings, strictest, number: first?.number }];
    })
    .sort((a, b) => rank(a) - rank(b) || b.findings.length - a.findings.length);
}

interface Candidate extends Pick<FoundObject, 'title' | 'type' | 'findings'> {
  readonly namespace: string;
  readonly entries: readonly PortEntry[];
}

function candidatesOf({ map, entries }: Atlas): readonly Candidate[] {
  const byOwner = Map.groupBy(entries, (entry) => `${entry.owner} ${formatRef(entry)}`);
  const pods = Map.groupBy(map.hostPorts, (host) => `${host.kind} ${formatRef(host)}`);
  return [
    ...map.services.map((service) => {
      const { type, namespace, findings } = service;
      const title = formatRef(service);
      return { title, type, namespace, findings, entries: byOwner.get(`Service ${title}`) ?? [] };
    }),
    ...[...pods].map(([title, ports]) => {
      const findings = ports.flatMap((port) => port.findings);
      const namespace = ports[0]?.namespace ?? '';
      return { title, type: undefined, namespace, findings, entries: byOwner.get(title) ?? [] };
    }),
  ];
}

/** A word may stand in the object itself, or in anything that is known about a number of it. */
function concerns(
  { title, namespace, findings, entries }: Candidate,
  filters: Filters,
  words: readonly string[],
): boolean {
  if (filters.namespace !== undefined && namespace !== filters.namespace) return false;
  if (words.length === 0) return true;
  const own = [title, ...findings.flatMap(({ rule, message }) => [rule, message])].join('\n').toLowerCase();
  const texts = [own, ...entries.map(({ searched }) => searched)];
  return words.every((word) => texts.some((text) => text.includes(word)));
}

function rank({ strictest }: FoundObject): number {
  return FINDING_LEVELS.indexOf(strictest);
}
