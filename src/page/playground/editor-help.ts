import { autocompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { Enforcement } from '../../domain/finding.ts';
import { completeService, type CompletionOption } from './complete-service.ts';
import { describeWord, type WordDescription } from './describe-word.ts';
import type { Remark } from './remarks.ts';
import type { SchemaNode } from './schema-node.ts';
import type { UnknownWord } from './unknown-words.ts';

/** What may be written here, and what words mean; by the schema as it is at the moment. */
export function editorHelp(schema: () => SchemaNode): Extension {
  const source: CompletionSource = ({ state, pos, explicit }) => {
    const found = completeService(state.sliceDoc(), pos, schema());
    // A list of all keys in every empty line is in the way; one of the few values there are is not.
    const isWanted = explicit || (found !== undefined && (found.from < pos || found.options[0]?.kind === 'value'));
    if (found === undefined || !isWanted) return null;
    const { from, to } = found;
    const options = found.options.map(completionOf);
    // Whoever asks about a word that is complete wants another one.
    const isComplete = explicit && options.some(({ label }) => label === state.sliceDoc(from, to));
    return { from, to, options, ...(isComplete ? { filter: false } : { validFor: /^[\w./-]*$/ }) };
  };
  return [
    autocompletion({ override: [source], icons: false, activateOnCompletion: ({ type }) => type === 'key' }),
    hoverTooltip(({ state }, pos) => {
      const word = describeWord(state.sliceDoc(), pos, schema());
      return word === undefined ? null : { pos: word.from, end: word.to, create: () => ({ dom: wordBox(word) }) };
    }),
  ];
}

function completionOf({ label, kind, insert, description }: CompletionOption): Completion {
  return { label, type: kind, apply: insert, ...(description !== '' && { info: description }) };
}

function wordBox({ title, description, values }: WordDescription): HTMLElement {
  const box = document.createElement('div');
  box.className = 'word';
  const name = document.createElement('strong');
  name.textContent = title;
  const allowed = values.length === 0 ? '' : ` One of ${values.join(', ')}.`;
  box.append(name, ` ${description}${allowed}`);
  return box;
}

const SEVERITIES: Readonly<Record<Enforcement, Diagnostic['severity']>> = {
  deny: 'error',
  warn: 'warning',
  audit: 'info',
};

export function diagnosticOfRemark({ from, to, enforcement, message, rule }: Remark): Diagnostic {
  return {
    from,
    to,
    severity: SEVERITIES[enforcement],
    // The level in words, too: a colour says nothing to who cannot see it.
    message: `${enforcement}: ${message}`,
    ...(rule !== '' && { source: rule }),
  };
}

export function diagnosticOfWord({ from, to, message }: UnknownWord): Diagnostic {
  return { from, to, severity: 'warning', message };
}
