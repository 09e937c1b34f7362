import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { escaped } from '../../domain/text.ts';
import { shortHash } from '../../report/short-hash.ts';
import { answerSummary } from './answer-summary.ts';
import type { GateAnswer } from './gate-answer.ts';
import type { Known, Verdicts } from './known.ts';
import { patchedText } from './patched-text.ts';
import { VerdictView } from './verdict-view.tsx';

/** More are counted, not drawn: nobody reads them, and each letter typed would draw them again. */
const MOST_SHOWN = 100;

/** A longer text is written, but not shown once more. */
const MOST_LINES = 5000;

const GLYPHS = { allowed: '✓', denied: '✕', unreadable: '!', silent: '?' } as const;

export interface AnswerViewProps {
  /** Undefined until the gate has answered for the first time. */
  readonly known: Known | undefined;
  /** What is known is about another question than the one that is asked now. */
  readonly isPending: boolean;
  /** Shows a field of the object at `index` in the text. */
  readonly onField: (index: number, field: string) => void;
  readonly onWrite: (text: string) => void;
}

/** The answer to the newest question. Where there is none, the last verdicts stay, and look like it. */
export function AnswerView({ known, isPending, onField, onWrite }: AnswerViewProps): VNode {
  return (
    <section class="answer" aria-labelledby="playground-answer">
      <h2 id="playground-answer">Verdict</h2>
      <Summary answer={isPending ? undefined : known?.answer} />
      {known?.verdicts !== undefined && (
        <VerdictList
          verdicts={known.verdicts}
          isOld={isPending || known.answer.kind !== 'verdicts'}
          onField={onField}
          onWrite={onWrite}
        />
      )}
    </section>
  );
}

/** The sentence is all that screen readers announce of an answer. */
function Summary({ answer }: { readonly answer: GateAnswer | undefined }): VNode {
  const summary = answer && answerSummary(answer);
  return (
    <>
      <p role="status" class={`summary ${summary?.outcome ?? ''}`}>
        {summary === undefined ? 'Asking the gate …' : `${GLYPHS[summary.outcome]} ${summary.text}`}
      </p>
      {answer?.kind === 'refused' && <p class="message">{escaped(answer.message)}</p>}
      {answer?.kind === 'silent' && <p class="hint">It is asked again, after a minute at the latest.</p>}
    </>
  );
}

interface VerdictListProps extends Pick<AnswerViewProps, 'onField' | 'onWrite'> {
  readonly verdicts: Verdicts;
  /** Verdicts on a text, or of a policy, that may not be there any more. */
  readonly isOld: boolean;
}

function VerdictList({ verdicts, isOld, onField, onWrite }: VerdictListProps): VNode {
  const { items, policy } = verdicts.list;
  return (
    <div class={isOld ? 'verdicts old' : 'verdicts'}>
      {isOld && <p class="hint">The last verdict, which may not hold any more:</p>}
      <ol>
        {items.slice(0, MOST_SHOWN).map((item, index) => (
          <VerdictView key={index} item={item} onField={(field) => onField(index, field)} />
        ))}
      </ol>
      {items.length > MOST_SHOWN && <p>and {items.length - MOST_SHOWN} more</p>}
      <AfterTheGate verdicts={verdicts} onWrite={isOld ? undefined : onWrite} />
      <p class="hint">policy {escaped(shortHash(policy.hash))}</p>
    </div>
  );
}

interface AfterTheGateProps {
  readonly verdicts: Verdicts;
  /** Undefined: the text is another one by now. */
  readonly onWrite: AnswerViewProps['onWrite'] | undefined;
}

function AfterTheGate({ verdicts: { list, question }, onWrite }: AfterTheGateProps): VNode | null {
  const patched = useMemo(() => patchedText(question.text, list), [question, list]);
  if (patched === undefined) return null;
  const lines = patched.text.trimEnd().split('\n');
  return (
    <details open>
      <summary>After the gate</summary>
      {lines.length <= MOST_LINES && (
        <pre tabIndex={0}>
          {lines.map((line, index) =>
            patched.lines.has(index) ? <ins key={index}>{`+ ${shownLine(line)}\n`}</ins> : `  ${shownLine(line)}\n`,
          )}
        </pre>
      )}
      {onWrite !== undefined && (
        <button type="button" class="plain" onClick={() => onWrite(patched.text)}>
          Write this into the text
        </button>
      )}
    </details>
  );
}

/** Tabs are as wide as ever. */
function shownLine(line: string): string {
  return line.split('\t').map(escaped).join('\t');
}
