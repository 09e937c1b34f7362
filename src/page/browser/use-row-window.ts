import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { type RowWindow, stepTowards, visibleRows } from '../model/visible-rows.ts';

/** A row has up to a hundred cells: so many can be drawn between two pictures of the screen. */
const ROWS_A_STEP = 8;

/** Which rows of a list of equally high ones are near enough to be seen that they should be drawn. */
export function useRowWindow(list: RefObject<HTMLElement | null>, count: number, rowHeight: number): RowWindow {
  const [rows, setRows] = useState<RowWindow>({ first: 0, end: Math.min(count, ROWS_A_STEP) });
  useLayoutEffect(() => {
    let frame = 0;
    let drawn = rows;
    const step = (): void => {
      frame = 0;
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const next = stepTowards(drawn, visibleRows({ count, rowHeight, top, viewport: innerHeight }), ROWS_A_STEP);
      if (next.first === drawn.first && next.end === drawn.end) return;
      drawn = next;
      setRows(next);
      later();
    };
    const later = (): void => {
      if (frame === 0) frame = requestAnimationFrame(step);
    };
    later();
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later);
    // The list also moves when what is above it grows or shrinks.
    const layout = new ResizeObserver(later);
    layout.observe(document.body);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', later);
      removeEventListener('resize', later);
      layout.disconnect();
    };
  }, [list, count, rowHeight]);
  return { first: Math.min(rows.first, count), end: Math.min(rows.end, count) };
}
