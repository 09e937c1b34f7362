import type { VNode } from 'preact';
import { formatRef } from '../../domain/service.ts';
import { allOf, counted } from '../../domain/text.ts';
import type { MappedHostPort, MappedSquatter } from '../../report/port-map.ts';
import type { Atlas } from '../model/atlas.ts';
import { notAudited } from '../model/card.ts';
import type { FindingList, FoundObject } from '../model/finding-list.ts';
import { knowsHostPorts } from '../model/tally.ts';
import { FindingItems } from './finding-items.tsx';
import { Levels } from './level.tsx';
import { ShowMore } from './show-more.tsx';

export interface FindingsViewProps {
  readonly atlas: Atlas;
  readonly list: FindingList;
  readonly onRule: (rule: string) => void;
  readonly onOpen: (number: number) => void;
}

/** What is wrong: whatever has findings, strictest first, and what only a cluster shows. */
export function FindingsView({ atlas, list, onRule, onOpen }: FindingsViewProps): VNode {
  const { objects, squatters, hostPorts } = list;
  return (
    <div class="columns">
      <section aria-labelledby="with-findings">
        <h2 id="with-findings">
          With findings <small>{objects.length}</small>
        </h2>
        {objects.length === 0 && <p class="empty">{nothingText(atlas)}</p>}
        <ShowMore
          items={objects}
          name={({ title }) => title}
          draw={(one) => <ObjectItem found={one} onOpen={onOpen} onRule={onRule} />}
        />
      </section>
      <aside>
        <Numbers
          title="Squatters"
          items={squatters}
          text={squatterText}
          number={({ nodePort }) => nodePort}
          onOpen={onOpen}
        >
          Numbers on Services that do not open them, but would with a change of type.
        </Numbers>
        <Numbers
          title="Host ports"
          items={knowsHostPorts(atlas) ? hostPorts : undefined}
          text={hostPortText}
          number={({ hostPort }) => hostPort}
          onOpen={onOpen}
        >
          Numbers of the range that pods take on their nodes.
        </Numbers>
      </aside>
    </div>
  );
}

function nothingText(atlas: Atlas): string {
  if (atlas.map.auditedAt === undefined) return `Findings are ${notAudited(atlas)}.`;
  return atlas.map.policy === undefined
    ? 'Findings are not known: no policy is in force.'
    : 'Nothing has such a finding.';
}

interface ObjectItemProps {
  readonly found: FoundObject;
  readonly onOpen: (number: number) => void;
  readonly onRule: (rule: string) => void;
}

function ObjectItem({ found: { title, type, findings, number }, onOpen, onRule }: ObjectItemProps): VNode {
  return (
    <li class="found">
      <h3>
        <span class="ref">{title}</span> {type !== undefined && <small>{type}</small>} <Levels findings={findings} />
        {number !== undefined && (
          <button type="button" class="number" onClick={() => onOpen(number)}>
            {number}
          </button>
        )}
      </h3>
      <FindingItems findings={findings} onRule={onRule} />
    </li>
  );
}

interface NumbersProps<Item> {
  readonly title: string;
  readonly children: string;
  /** Undefined: not known. */
  readonly items: readonly Item[] | undefined;
  readonly text: (item: Item) => string;
  readonly number: (item: Item) => number;
  readonly onOpen: (number: number) => void;
}

function Numbers<Item>({ title, children, items, text, number, onOpen }: NumbersProps<Item>): VNode {
  return (
    <section aria-label={title}>
      <h2>
        {title} <small>{items?.length ?? 'not known'}</small>
      </h2>
      <p class="hint">{children}</p>
      {items?.length === 0 && <p class="empty">None.</p>}
      <ShowMore
        items={items ?? []}
        name={text}
        draw={(item) => (
          <li class="one-number">
            <button type="button" class="number" onClick={() => onOpen(number(item))}>
              {number(item)}
            </button>
            <span>{text(item)}</span>
          </li>
        )}
      />
    </section>
  );
}

function squatterText(squatter: MappedSquatter): string {
  const { type, protocol, victims } = squatter;
  const threat = victims.length === 0 ? '' : `; would take it from ${allOf(victims)}`;
  return `${formatRef(squatter)} (${[type, protocol].filter(Boolean).join(', ')})${threat}`;
}

function hostPortText(host: MappedHostPort): string {
  const { kind, because, protocol, pods, holders } = host;
  const clash = holders.length === 0 ? '' : `; node port of ${allOf(holders)}`;
  return `${kind} ${formatRef(host)} (${because}, ${protocol}, ${counted(pods, 'pod')})${clash}`;
}
