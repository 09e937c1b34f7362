import type { Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { placesIn, type Position } from './line-places.ts';
import { readPlainStream } from './plain-stream.ts';
import type { YamlDialect } from './yaml-dialects.ts';
import { readYamlParts } from './yaml-parts.ts';

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
  const { longestText } = dialect;
  if (text.length > longestText) {
    const message = `${text.length} characters are too many; split the file, one may have ${longestText}`;
    return { documents: [], problems: [{ line: 1, column: 1, path: [], message }] };
  }
  const content = withoutByteOrderMark(text);
  const place = placesIn(content);
  const plain = readPlainStream(content, dialect);
  const { parts, faults } = plain === undefined ? readYamlParts(content, dialect) : { parts: plain, faults: [] };
  return {
    documents: parts.map(({ value, spanOf }) => ({
      value,
      locate: (path, part) => place(spanOf(path, part).start),
    })),
    problems: faults.map(({ offset, path, message }) => ({ ...place(offset), path, message })),
  };
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
