import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { parsePath } from '../../domain/path.ts';
import { usePageVisible } from '../browser/use-page-visible.ts';
import { AnswerView } from './answer-view.tsx';
import type { Question } from './ask-gate.ts';
import { CodeEditor, type CodeEditorProps, type EditorHandle } from './code-editor.tsx';
import { diagnosticOfRemark, diagnosticOfWord } from './editor-help.ts';
import { Elsewhere } from './elsewhere.tsx';
import { EXAMPLES } from './examples.ts';
import { keepText, keptText } from './kept-text.ts';
import { remarksOn } from './remarks.ts';
import type { Known } from './known.ts';
import type { SchemaNode } from './schema-node.ts';
import { serviceSchema } from './service-schema.ts';
import { unknownWords } from './unknown-words.ts';
import { useGate, useGateKeys } from './use-gate.ts';
import { placeOf, writtenObjects } from './written-objects.ts';

export interface PlaygroundProps {
  /** The absolute address of the gate, with a slash at its end. */
  readonly baseUrl: string;
  /** Whether its tab is chosen. It is there all the time, so that what was typed is not lost. */
  readonly isChosen: boolean;
}

/** `/dry-run` as one types. */
export function Playground({ baseUrl, isChosen }: PlaygroundProps): VNode {
  const [question, setQuestion] = useState<Question>(() => ({
    text: keptText() ?? EXAMPLES[0].text,
    namespace: '',
    operation: 'CREATE',
  }));
  const editor = useRef<EditorHandle | undefined>(undefined);
  const isVisible = usePageVisible();
  const { known, isPending } = useGate(baseUrl, question, isChosen && isVisible);
  const keys = useGateKeys(baseUrl, known?.verdicts?.list.policy.hash);
  const schema = useMemo(() => serviceSchema(keys), [keys]);
  const remarks = useMemo(() => diagnosticsOf(known, schema), [known, schema]);
  const { text } = question;
  useEffect(() => keepText(text), [text]);
  const change = (changed: Partial<Question>): void => setQuestion((before) => ({ ...before, ...changed }));
  // A thousand verdicts need not be compared for every letter.
  const answer = useMemo(() => {
    const showField = (index: number, field: string): void => {
      const object = writtenObjects(editor.current?.text() ?? '')[index];
      if (object !== undefined) editor.current?.goTo(placeOf(object, parsePath(field)));
    };
    const write = (written: string): void => {
      // Not over what has been typed since.
      if (editor.current?.text() === known?.question.text) editor.current?.replaceText(written);
    };
    return <AnswerView known={known} isPending={isPending} onField={showField} onWrite={write} />;
  }, [known, isPending]);
  return (
    <div class="playground">
      <section aria-labelledby="playground-question">
        <h2 id="playground-question">Manifests</h2>
        <Controls question={question} onChange={change} onText={(example) => editor.current?.replaceText(example)} />
        <CodeEditor
          label="Manifests, as YAML or JSON"
          text={text}
          schema={schema}
          remarks={remarks}
          onText={(typed) => change({ text: typed })}
          handle={editor}
        />
        <p class="hint">
          Ctrl+Space completes, F8 leads to the next finding, Tab leaves the editor. Nothing is sent anywhere but to the
          gate, and nothing is created.
        </p>
      </section>
      {answer}
      <Elsewhere url={baseUrl} question={question} />
    </div>
  );
}

function diagnosticsOf(known: Known | undefined, schema: SchemaNode): CodeEditorProps['remarks'] {
  if (known === undefined) return { about: '', diagnostics: [] };
  const { text } = known.question;
  const words = unknownWords(text, schema).map(diagnosticOfWord);
  return { about: text, diagnostics: [...remarksOn(text, known.answer).map(diagnosticOfRemark), ...words] };
}

interface ControlsProps {
  readonly question: Question;
  readonly onChange: (changed: Partial<Question>) => void;
  readonly onText: (text: string) => void;
}

function Controls({ question: { namespace, operation }, onChange, onText }: ControlsProps): VNode {
  return (
    <div class="controls">
      <label>
        Example{' '}
        <select
          class="example"
          value=""
          onChange={({ currentTarget }) => {
            const example = EXAMPLES.find(({ title }) => title === currentTarget.value);
            if (example !== undefined) onText(example.text);
            currentTarget.value = '';
          }}
        >
          <option value="">choose…</option>
          {EXAMPLES.map(({ title }) => (
            <option key={title}>{title}</option>
          ))}
        </select>
      </label>
      <label>
        Namespace, if none is written{' '}
        <input
          value={namespace}
          placeholder="default"
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => onChange({ namespace: currentTarget.value.trim() })}
        />
      </label>
      <label>
        Operation{' '}
        <select
          value={operation}
          onChange={({ currentTarget }) =>
            onChange({ operation: currentTarget.value === 'UPDATE' ? 'UPDATE' : 'CREATE' })
          }
        >
          <option>CREATE</option>
          <option>UPDATE</option>
        </select>
      </label>
    </div>
  );
}
