import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Question } from './ask-gate.ts';
import { shellLines, SHELL_TOOLS, type ShellTool, whyNoLines } from './shell-lines.ts';

export interface ElsewhereProps {
  /** The absolute address of the gate. */
  readonly url: string;
  readonly question: Question;
}

/** The lines that ask the same in a terminal. */
export function Elsewhere({ url, question }: ElsewhereProps): VNode {
  const [said, setSaid] = useState('');
  const why = whyNoLines(question);
  return (
    <section class="elsewhere" aria-labelledby="playground-elsewhere">
      <h2 id="playground-elsewhere">The same in a terminal</h2>
      <p role="status" class="hint">
        {said}
      </p>
      {why === undefined ? (
        SHELL_TOOLS.map((tool) => (
          <Lines key={tool} tool={tool} linesOf={() => shellLines(tool, url, question)} onSaid={setSaid} />
        ))
      ) : (
        <p class="message">{why}</p>
      )}
    </section>
  );
}

interface LinesProps {
  readonly tool: ShellTool;
  readonly linesOf: () => string;
  readonly onSaid: (text: string) => void;
}

/** As long as nobody looks at them, they are not written. */
function Lines({ tool, linesOf, onSaid }: LinesProps): VNode {
  const [isOpen, setOpen] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(linesOf());
      onSaid(`The lines for ${tool} are copied`);
    } catch {
      onSaid('The browser does not let the page copy; select the lines instead');
    }
  };
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <code>{tool}</code>
      </summary>
      <button type="button" class="plain" onClick={() => void copy()}>
        Copy the lines for {tool}
      </button>
      {isOpen && <pre tabIndex={0}>{linesOf()}</pre>}
    </details>
  );
}
