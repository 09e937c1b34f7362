import { shellWord } from '../../report/shell-word.ts';
import { dryRunUrl, type Question } from './ask-gate.ts';

/** What can be asked the same in a terminal. */
export const SHELL_TOOLS = ['curl', 'kubectl', 'nodeport-gate'] as const;
export type ShellTool = (typeof SHELL_TOOLS)[number];

/** Lines for a shell. `url`: the absolute address of the gate, with a slash at its end. */
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
