import { Fragment, type VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useMedia } from '../browser/use-media.ts';

export interface ShowMoreProps<Item> {
  readonly items: readonly Item[];
  readonly draw: (item: Item) => VNode;
  readonly name: (item: Item) => string;
}

const STEP = 50;

/** A list of which as much is drawn as somebody asks for; on paper all. What is new gets the focus. */
export function ShowMore<Item>({ items, draw, name }: ShowMoreProps<Item>): VNode {
  const [asked, setAsked] = useState(STEP);
  const isPaper = useMedia('print');
  const shown = isPaper ? items.length : asked;
  const rest = items.length - shown;
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    const first = asked === STEP ? undefined : list.current?.children[asked - STEP];
    if (!(first instanceof HTMLElement)) return;
    first.tabIndex = -1;
    first.focus();
  }, [asked]);
  return (
    <>
      <ul class="list" ref={list}>
        {items.slice(0, shown).map((item, index) => (
          <Fragment key={`${name(item)} ${index}`}>{draw(item)}</Fragment>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" class="plain" onClick={() => setAsked(asked + STEP)}>
          Show {Math.min(STEP, rest)} more of {rest}
        </button>
      )}
    </>
  );
}
