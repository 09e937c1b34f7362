/** Rows from `first` up to, not including, `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

export interface Scrolled {
  readonly count: number;
  readonly rowHeight: number;
  /** How far the first row is below the upper edge of what is seen; negative when it has been scrolled away. */
  readonly top: number;
  readonly viewport: number;
}

/** Beyond the edges, so that a row is there before it is seen. */
const SPARE_ROWS = 4;

/**
 * The rows that are seen, with some to spare. In steps of the spare rows, so that scrolling by one row draws nothing new
 * most of the time.
 */
export function visibleRows({ count, rowHeight, top, viewport }: Scrolled): RowWindow {
  const above = Math.floor(-top / rowHeight);
  const below = Math.ceil((viewport - top) / rowHeight);
  const first = Math.floor(above / SPARE_ROWS - 1) * SPARE_ROWS;
  const end = Math.ceil(below / SPARE_ROWS + 1) * SPARE_ROWS;
  return { first: clamp(first, count), end: clamp(end, count) };
}

/**
 * The next rows to draw on the way to those wanted: at most so many new ones at each end, so that no step takes long.
 */
export function stepTowards(drawn: RowWindow, wanted: RowWindow, most: number): RowWindow {
  const { first, end } = wanted;
  if (first >= drawn.end || end <= drawn.first) return { first, end: Math.min(end, first + most) };
  return { first: Math.max(first, drawn.first - most), end: Math.min(end, drawn.end + most) };
}

function clamp(row: number, count: number): number {
  return Math.min(Math.max(row, 0), count);
}
