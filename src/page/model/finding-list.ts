import { ENFORCEMENTS, type Enforcement } from '../../domain/finding.ts';
import type { MappedFinding, MappedService } from '../../report/port-map.ts';
import { type Atlas, refOf, strictestOf } from './atlas.ts';
import { hasPlace, isWanted, wordsOf } from './search.ts';
import type { Filters } from './view-state.ts';

/** A Service with those of its findings that are asked for. */
export interface FoundService {
  readonly service: MappedService;
  readonly findings: readonly MappedFinding[];
  readonly strictest: Enforcement;
  /** The first number it has, to open its card. */
  readonly number: number | undefined;
}

/** The Services with findings, strictest first, then by most of them, then by name. */
export function foundServices(atlas: Atlas, filters: Filters): readonly FoundService[] {
  const words = wordsOf(filters.query);
  const asksForPlace = filters.pool !== undefined || filters.trait !== undefined;
  const carried = Map.groupBy(atlas.entries, refOf);
  return atlas.map.services
    .flatMap((service) => {
      const findings = service.findings.filter((finding) => isWanted(finding, filters));
      const strictest = strictestOf(findings);
      const entries = carried.get(refOf(service)) ?? [];
      if (strictest === undefined || !concerns(service, filters, words)) return [];
      if (asksForPlace && !entries.some((entry) => hasPlace(entry, filters))) return [];
      return [{ service, findings: strictestFirst(findings), strictest, number: entries[0]?.number }];
    })
    .sort((a, b) => rank(a.strictest) - rank(b.strictest) || b.findings.length - a.findings.length);
}

function concerns(service: MappedService, { namespace }: Filters, words: readonly string[]): boolean {
  if (namespace !== undefined && service.namespace !== namespace) return false;
  if (words.length === 0) return true;
  const text = [refOf(service), ...service.findings.flatMap(({ rule, message }) => [rule, message])]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The findings in the order in which somebody should see to them. */
export function strictestFirst(findings: readonly MappedFinding[]): readonly MappedFinding[] {
  return findings.toSorted((a, b) => rank(a.enforcement) - rank(b.enforcement));
}

function rank(level: Enforcement): number {
  return ENFORCEMENTS.indexOf(level);
}
