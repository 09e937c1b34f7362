import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Atlas } from '../model/atlas.ts';
import { type Cell, cellOf } from '../model/cell.ts';
import { type Band, bandsOfRow, type MapGrid, numbersOfRow } from '../model/map-grid.ts';

export interface MapRowProps {
  readonly atlas: Atlas;
  readonly grid: MapGrid;
  readonly row: number;
  readonly top: number;
  readonly hits: ReadonlySet<number> | undefined;
  /** The number that a tab stop leads to, if it is in this row. */
  readonly active: number | undefined;
}

/** What is the same as before is not even compared: there are thousands of cells. */
export function MapRow({ atlas, grid, row, top, hits, active }: MapRowProps): VNode {
  const bands = useMemo(() => <Bands atlas={atlas} grid={grid} row={row} />, [atlas, grid, row]);
  const cells = useMemo(
    () => numbersOfRow(grid, row).map((number) => (number === undefined ? undefined : cellOf(atlas, number))),
    [atlas, grid, row],
  );
  const plain = useMemo(() => cells.map((cell, column) => drawCell(cell, { column })), [cells]);
  return useMemo(
    () => (
      <div role="row" aria-rowindex={row + 1} class="row" style={{ top: `${top}px` }}>
        <div role="rowheader" aria-colindex={1}>
          {grid.origin + row * grid.columns}
        </div>
        {bands}
        {cells.map((cell, column) => {
          const isHit = cell !== undefined && hits?.has(cell.number) === true;
          const isActive = cell !== undefined && cell.number === active;
          return isHit || isActive ? drawCell(cell, { column, isHit, isActive }) : plain[column];
        })}
      </div>
    ),
    [bands, plain, top, hits, active],
  );
}

interface CellLook {
  readonly column: number;
  readonly isHit?: boolean;
  readonly isActive?: boolean;
}

/** Not a component of its own, which would be one more object for each to keep. */
function drawCell(cell: Cell | undefined, { column, isHit = false, isActive = false }: CellLook): VNode {
  if (cell === undefined) return <i key={column} />;
  const { number, state, strictest, label } = cell;
  return (
    <b
      key={column}
      role="gridcell"
      data-number={number}
      aria-colindex={column + 2}
      aria-label={label}
      class={`${state}${strictest === undefined ? '' : ` has-${strictest}`}${isHit ? ' hit' : ''}`}
      tabIndex={isActive ? 0 : -1}
    />
  );
}

const GROUP = 10;
const GROUP_GAP_PX = 3;

function Bands({ atlas, grid, row }: Pick<MapRowProps, 'atlas' | 'grid' | 'row'>): VNode {
  const { columns } = grid;
  return (
    <div class="bands" aria-hidden="true">
      {bandsOfRow(atlas.poolOf, grid, row).map((band) => (
        <span
          key={band.start}
          class={`hue-${band.pool.index % HUES}`}
          style={{ left: edge(band.start, columns), width: widthOf(band, columns) }}
        >
          {band.isFirst && (
            <em style={{ maxWidth: `${(band.room / (band.end - band.start)) * 100}%` }}>{band.pool.name}</em>
          )}
        </span>
      ))}
    </div>
  );
}

/** How many colours page.css has for pools. */
const HUES = 6;

/** Where a column begins: cells share what the gaps between groups of ten leave. */
function edge(column: number, columns: number): string {
  const gaps = (columns / GROUP) * GROUP_GAP_PX;
  return `calc((100% - ${gaps}px) * ${column / columns} + ${Math.floor(column / GROUP) * GROUP_GAP_PX}px)`;
}

function widthOf({ start, end }: Band, columns: number): string {
  const gaps = (columns / GROUP) * GROUP_GAP_PX;
  const inside = Math.floor((end - 1) / GROUP) - Math.floor(start / GROUP);
  return `calc((100% - ${gaps}px) * ${(end - start) / columns} + ${inside * GROUP_GAP_PX - 1}px)`;
}
