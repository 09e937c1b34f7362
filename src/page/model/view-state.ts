import { MAX_PORT } from '../../domain/port-set.ts';
import { PORT_MARKS, type PortMark } from '../../report/port-map.ts';
import { CELL_STATES, type CellState } from './cell.ts';
import { FINDING_LEVELS, type FindingLevel } from './finding-level.ts';

export const TABS = ['map', 'ports', 'findings', 'pools', 'playground'] as const;
export type Tab = (typeof TABS)[number];

/** What a port can be asked for: its state on the map, or a mark. */
export const PORT_TRAITS: readonly PortTrait[] = [...new Set([...CELL_STATES, ...PORT_MARKS])];
export type PortTrait = CellState | PortMark;

export interface Filters {
  /** Words, all of which must occur; empty: no search. */
  readonly query: string;
  readonly namespace?: string;
  readonly pool?: string;
  readonly trait?: PortTrait;
  readonly level?: FindingLevel;
  readonly rule?: string;
}

/** What somebody looks at: all of it is in the hash of the address, so that it can be sent to somebody else. */
export interface ViewState {
  readonly tab: Tab;
  readonly filters: Filters;
  /** The port whose card is open. */
  readonly port?: number;
}

export const NO_FILTERS: Filters = { query: '' };
const START: ViewState = { tab: 'map', filters: NO_FILTERS };

/** Filters as they come from outside (an address, a form), by name; what is no value of theirs is not there. */
export type FilterTexts = Readonly<Partial<Record<keyof Filters, string | undefined>>>;

export function filtersFrom(texts: FilterTexts): Filters {
  const { query = '', namespace, pool, rule } = texts;
  const trait = oneOf(PORT_TRAITS, texts.trait);
  const level = oneOf(FINDING_LEVELS, texts.level);
  return {
    query,
    ...(namespace && { namespace }),
    ...(pool && { pool }),
    ...(trait !== undefined && { trait }),
    ...(level !== undefined && { level }),
    ...(rule && { rule }),
  };
}

/** Reads `#tab=ports&q=web&pool=team-a&port=30080`; what it does not understand is not there. */
export function readHash(hash: string): ViewState {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (name: string): string | undefined => given.get(name) ?? undefined;
  const port = readPort(text('port'));
  return {
    tab: oneOf(TABS, text('tab')) ?? START.tab,
    filters: filtersFrom({
      query: text('q'),
      namespace: text('namespace'),
      pool: text('pool'),
      trait: text('show'),
      level: text('level'),
      rule: text('rule'),
    }),
    ...(port !== undefined && { port }),
  };
}

/** The other way round; empty for the state of the start. */
export function writeHash({ tab, filters, port }: ViewState): string {
  const { query, namespace, pool, trait, level, rule } = filters;
  const pairs: readonly (readonly [string, string | number | undefined])[] = [
    ['tab', tab === START.tab ? undefined : tab],
    ['q', query === '' ? undefined : query],
    ['namespace', namespace],
    ['pool', pool],
    ['show', trait],
    ['level', level],
    ['rule', rule],
    ['port', port],
  ];
  const written = new URLSearchParams();
  for (const [name, value] of pairs) if (value !== undefined) written.set(name, String(value));
  return written.size === 0 ? '' : `#${written.toString()}`;
}

export function isFiltered({ query, ...others }: Filters): boolean {
  return query.trim() !== '' || Object.values(others).some((value) => value !== undefined);
}

function oneOf<Value extends string>(values: readonly Value[], text: string | undefined): Value | undefined {
  return values.find((value) => value === text);
}

function readPort(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port >= 1 && port <= MAX_PORT ? port : undefined;
}
