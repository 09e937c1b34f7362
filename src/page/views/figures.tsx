import type { VNode } from 'preact';
import type { CellState } from '../model/cell.ts';
import { findingsIn, levelText } from '../model/finding-level.ts';
import { countText, type Tally } from '../model/tally.ts';
import type { Filters, Tab } from '../model/view-state.ts';

export interface FiguresProps {
  readonly tally: Tally;
  readonly onFilter: (filters: Partial<Filters>, tab?: Tab) => void;
}

const FIGURES: readonly { readonly label: string; readonly trait: CellState }[] = [
  { label: 'ports held', trait: 'held' },
  { label: 'free', trait: 'free' },
  { label: 'open to the world', trait: 'open-to-world' },
  { label: 'shared', trait: 'shared' },
  { label: 'squatted', trait: 'squatted' },
];

/** The figures, each of which leads to what it counts. */
export function Figures({ tally: { numbers, findings }, onFilter }: FiguresProps): VNode {
  const figures: readonly FigureProps[] = [
    ...FIGURES.map(({ label, trait }) => ({
      label,
      count: numbers[trait],
      onClick: () => onFilter({ trait }, 'map'),
    })),
    {
      label: 'findings',
      count: findings && findingsIn(findings),
      detail: findings === undefined ? '' : levelText(findings),
      onClick: () => onFilter({}, 'findings'),
    },
  ];
  return (
    <ul class="figures">
      {figures.map((figure) => (
        <li key={figure.label}>
          <Figure {...figure} />
        </li>
      ))}
    </ul>
  );
}

interface FigureProps {
  readonly label: string;
  /** Undefined: not known. */
  readonly count: number | undefined;
  readonly detail?: string;
  readonly onClick: () => void;
}

function Figure({ label, count, detail = '', onClick }: FigureProps): VNode {
  return (
    <button type="button" class="figure" onClick={onClick}>
      <strong>{countText(count)}</strong> <span>{count === undefined ? `${label} not known` : label}</span>
      {detail !== '' && <small>{detail}</small>}
    </button>
  );
}
