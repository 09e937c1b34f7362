import { Fragment, type VNode } from 'preact';
import { useState } from 'preact/hooks';

export interface ShowMoreProps<Item> {
  readonly items: readonly Item[];
  readonly draw: (item: Item) => VNode;
  readonly name: (item: Item) => string;
}

const STEP = 50;

/** A list of which as much is drawn as somebody asks for. */
export function ShowMore<Item>({ items, draw, name }: ShowMoreProps<Item>): VNode {
  const [shown, setShown] = useState(STEP);
  const rest = items.length - shown;
  return (
    <>
      <ul class="list">
        {items.slice(0, shown).map((item, index) => (
          <Fragment key={`${name(item)} ${index}`}>{draw(item)}</Fragment>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" class="plain" onClick={() => setShown(shown + STEP)}>
          Show {Math.min(STEP, rest)} more of {rest}
        </button>
      )}
    </>
  );
}
