import { type Dirent, readdirSync } from 'node:fs';
import { own } from '../../domain/json.ts';
import { readChart } from './kustomizations.ts';
import { type Place, placeIn } from './place.ts';
import { CHART_FILE, isPassedBy } from './walk-directory.ts';

/** Deeper, and in more directories, nobody waits for the search. */
const DEEPEST = 4;
const MOST_DIRECTORIES = 2000;

/**
 * The charts below a directory by the name that they give themselves, which helm writes before what it renders: those that are the only
 * one of their name. Two may be copies of each other, and a place in the wrong one is worse than none; so a directory with too much in
 * it to be searched has none.
 */
export function chartsBelow(root: Place): ReadonlyMap<string, Place> {
  const found = new Map<string, readonly Place[]>();
  let level: readonly Place[] = [root];
  let count = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth += 1) {
    count += level.length;
    if (count > MOST_DIRECTORIES) return new Map();
    level = level.flatMap((directory) => {
      const entries = entriesOf(directory);
      if (entries.some(({ name }) => name === CHART_FILE)) {
        for (const name of namesOfChart(directory)) found.set(name, [...(found.get(name) ?? []), directory]);
      }
      return entries.flatMap((entry) =>
        entry.isDirectory() && !isPassedBy(entry.name) ? [placeIn(directory, entry.name)] : [],
      );
    });
  }
  return new Map(
    Array.from(found).flatMap(([name, [chart, ...others]]) => (chart && others.length === 0 ? [[name, chart]] : [])),
  );
}

/** What it calls itself: one name, if it can be read. */
export function namesOfChart(directory: Place): readonly string[] {
  return readChart(directory.path).flatMap((chart) => {
    const name = own(chart, 'name');
    return typeof name === 'string' ? [name] : [];
  });
}

/** Nothing is found in what may not be looked at. */
function entriesOf(directory: Place): readonly Dirent[] {
  try {
    return readdirSync(directory.path, { withFileTypes: true });
  } catch {
    return [];
  }
}
