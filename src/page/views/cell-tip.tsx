import type { RefObject, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Atlas } from '../model/atlas.ts';
import { cellOf } from '../model/cell.ts';

interface Pointed {
  readonly number: number;
  readonly left: number;
  readonly top: number;
}

/** What a cell says, beside the pointer or, without one, beside the cell that keys have led to. Those who do not see it hear it as the name of the cell. */
export function CellTip({
  atlas,
  area,
}: {
  readonly atlas: Atlas;
  readonly area: RefObject<HTMLElement | null>;
}): VNode {
  const [pointed, setPointed] = useState<Pointed>();
  useEffect(() => {
    const element = area.current;
    const point = (target: EventTarget | null): void =>
      setPointed(target instanceof HTMLElement ? pointedAt(target) : undefined);
    const follow = ({ target }: Event): void => point(target);
    const leave = (): void => point(element?.querySelector(':focus-visible') ?? null);
    element?.addEventListener('pointerover', follow);
    element?.addEventListener('pointerleave', leave);
    element?.addEventListener('focusin', leave);
    element?.addEventListener('focusout', leave);
    addEventListener('scroll', leave, { passive: true });
    return () => {
      element?.removeEventListener('pointerover', follow);
      element?.removeEventListener('pointerleave', leave);
      element?.removeEventListener('focusin', leave);
      element?.removeEventListener('focusout', leave);
      removeEventListener('scroll', leave);
    };
  }, [area]);
  return (
    <div
      class="tip"
      aria-hidden="true"
      hidden={pointed === undefined}
      style={pointed && { left: `${pointed.left}px`, top: `${pointed.top}px` }}
    >
      {pointed && cellOf(atlas, pointed.number).label}
    </div>
  );
}

const TIP_PX = 320;
const BELOW_PX = 6;

function pointedAt(element: HTMLElement): Pointed | undefined {
  const number = element.dataset['number'];
  if (number === undefined) return undefined;
  const { left, bottom } = element.getBoundingClientRect();
  const farthest = Math.max(document.documentElement.clientWidth - TIP_PX, 0);
  return { number: Number(number), left: Math.min(left, farthest), top: bottom + BELOW_PX };
}
