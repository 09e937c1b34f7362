import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { formatRef } from '../../domain/service.ts';
import { useMedia } from '../browser/use-media.ts';
import { useRowWindow } from '../browser/use-row-window.ts';
import type { PortEntry } from '../model/atlas.ts';
import { reachText } from '../model/reach-text.ts';
import type { Matches } from '../model/search.ts';
import { TRAIT_NAMES } from '../model/trait-names.ts';
import { Levels } from './level.tsx';

export interface PortTableProps {
  readonly matches: Matches;
  readonly onOpen: (number: number) => void;
}

const ROW_PX = 40;

/** The list of ports; only the rows that are near are drawn, and on paper all. */
export function PortTable({ matches: { entries }, onOpen }: PortTableProps): VNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const isPaper = useMedia('print');
  const seen = useRowWindow(body, entries.length, ROW_PX);
  const { first, end } = isPaper ? { first: 0, end: entries.length } : seen;
  if (entries.length === 0) return <p class="empty">No port matches.</p>;
  return (
    <table class="ports" aria-rowcount={entries.length + 1}>
      <caption class="hidden">Ports</caption>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col">Port</th>
          <th scope="col">Protocol</th>
          <th scope="col">Holder</th>
          <th scope="col">Port name</th>
          <th scope="col">Pool</th>
          <th scope="col">Who may connect</th>
          <th scope="col">Findings</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {first > 0 && <Gap key="above" rows={first} />}
        {entries.slice(first, end).map((entry, index) => (
          <Row key={keyOf(entry)} entry={entry} index={first + index + 2} onOpen={onOpen} />
        ))}
        {end < entries.length && <Gap key="below" rows={entries.length - end} />}
      </tbody>
    </table>
  );
}

/** The same for the same port of the same object after other ports have come or gone: its row keeps the focus. */
function keyOf(entry: PortEntry): string {
  const { number, protocol, owner, port, kind } = entry;
  return [number, protocol, owner, formatRef(entry), port, kind].join(' ');
}

function Gap({ rows }: { readonly rows: number }): VNode {
  return (
    <tr aria-hidden="true" class="gap">
      <td style={{ height: `${rows * ROW_PX}px` }} />
    </tr>
  );
}

interface RowProps {
  readonly entry: PortEntry;
  readonly index: number;
  readonly onOpen: (number: number) => void;
}

function Row({ entry, index, onOpen }: RowProps): VNode {
  const { kind, number, protocol, port, pool, marks, findings } = entry;
  return useMemo(
    () => (
      <tr aria-rowindex={index} class={kind}>
        <th scope="row">
          <button type="button" class="number" onClick={() => onOpen(number)}>
            {number}
          </button>
        </th>
        <td>{protocol}</td>
        <td>
          <span class="ref">{entry.name === '' ? TRAIT_NAMES[kind] : formatRef(entry)}</span>
          {kind === 'squatted' || kind === 'host-port' ? <span class="mark">{TRAIT_NAMES[kind]}</span> : undefined}
          {marks
            .filter((mark) => mark !== 'open-to-world' && mark !== 'unowned')
            .map((mark) => (
              <span key={mark} class={`mark ${mark}`}>
                {TRAIT_NAMES[mark]}
              </span>
            ))}
        </td>
        <td>{port}</td>
        <td>{pool?.name}</td>
        <td class={marks.includes('open-to-world') ? 'open' : ''}>{reachText(entry)}</td>
        <td>
          <Levels findings={findings} />
        </td>
      </tr>
    ),
    [entry, index, onOpen],
  );
}
