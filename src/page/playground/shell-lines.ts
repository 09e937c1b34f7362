import { escaped, UNSEEN } from '../../domain/text.ts';
import { shellWord } from '../../report/shell-word.ts';
import { dryRunUrl, type Question } from './ask-gate.ts';

/** What can be asked the same in a terminal. */
export const SHELL_TOOLS = ['curl', 'kubectl', 'nodeport-gate'] as const;
export type ShellTool = (typeof SHELL_TOOLS)[number];

/**
 * Why there are no lines for a question. A terminal obeys controls in what is pasted, whatever the shell would make of
 * them, and who cannot see a character does not know what he pastes.
 */
export function whyNoLines({ text, namespace }: Question): string | undefined {
  const seen = `${text}\n${namespace}`.replaceAll(/[\t\n]/g, ' ');
  const found = UNSEEN.exec(seen);
  if (found === null) return undefined;
  const place = found.index > text.length ? 'the namespace' : `line ${text.slice(0, found.index).split('\n').length}`;
  return `${escaped(found[0])} in ${place} cannot be seen, and a terminal may obey it; remove it, and the lines are here`;
}

/** Lines for a shell; only where `whyNoLines` has nothing to say. `url`: the absolute address of the gate, with a slash at its end. */
export function shellLines(tool: ShellTool, url: string, question: Question): string {
  return withInput(commandOf(tool, url, question), question.text);
}

function commandOf(tool: ShellTool, url: string, question: Question): string {
  const { namespace } = question;
  const inNamespace = namespace === '' ? '' : ` --namespace ${shellWord(namespace)}`;
  switch (tool) {
    case 'curl':
      return `curl --data-binary @- ${shellWord(dryRunUrl(url, question))}`;
    case 'kubectl':
      return `kubectl apply --dry-run=server${inNamespace} -f -`;
    case 'nodeport-gate':
      return `nodeport-gate check${inNamespace} -`;
  }
}

/** A here-document: between quoted delimiters a shell expands nothing. */
function withInput(command: string, text: string): string {
  const delimiter = delimiterFor(text);
  return `${command} <<'${delimiter}'\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${delimiter}\n`;
}

/** No line of the text, so that the text cannot end early. */
function delimiterFor(text: string): string {
  const lines = new Set(text.split(/\r\n|\r|\n/));
  let delimiter = 'EOF';
  for (let count = 2; lines.has(delimiter); count += 1) delimiter = `EOF_${count}`;
  return delimiter;
}
