import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { PortMap } from '../report/port-map.ts';
import { useMap } from './browser/use-map.ts';
import { type Move, useViewState } from './browser/use-view-state.ts';
import type { Atlas } from './model/atlas.ts';
import { connectionText } from './model/connection.ts';
import { noticesOf } from './model/notices.ts';
import { search } from './model/search.ts';
import { type Tally, tallyOf } from './model/tally.ts';
import { type Filters, NO_FILTERS, type Tab, type ViewState } from './model/view-state.ts';
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
import { TabList, TabPanel } from './views/tabs.tsx';

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
          <Figures tally={tally} isAudited={atlas?.map.auditedAt !== undefined} onFilter={filterFrom(view, show)} />
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

type Show = (view: ViewState, move: Move) => void;

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
  const open = useCallback((number: number) => show({ ...current.current, port: number }, 'step'), [show]);
  const close = useCallback(() => {
    const { port: _, ...rest } = current.current;
    show(rest, 'refine');
  }, [show]);
  const filter = useCallback((next: Filters) => show({ ...current.current, filters: next }, 'refine'), [show]);
  useSearchKey(searchField);
  const jump = filterFrom(view, show);
  const isFilterable = tab !== 'playground' && tab !== 'pools';
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
        <FilterBar atlas={atlas} matches={matches} filters={filters} onFilter={filter} field={searchField} />
      )}
      <TabPanel tab="map" chosen={tab}>
        {matches.numbers !== undefined && (
          <MatchList matches={matches} onOpen={open} onAll={() => show({ ...view, tab: 'ports' }, 'step')} />
        )}
        <MapView atlas={atlas} tally={tally} matches={matches} filters={filters} onFilter={filter} onOpen={open} />
      </TabPanel>
      <TabPanel tab="ports" chosen={tab}>
        <PortTable matches={matches} onOpen={open} />
      </TabPanel>
      <TabPanel tab="findings" chosen={tab}>
        <FindingsView atlas={atlas} filters={filters} onFilter={filter} onOpen={open} />
      </TabPanel>
      <TabPanel tab="pools" chosen={tab}>
        <PoolsView atlas={atlas} onPool={(pool) => jump({ pool }, 'map')} />
      </TabPanel>
      <TabPanel tab="playground" chosen={tab} isKept>
        <PlaygroundTab isLive={isLive} />
      </TabPanel>
      {port !== undefined && (
        <PortCard atlas={atlas} number={port} onClose={close} onRule={(rule) => jump({ rule }, 'findings')} />
      )}
    </main>
  );
}

/** `/` goes to the search from wherever nothing is being typed. */
function useSearchKey(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, select, textarea, dialog, .typed');
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
      if (field.current === null) return;
      event.preventDefault();
      field.current.focus();
      field.current.select();
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  }, [field]);
}
