import type { RefObject, VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useMedia } from '../browser/use-media.ts';
import { useRowWindow } from '../browser/use-row-window.ts';
import { type Atlas, isInRange } from '../model/atlas.ts';
import { gridOf, type MapGrid, numberAfterKey, rowOf, rowsInUse } from '../model/map-grid.ts';
import type { Matches } from '../model/search.ts';
import type { Tally } from '../model/tally.ts';
import type { Filters } from '../model/view-state.ts';
import { CellTip } from './cell-tip.tsx';
import { Legend } from './legend.tsx';
import { MapRow } from './map-row.tsx';
import { OutsideStrip } from './outside-strip.tsx';

export interface MapViewProps {
  readonly atlas: Atlas;
  readonly matches: Matches;
  readonly tally: Tally;
  readonly filters: Filters;
  readonly onFilter: (filters: Filters) => void;
  readonly onOpen: (number: number) => void;
}

export function MapView({ atlas, tally, matches, filters, onFilter, onOpen }: MapViewProps): VNode {
  const columns = useColumns();
  const grid = useMemo(() => gridOf(atlas.range, columns), [atlas.range.from, atlas.range.to, columns]);
  return (
    <section aria-label="Map" class="map-view">
      <Legend numbers={tally.numbers} filters={filters} onFilter={onFilter} />
      <OutsideStrip atlas={atlas} matches={matches} onOpen={onOpen} />
      <Grid atlas={atlas} grid={grid} hits={matches.numbers} onOpen={onOpen} />
    </section>
  );
}

/** Rows of a hundred where there is room for them. */
function useColumns(): number {
  const isNarrow = useMedia('(max-width: 60rem)');
  const isTiny = useMedia('(max-width: 34rem)');
  const isPaper = useMedia('print');
  if (isPaper || !isNarrow) return 100;
  return isTiny ? 20 : 50;
}

interface GridProps {
  readonly atlas: Atlas;
  readonly grid: MapGrid;
  readonly hits: Matches['numbers'];
  readonly onOpen: (number: number) => void;
}

const ROW_PX = 36;
const ROW_PX_WITHOUT_POOLS = 22;

function Grid({ atlas, grid, hits, onOpen }: GridProps): VNode {
  const list = useRef<HTMLDivElement>(null);
  const rowHeight = atlas.pools.length === 0 ? ROW_PX_WITHOUT_POOLS : ROW_PX;
  const rows = useDrawnRows({ list, atlas, grid, rowHeight });
  const [chosen, setActive] = useState(grid.range.from);
  const active = isInRange(grid.range, chosen) ? chosen : grid.range.from;
  const wantsFocus = useRef(false);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [active]);
  const onKeyDown = useCallback(
    (event: KeyboardEvent): void => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        onOpen(active);
        return;
      }
      const next = numberAfterKey(grid, active, event.key, event.ctrlKey || event.metaKey);
      if (next === undefined) return;
      event.preventDefault();
      wantsFocus.current = true;
      setActive(next);
    },
    [grid, active, onOpen],
  );
  const onClick = useCallback(
    (event: MouseEvent): void => {
      const number = numberAt(event);
      if (number === undefined) return;
      setActive(number);
      onOpen(number);
    },
    [onOpen],
  );
  const activeRow = rowOf(grid, active);
  // In order: a row with the focus that is moved to another place loses it, and the browser scrolls to it again.
  const drawn =
    rows.includes(activeRow) || grid.rows === 0 ? rows : [...rows, activeRow].sort((one, other) => one - other);
  const names = `Ports ${atlas.map.range}`;
  return (
    <>
      <div
        ref={list}
        role="grid"
        aria-label={names}
        aria-rowcount={grid.rows}
        aria-colcount={grid.columns + 1}
        class={`map${hits === undefined ? '' : ' searched'}${atlas.pools.length === 0 ? ' poolless' : ''}`}
        style={{ height: `${grid.rows * rowHeight}px` }}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        {drawn.map((row) => (
          <MapRow
            key={row}
            atlas={atlas}
            grid={grid}
            row={row}
            top={row * rowHeight}
            hits={hits}
            active={row === activeRow ? active : undefined}
          />
        ))}
      </div>
      <CellTip atlas={atlas} area={list} />
    </>
  );
}

interface DrawnRows {
  readonly list: RefObject<HTMLElement | null>;
  readonly atlas: Atlas;
  readonly grid: MapGrid;
  readonly rowHeight: number;
}

/** On a screen those that are near; on paper all that say something. */
function useDrawnRows({ list, atlas, grid, rowHeight }: DrawnRows): readonly number[] {
  const isPaper = useMedia('print');
  const { first, end } = useRowWindow(list, grid.rows, rowHeight);
  return useMemo(
    () => (isPaper ? rowsInUse(atlas, grid) : Array.from({ length: end - first }, (_, index) => first + index)),
    [isPaper, atlas, grid, first, end],
  );
}

function numberAt(event: MouseEvent): number | undefined {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-number]') : null;
  return cell === null ? undefined : Number(cell.dataset['number']);
}
