import type { RefObject, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { own } from '../../domain/json.ts';
import { compareText } from '../../domain/text.ts';
import type { Atlas } from '../model/atlas.ts';
import { FINDING_LEVELS, LEVEL_NAMES } from '../model/finding-level.ts';
import { TRAIT_NAMES } from '../model/trait-names.ts';
import {
  type Filters,
  filtersFrom,
  type FilterTexts,
  isFiltered,
  NO_FILTERS,
  PORT_TRAITS,
} from '../model/view-state.ts';

export interface FilterBarProps {
  readonly atlas: Atlas;
  /** What was found, in a sentence. */
  readonly found: string;
  readonly filters: Filters;
  readonly onFilter: (filters: Filters) => void;
  readonly field: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ atlas, found, filters, onFilter, field }: FilterBarProps): VNode {
  const { namespaces, rules } = useMemo(() => valuesOf(atlas), [atlas]);
  const pools = atlas.pools.map(({ name }) => name);
  const choose = (change: FilterTexts): void => onFilter(filtersFrom({ ...filters, ...change }));
  const onClear = (): void => {
    onFilter(NO_FILTERS);
    field.current?.focus();
  };
  return (
    <search class="filters">
      <label class="search">
        <span class="hidden">Search</span>
        <input
          ref={field}
          type="search"
          value={filters.query}
          placeholder="Search namespace, name, number, pool, contact, finding"
          aria-keyshortcuts="/"
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => onFilter({ ...filters, query: currentTarget.value })}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <Choice
        label="Namespace"
        values={namespaces}
        value={filters.namespace}
        onChoose={(namespace) => choose({ namespace })}
      />
      <Choice label="Pool" values={pools} value={filters.pool} onChoose={(pool) => choose({ pool })} />
      <Choice
        label="State"
        values={PORT_TRAITS}
        names={TRAIT_NAMES}
        value={filters.trait}
        onChoose={(trait) => choose({ trait })}
      />
      <Choice
        label="Level"
        values={FINDING_LEVELS}
        names={LEVEL_NAMES}
        value={filters.level}
        onChoose={(level) => choose({ level })}
      />
      <Choice label="Rule" values={rules} value={filters.rule} onChoose={(rule) => choose({ rule })} />
      <p class="count" role="status" aria-live="polite">
        {isFiltered(filters) ? found : ''}
      </p>
      {isFiltered(filters) && (
        <button type="button" class="plain" onClick={onClear}>
          Clear
        </button>
      )}
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
  readonly value: string | undefined;
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ label, values, names = {}, value = '', onChoose }: ChoiceProps): VNode {
  // A link may name one that is gone.
  const all = value === '' || values.includes(value) ? values : [value, ...values];
  return (
    <label class={value === '' ? 'choice' : 'choice chosen'}>
      <span class="hidden">{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value || undefined)}>
        <option value="">{label}</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {own(names, one) ?? one}
          </option>
        ))}
      </select>
    </label>
  );
}

function valuesOf({ entries, map }: Atlas): {
  readonly namespaces: readonly string[];
  readonly rules: readonly string[];
} {
  const namespaces = new Set(entries.map(({ namespace }) => namespace).filter(Boolean));
  const carriers = [...map.services, ...map.hostPorts];
  const rules = new Set(carriers.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  return { namespaces: [...namespaces].sort(compareText), rules: [...rules].sort(compareText) };
}
