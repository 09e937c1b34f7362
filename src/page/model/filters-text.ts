import { LEVEL_NAMES } from './finding-level.ts';
import { TRAIT_NAMES } from './trait-names.ts';
import type { Filters } from './view-state.ts';

/** `Only: search web, namespace shop`, for paper, which has no controls; empty when nothing is asked for. */
export function filtersText({ query, namespace, pool, trait, level, rule }: Filters): string {
  const asked: readonly (readonly [string, string | undefined])[] = [
    ['search', query.trim() || undefined],
    ['namespace', namespace],
    ['pool', pool],
    ['state', trait && TRAIT_NAMES[trait]],
    ['level', level && LEVEL_NAMES[level]],
    ['rule', rule],
  ];
  const said = asked.flatMap(([what, value]) => (value === undefined ? [] : [`${what} ${value}`]));
  return said.length === 0 ? '' : `Only: ${said.join(', ')}`;
}
