import type { VNode } from 'preact';
import { CELL_STATES } from '../model/cell.ts';
import { countText, type Tally } from '../model/tally.ts';
import { TRAIT_NAMES } from '../model/trait-names.ts';
import { type Filters, filtersFrom } from '../model/view-state.ts';

export interface LegendProps {
  readonly numbers: Tally['numbers'];
  readonly filters: Filters;
  readonly onFilter: (filters: Filters) => void;
}

/** What the cells mean; each entry shows only its own, and all again when it is pressed once more. */
export function Legend({ numbers, filters, onFilter }: LegendProps): VNode {
  return (
    <div class="legend" role="group" aria-label="Legend: show only">
      {CELL_STATES.toReversed().map((state) => {
        const isChosen = filters.trait === state;
        const count = numbers[state];
        return (
          <button
            key={state}
            type="button"
            aria-pressed={isChosen}
            disabled={(count ?? 0) === 0 && !isChosen}
            onClick={() => onFilter(filtersFrom({ ...filters, trait: isChosen ? undefined : state }))}
          >
            <b class={state} aria-hidden="true" />
            {TRAIT_NAMES[state]} <small>{countText(count)}</small>
            {count === undefined && <span class="hidden">not known</span>}
          </button>
        );
      })}
      <span class="key">
        <b class="held has-deny" aria-hidden="true" />
        corner: a finding that denies
      </span>
    </div>
  );
}
