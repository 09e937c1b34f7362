import type { Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { escaped } from '../domain/text.ts';
import { composeYaml } from './compose-yaml.ts';
import type { Span } from './line-places.ts';
import { MOST_PROBLEMS } from './problem.ts';
import { yamlAdvice } from './yaml-advice.ts';
import type { YamlDialect } from './yaml-dialects.ts';
import { convertYaml, type RefuseYaml } from './yaml-values.ts';

/** One document, with the way back to the text. */
export interface YamlPart {
  readonly value: Json;
  /** Of the value at the path, or of its key. Where the way ends early: of the key of the last step that exists. */
  spanOf(path: Path, part: 'key' | 'value'): Span;
}

export interface YamlFault {
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
  /** Not YAML at all: what follows in the document may only be a consequence. */
  readonly isSyntax: boolean;
}

export interface YamlParts {
  readonly parts: readonly YamlPart[];
  /** The first 20, in order. */
  readonly faults: readonly YamlFault[];
}

/** Of what the package says: a tag, for one, is quoted whole. */
const LONGEST_REASON = 200;

/** What `readYamlDocuments` does, by offsets. */
export function readYamlParts(text: string, dialect: YamlDialect): YamlParts {
  const { words } = dialect;
  const parts: YamlPart[] = [];
  const faults: YamlFault[] = [];
  const fault = (offset: number, path: Path, message: string, isSyntax: boolean): void => {
    const last = faults.at(-1);
    // Brackets that are never closed all end in the same place.
    if (isSyntax && last?.isSyntax === true && last.offset === offset) return;
    if (faults.length < MOST_PROBLEMS) faults.push({ offset, path, message, isSyntax });
  };
  const refuse: RefuseYaml = (offset, path, message) => fault(offset, path, message, false);
  const excesses = {
    'too-deep': words.tooDeep,
    'too-much': 'the input is too much YAML from here on; send it as JSON or in parts',
  };
  const readable = dialect.lineBreaks === undefined ? text : text.replace(dialect.lineBreaks, '\n');
  const hint = readable === text ? '' : '; mind that U+2028, U+2029, U+0085 and a lone CR end a line here';
  const composed = composeYaml(readable, dialect.schema, (excess, offset) => refuse(offset, [], excesses[excess]));
  for (const { errors, warnings, contents } of composed) {
    const broken = errors.length === 0 && dialect.refusesUnknownTags ? warnings : errors;
    for (const error of broken) {
      const reason = words.unreadable(reasonOf(error.message), yamlAdvice(error, readable));
      fault(error.pos[0], [], `${reason}${hint}`, true);
    }
    if (broken.length > 0) continue;
    const { value, spanOf } = convertYaml(contents, dialect, refuse);
    if (value !== null) parts.push({ value, spanOf });
  }
  // A document is composed only when the next one begins, which may be refused before.
  return { parts, faults: faults.toSorted((a, b) => a.offset - b.offset) };
}

/** The first line of what the package says, which may quote the text. */
function reasonOf(message: string): string {
  const reason = message.replace(/(\.|\n.*)$/s, '');
  return escaped(reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 1)}…` : reason);
}
