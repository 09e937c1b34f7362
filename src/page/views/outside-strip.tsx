import type { VNode } from 'preact';
import { type Atlas, isInRange } from '../model/atlas.ts';
import { cellOf } from '../model/cell.ts';
import type { Matches } from '../model/search.ts';

export interface OutsideStripProps {
  readonly atlas: Atlas;
  readonly matches: Matches;
  readonly onOpen: (number: number) => void;
}

/** Numbers that something has although the API server allocates none of them. */
export function OutsideStrip({ atlas, matches, onOpen }: OutsideStripProps): VNode | null {
  const numbers = [...atlas.byNumber.keys()].filter((number) => !isInRange(atlas.range, number));
  if (numbers.length === 0) return null;
  return (
    <section class={matches.numbers === undefined ? 'outside' : 'outside searched'} aria-labelledby="outside">
      <div>
        <h2 id="outside">Outside the range {atlas.map.range}</h2>
        <p>The API server allocates none of these: each came past it, and may have taken a port of the node.</p>
      </div>
      <ul>
        {numbers.map((number) => {
          const { state, strictest, label } = cellOf(atlas, number);
          return (
            <li key={number}>
              <button
                type="button"
                class={matches.numbers?.has(number) === true ? 'hit' : ''}
                onClick={() => onOpen(number)}
                aria-label={label}
              >
                <b class={`${state}${strictest === undefined ? '' : ` has-${strictest}`}`} aria-hidden="true" />
                {number}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
