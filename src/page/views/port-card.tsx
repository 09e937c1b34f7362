import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Atlas } from '../model/atlas.ts';
import { type CardHolder, cardOf, type Fact } from '../model/card.ts';
import { TRAIT_NAMES } from '../model/trait-names.ts';
import { CopyLine } from './copy-line.tsx';
import { FindingItems } from './finding-items.tsx';

export interface PortCardProps {
  readonly atlas: Atlas;
  readonly number: number;
  readonly onClose: () => void;
  readonly onRule: (rule: string) => void;
}

/** Everything about one number. The browser keeps the focus in it and gives it back. */
export function PortCard({ atlas, number, onClose, onRule }: PortCardProps): VNode {
  const card = useMemo(() => cardOf(atlas, number), [atlas, number]);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { state, pool, advice, line } = card;
  const groups: readonly (readonly [string, readonly CardHolder[]])[] = [
    [card.holders.length > 1 ? 'Holders' : 'Holder', card.holders],
    ['Carried by', card.squatters],
    ['Host port of', card.hostPorts],
  ];
  return (
    <dialog
      ref={dialog}
      class="card"
      aria-labelledby="card-title"
      onClose={onClose}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      <div class="card-body">
        <header>
          <h2 id="card-title">{number}</h2>
          <span class="state">
            <b class={state} aria-hidden="true" /> {TRAIT_NAMES[state]}
          </span>
          <button type="button" class="close" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        {advice.map((sentence) => (
          <p key={sentence} class="advice">
            {sentence}.
          </p>
        ))}
        {line !== undefined && <CopyLine text={line} what="line for a manifest" />}
        {groups.map(
          ([title, holders]) =>
            holders.length > 0 && <Holders key={title} title={title} holders={holders} onRule={onRule} />,
        )}
        <section>
          <h3>Pool</h3>
          <Facts facts={pool} />
        </section>
      </div>
    </dialog>
  );
}

interface HoldersProps {
  readonly title: string;
  readonly holders: readonly CardHolder[];
  readonly onRule: (rule: string) => void;
}

function Holders({ title, holders, onRule }: HoldersProps): VNode {
  return (
    <section>
      <h3>{title}</h3>
      {holders.map((holder) => (
        <article key={holder.title}>
          <h4 class="ref">{holder.title}</h4>
          <Facts facts={holder.facts} />
          {holder.findings.length > 0 && <FindingItems findings={holder.findings} onRule={onRule} />}
          <CopyLine text={holder.command} what="command" />
        </article>
      ))}
    </section>
  );
}

function Facts({ facts }: { readonly facts: readonly Fact[] }): VNode {
  return (
    <dl class="facts">
      {facts.map(([label, text]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
