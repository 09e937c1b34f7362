import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { PortMap } from '../report/port-map.ts';
import { useMap } from './browser/use-map.ts';
import { type Move, type Show, useViewState } from './browser/use-view-state.ts';
import type { Atlas } from './model/atlas.ts';
import { connectionText } from './model/connection.ts';
import { noticesOf } from './model/notices.ts';
import { filtersText } from './model/filters-text.ts';
import { findingList, foundText } from './model/finding-list.ts';
import { matchText, search } from './model/search.ts';
import { type Tally, tallyOf } from './model/tally.ts';
import { type Filters, filtersFrom, isFiltered, NO_FILTERS, type Tab, type ViewState } from './model/view-state.ts';
import { FilterBar } from './views/filter-bar.tsx';
import { FindingsView } from './views/findings-view.tsx';
import { Figures } from './views/figures.tsx';
import { Header } from './views/header.tsx';
import { MapView } from './views/map-view.tsx';
import { MatchList } from './views/match-list.tsx';
import { PlaygroundTab } from './views/playground-tab.tsx';
import { PoolsView } from './views/pools-view.tsx';
import { PortCard } from './views/port-card.tsx';
import { PortTable } from './views/port-table.tsx';
import { focusTab, TabList, TabPanel } from './views/tabs.tsx';

export interface AppProps {
  /** The map that came with the page; undefined: there is a gate to ask. */
  readonly embedded: PortMap | undefined;
}

export function App({ embedded }: AppProps): VNode {
  const { atlas, connection } = useMap(embedded);
  const [view, show] = useViewState();
  const isLive = embedded === undefined;
  const tally = useMemo(() => (atlas === undefined ? undefined : tallyOf(atlas)), [atlas]);
  return (
    <>
      <Header atlas={atlas} connection={connection} isLive={isLive}>
        {tally !== undefined && view.tab !== 'playground' && (
          <Figures tally={tally} onFilter={filterFrom(view, show)} />
        )}
      </Header>
      {atlas === undefined || tally === undefined ? (
        <p class="notice" role="status">
          {connectionText(connection) ?? 'Asking the gate for its ports …'}
        </p>
      ) : (
        <Explorer atlas={atlas} tally={tally} view={view} show={show} isLive={isLive} />
      )}
    </>
  );
}

function filterFrom(view: ViewState, show: Show): (filters: Partial<Filters>, tab?: Tab) => void {
  return (filters, tab = view.tab) => show({ tab, filters: { ...NO_FILTERS, ...filters } }, 'step');
}

interface ExplorerProps {
  readonly atlas: Atlas;
  readonly tally: Tally;
  readonly view: ViewState;
  readonly show: Show;
  readonly isLive: boolean;
}

function Explorer({ atlas, tally, view, show, isLive }: ExplorerProps): VNode {
  const { tab, filters, port } = view;
  const matches = useMemo(() => search(atlas, filters), [atlas, filters]);
  const notices = useMemo(() => noticesOf(atlas.map), [atlas]);
  const searchField = useRef<HTMLInputElement>(null);
  const current = useRef(view);
  current.current = view;
  const open = useCallback((number: number) => show({ ...current.current, port: number }, 'open'), [show]);
  const close = useCallback(() => {
    const { port: _, ...rest } = current.current;
    show(rest, 'close');
  }, [show]);
  const filter = useCallback((next: Filters) => show({ ...current.current, filters: next }, 'refine'), [show]);
  const isFilterable = tab !== 'playground' && tab !== 'pools';
  const list = useMemo(
    () => (tab === 'findings' ? findingList(atlas, filters, matches) : undefined),
    [tab, atlas, filters, matches],
  );
  useKeys({
    field: searchField,
    onEscape: () => {
      if (isFilterable && isFiltered(filters)) filter(NO_FILTERS);
    },
  });
  const goTo = (next: ViewState, move: Move): void => {
    show(next, move);
    focusTab(next.tab);
  };
  return (
    <main>
      <div class="bar">
        <TabList tab={tab} onChoose={(next) => show({ ...view, tab: next }, 'step')} />
      </div>
      {tab !== 'playground' &&
        notices.map((notice) => (
          <p key={notice} class="notice">
            {notice}
          </p>
        ))}
      {isFilterable && (
        <>
          <FilterBar
            atlas={atlas}
            found={list === undefined ? matchText(matches) : foundText(list)}
            filters={filters}
            onFilter={filter}
            field={searchField}
          />
          <p class="asked">{filtersText(filters)}</p>
        </>
      )}
      <TabPanel tab="map" chosen={tab}>
        {matches.numbers !== undefined && (
          <MatchList matches={matches} onOpen={open} onAll={() => goTo({ ...view, tab: 'ports' }, 'step')} />
        )}
        <MapView atlas={atlas} tally={tally} matches={matches} filters={filters} onFilter={filter} onOpen={open} />
      </TabPanel>
      <TabPanel tab="ports" chosen={tab}>
        <PortTable matches={matches} onOpen={open} />
      </TabPanel>
      <TabPanel tab="findings" chosen={tab}>
        {list !== undefined && (
          <FindingsView
            atlas={atlas}
            list={list}
            onRule={(rule) => goTo({ tab, filters: filtersFrom({ ...filters, rule }) }, 'refine')}
            onOpen={open}
          />
        )}
      </TabPanel>
      <TabPanel tab="pools" chosen={tab}>
        <PoolsView atlas={atlas} onPool={(pool) => goTo({ tab: 'map', filters: { ...NO_FILTERS, pool } }, 'step')} />
      </TabPanel>
      <TabPanel tab="playground" chosen={tab} isKept>
        <PlaygroundTab isLive={isLive} isChosen={tab === 'playground'} />
      </TabPanel>
      {port !== undefined && (
        <PortCard
          atlas={atlas}
          number={port}
          onClose={close}
          onRule={(rule) => goTo({ tab: 'findings', filters: { ...NO_FILTERS, rule } }, 'step')}
        />
      )}
    </main>
  );
}

interface Keys {
  readonly field: { readonly current: HTMLInputElement | null };
  readonly onEscape: () => void;
}

/** `/` goes to the search from wherever nothing is being typed; Escape is for whoever wants to see all again. */
function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      const isElsewhere = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey;
      if (isElsewhere || isIn(event, 'dialog, .typed')) return;
      if (event.key === 'Escape') leave(event, current.current);
      else if (event.key === '/' && !isIn(event, 'input, select, textarea')) enter(event, current.current);
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  }, []);
}

function enter(event: KeyboardEvent, { field }: Keys): void {
  if (field.current === null) return;
  event.preventDefault();
  field.current.focus();
  field.current.select();
}

function leave(event: KeyboardEvent, { field, onEscape }: Keys): void {
  // These go away with the filters.
  if (isIn(event, '.filters button, .matches')) field.current?.focus();
  onEscape();
}

function isIn({ target }: Event, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
