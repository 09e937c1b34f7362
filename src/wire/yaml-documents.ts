import { LineCounter } from 'yaml';
import type { Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { escaped } from '../domain/text.ts';
import { composeYaml } from './compose-yaml.ts';
import { MOST_PROBLEMS } from './problem.ts';
import type { YamlDialect } from './yaml-dialects.ts';
import { convertYaml, type RefuseYaml } from './yaml-values.ts';

/** Both 1-based; a column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Position {
  readonly path: Path;
  readonly message: string;
}

/** One document as plain JSON, with the way back to where each part of it stands. */
export interface YamlDocument {
  readonly value: Json;
  /** Where the value at the path stands, or its key. Where the way ends early: the key of the last step that exists. */
  locate(path: Path, part: 'key' | 'value'): Position;
}

export interface YamlStream {
  readonly documents: readonly YamlDocument[];
  /** The first 20. */
  readonly problems: readonly YamlProblem[];
}

/**
 * Reads YAML, of which JSON is a part: any number of documents; empty ones are left out. What cannot be plain JSON
 * (duplicate and structured keys, endless aliases) is a problem with its place, and the other documents of the text are
 * still read. A key `__proto__` is refused, so no value of the result can reach a prototype. Safe on hostile text:
 * length, nesting and what aliases repeat are bounded.
 */
export function readYamlDocuments(text: string, dialect: YamlDialect): YamlStream {
  const { longestText, words } = dialect;
  if (text.length > longestText) {
    const message = `${text.length} characters are too many; split the file, one may have ${longestText}`;
    return { documents: [], problems: [{ line: 1, column: 1, path: [], message }] };
  }
  const content = withoutByteOrderMark(text);
  const place = placesIn(content);
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  const refuse: RefuseYaml = (offset, path, message) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ ...place(offset), path, message });
  };
  const excesses = {
    'too-deep': words.tooDeep,
    'too-much': 'the input is too much YAML from here on; send it as JSON or in parts',
  };
  const composed = composeYaml(content, dialect.schema, (excess, offset) => refuse(offset, [], excesses[excess]));
  for (const { errors, warnings, contents } of composed) {
    const faults = errors.length === 0 && dialect.refusesUnknownTags ? warnings : errors;
    for (const { pos, message } of faults) refuse(pos[0], [], words.unreadable(reasonOf(message)));
    if (faults.length > 0) continue;
    const { value, offsetOf } = convertYaml(contents, dialect, refuse);
    if (value !== null) documents.push({ value, locate: (path, part) => place(offsetOf(path, part)) });
  }
  // A document is composed only when the next one begins, which may be refused before.
  return { documents, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/** By its own count: the parser counts only what it has read. */
function placesIn(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** The first line of what the package says, which may quote the text. */
function reasonOf(message: string): string {
  return escaped(message.replace(/(\.|\n.*)$/s, ''));
}
