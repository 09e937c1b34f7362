import { schemaAt, type SchemaNode, valuesOf } from './schema-node.ts';
import { type ServicePlace, servicePlaceAt } from './service-place.ts';
import { readYamlTree, type Span } from './yaml-tree.ts';

/** What could be written in the place of the word at the cursor. */
export interface Completions extends Span {
  readonly options: readonly CompletionOption[];
}

export interface CompletionOption {
  readonly label: string;
  readonly kind: 'key' | 'value';
  /** What is written instead of the word. */
  readonly insert: string;
  readonly description: string;
}

/** The words of manifests: keys with prefix and slash, too. */
const WORD_BEFORE = /[\w./-]*$/;
const WORD_AFTER = /^[\w./-]*/;

/** Nothing but indentation and dashes: what is written here is a key, unless it is an item of a list of words. */
const LINE_START = /^\s*(?:- +)*$/;

/** More text is not parsed again for each letter. */
const LONGEST_TEXT = 200_000;

export function completeService(text: string, offset: number, schema: SchemaNode): Completions | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const line = lineAround(text, offset);
  const place = placeOfNextWord(text, offset, line);
  if (place === undefined) return undefined;
  const node = schemaAt(schema, place.path);
  if (node === undefined) return undefined;
  const from = offset - line.word.length;
  const to = offset + line.wordAfter.length;
  const options = place.key === undefined ? valueOptions(node) : keyOptions(node, place, line);
  return options.length === 0 ? undefined : { from, to, options };
}

interface Line {
  /** In front of the word, the word as far as the cursor, the rest of the word, what follows on the line. */
  readonly before: string;
  readonly word: string;
  readonly wordAfter: string;
  readonly after: string;
}

function lineAround(text: string, offset: number): Line {
  const start = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const end = text.indexOf('\n', offset);
  const rest = text.slice(offset, end === -1 ? undefined : end);
  const word = WORD_BEFORE.exec(start)?.[0] ?? '';
  const wordAfter = WORD_AFTER.exec(rest)?.[0] ?? '';
  return {
    before: start.slice(0, start.length - word.length),
    word,
    wordAfter,
    after: rest.slice(wordAfter.length),
  };
}

/** Where a word at the cursor would stand. An unfinished line means little to the parser, so it is finished for it. */
function placeOfNextWord(text: string, offset: number, line: Line): ServicePlace | undefined {
  const word = `${line.word}${line.wordAfter}` === '' ? 'x' : '';
  const colon = LINE_START.test(line.before) && line.after.trim() === '' ? ': ' : '';
  const end = offset + line.wordAfter.length;
  const finished = `${text.slice(0, end)}${word}${colon}${text.slice(end)}`;
  return servicePlaceAt(readYamlTree(finished), Math.max(offset, end + word.length));
}

function valueOptions(node: SchemaNode): readonly CompletionOption[] {
  return valuesOf(node).map((value, index) => ({
    label: value,
    kind: 'value',
    insert: value,
    description: node.enumDescriptions?.[index] ?? '',
  }));
}

function keyOptions(node: SchemaNode, { siblings }: ServicePlace, line: Line): readonly CompletionOption[] {
  // A word at the start of a line may also be an item: of a list of words.
  if (node.properties === undefined) return line.before.includes('-') ? valueOptions(node) : [];
  return Object.entries(node.properties)
    .filter(([key]) => !siblings.includes(key))
    .map(([key, property]) => ({
      label: key,
      kind: 'key',
      insert: `${key}${afterKey(property, line)}`,
      description: property.description ?? '',
    }));
}

/** As far as it can be foreseen what follows the key: in flow style and in JSON it is a colon at most. */
function afterKey({ type }: SchemaNode, { before, after }: Line): string {
  if (/["']$/.test(before) || /^["']?\s*:/.test(after)) return '';
  if (!LINE_START.test(before) || (type !== 'object' && type !== 'array')) return ': ';
  const indent = ' '.repeat(before.length);
  return type === 'array' ? `:\n${indent}- ` : `:\n${indent}  `;
}
