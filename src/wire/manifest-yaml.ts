import {
  Composer,
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type Scalar,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { failed, ok, type Result } from '../domain/result.ts';
import { escaped, printable } from '../domain/text.ts';
import { DEEPEST_NESTING } from './json-guard.ts';
import { MOST_PROBLEMS, type WireProblem } from './problem.ts';

/** What the package has for plain JSON values and `<<`; numbers are its own affair in every parser, see below. */
const KEPT_TAGS = new Set(['map', 'seq', 'str', 'null', 'bool', 'merge'].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Integers as go.yaml.in/yaml/v2 reads them (resolve.go): underscores dropped, then Go's base prefixes, so `072560` and
 * `0o72560` are octal. No sexagesimals. A leading zero before an 8 or 9 falls through to the float below: `030080` is 30080.
 */
const INTEGER: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|[1-9][0-9_]*|0)$/,
  resolve: (text) => {
    const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
    const isOctal = /^0[0-7]/.test(digits);
    const number = Number(isOctal ? `0o${digits.slice(1)}` : digits);
    return text.startsWith('-') ? -number : number;
  },
};

/** As in yaml/v2, `30_080.5` included; what the package calls a float (`e5`, `.`) is text there. */
const FLOAT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
  resolve: (text) => Number.parseFloat(text.replaceAll('_', '')),
};

/** Lexemes in about three megabytes of manifests; reading takes a few microseconds for each, and nothing else runs then. */
const MOST_LEXEMES = 1_000_000;

/**
 * Reads YAML as kubectl does (YAML 1.1: `yes` is a boolean, `072560` is octal, timestamps are text), one value for each
 * document that is not empty. Refuses what kubectl refuses: duplicate keys and keys that are no scalars.
 * Safe on hostile text: nesting is bounded while parsing, alias expansion by the package.
 */
export function readYaml(text: string): Result<readonly unknown[], WireProblem> {
  const lines = new LineCounter();
  const values: unknown[] = [];
  const problems: WireProblem[] = [];
  const complain: Complain = (offset, message) => {
    if (problems.length >= MOST_PROBLEMS) return;
    const { line, col } = lines.linePos(offset);
    problems.push({ path: `line ${line}, column ${col}`, message });
  };
  const hint = text.includes('{{') ? '; render the template first' : '';
  try {
    for (const document of documentsIn(text, lines, complain)) {
      checkDocument(document, (offset, message) => complain(offset, `${message}${hint}`));
      if (problems.length === 0 && !isEmpty(document)) values.push(document.toJS());
    }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    // The package's word for an alias without anchor, and for more than 100 of them (a "billion laughs" document).
    problems.push({ path: '', message: 'an alias has no anchor, or aliases expand too far; write the values out' });
  }
  return problems.length === 0 ? ok(values) : failed(problems);
}

type Complain = (offset: number, message: string) => void;

function checkDocument({ errors, contents }: Document, complain: Complain): void {
  for (const { pos, message } of errors) complain(pos[0], `this is not YAML: ${escaped(message)}`);
  if (errors.length === 0) checkKeys(contents, complain);
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

/** `Composer.compose`, but the parser's stack is watched: composing recurses, and deep input would overflow the stack. */
function* documentsIn(text: string, lines: LineCounter, complain: Complain): Generator<Document> {
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({
    schema: 'yaml-1.1',
    version: '1.1',
    merge: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
    // Quadratic in the package; checkKeys is linear.
    uniqueKeys: false,
    customTags: (tags: Tags) => [
      INTEGER,
      FLOAT,
      ...tags.filter((tag) => typeof tag !== 'string' && KEPT_TAGS.has(tag.tag)),
    ],
  });
  lines.addNewLine(0);
  let offset = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield* composer.next(token);
    lexemes += 1;
    if (lexemes > MOST_LEXEMES) {
      complain(offset, 'the input is too much YAML from here on; send it as JSON or in parts');
      return;
    }
    if (parser.stack.length > DEEPEST_NESTING) {
      complain(offset, `the input is nested deeper than ${DEEPEST_NESTING} levels; send a Kubernetes object`);
      return;
    }
    offset = parser.offset;
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}

/** Duplicate keys, and keys that are lists or mappings: mostly an unrendered `{{ }}`. */
function checkKeys(node: unknown, complain: Complain): void {
  if (isSeq(node)) for (const item of node.items) checkKeys(item, complain);
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    if (isScalar(key)) checkKey(key, seen, complain);
    else if (isCollection(key)) complain(key.range?.[0] ?? 0, 'a list or mapping is used as a key; write a plain key');
    checkKeys(value, complain);
  }
}

function checkKey({ value, range }: Scalar, seen: Set<string>, complain: Complain): void {
  const name = String(value);
  if (seen.has(name)) complain(range?.[0] ?? 0, `"${printable(name)}" is there twice; remove one`);
  seen.add(name);
}
