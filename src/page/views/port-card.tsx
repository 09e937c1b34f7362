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
  useEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    opened?.showModal();
    // The browser's own button takes it away without closing it: then it gives no focus back.
    return () => {
      if (opened?.open === true && before instanceof HTMLElement) before.focus();
    };
  }, []);
  const leave = useRef(onClose);
  leave.current = onClose;
  const leaveForRule = (rule: string): void => {
    leave.current = () => onRule(rule);
    dialog.current?.close();
  };
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
      onClose={() => leave.current()}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      <div class="card-body">
        <header>
          <h2 id="card-title">{number}</h2>
          <span class="state">
            {state !== 'outside-range' && <b class={state} aria-hidden="true" />} {TRAIT_NAMES[state]}
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
        {line !== undefined && <CopyLine key={line} text={line} what="line for a manifest" />}
        {groups.map(
          ([title, holders]) =>
            holders.length > 0 && <Holders key={title} title={title} holders={holders} onRule={leaveForRule} />,
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
          <CopyLine key={holder.command} text={holder.command} what="command" />
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
