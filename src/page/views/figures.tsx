import type { VNode } from 'preact';
import type { CellState } from '../model/cell.ts';
import { levelText, type Tally } from '../model/tally.ts';
import type { Filters, Tab } from '../model/view-state.ts';

export interface FiguresProps {
  readonly tally: Tally;
  /** Without an audit, some are not known. */
  readonly isAudited: boolean;
  readonly onFilter: (filters: Partial<Filters>, tab?: Tab) => void;
}

/** Some only an audit finds out. */
const FIGURES: readonly { readonly label: string; readonly trait: CellState; readonly isAudits?: boolean }[] = [
  { label: 'ports held', trait: 'held' },
  { label: 'free', trait: 'free' },
  { label: 'open to the world', trait: 'open-to-world', isAudits: true },
  { label: 'shared', trait: 'shared' },
  { label: 'squatted', trait: 'squatted' },
];

/** The figures, each of which leads to what it counts. */
export function Figures({ tally: { numbers, findings }, isAudited, onFilter }: FiguresProps): VNode {
  const figures: readonly FigureProps[] = [
    ...FIGURES.map(({ label, trait, isAudits = false }) => ({
      label,
      count: isAudits && !isAudited ? undefined : numbers[trait],
      onClick: () => onFilter({ trait }, 'map'),
    })),
    {
      label: 'findings',
      count: isAudited ? findings.deny + findings.warn + findings.audit : undefined,
      detail: levelText(findings),
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
      <strong>{count === undefined ? '–' : count.toLocaleString('en')}</strong>{' '}
      <span>{count === undefined ? `${label} not known` : label}</span>
      {detail !== '' && <small>{detail}</small>}
    </button>
  );
}
