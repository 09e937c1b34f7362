import type { VNode } from 'preact';
import { useMedia } from '../browser/use-media.ts';
import type { Matches } from '../model/search.ts';
import { PortTable } from './port-table.tsx';

export interface MatchListProps {
  readonly matches: Matches;
  readonly onOpen: (number: number) => void;
  readonly onAll: () => void;
}

const FEW = 5;

/** The first of what was found, beside the map that highlights all of it; on paper all. */
export function MatchList({ matches: { entries, numbers }, onOpen, onAll }: MatchListProps): VNode {
  const isPaper = useMedia('print');
  const rest = isPaper ? 0 : entries.length - FEW;
  return (
    <section class="matches" aria-label="Matches">
      <PortTable matches={{ entries: rest > 0 ? entries.slice(0, FEW) : entries, numbers }} onOpen={onOpen} />
      {rest > 0 && (
        <button type="button" class="number" onClick={onAll}>
          {rest.toLocaleString('en')} more in Ports
        </button>
      )}
    </section>
  );
}
