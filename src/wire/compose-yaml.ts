import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { DEEPEST_NESTING } from './json-guard.ts';

export type ComposerOptions = NonNullable<ConstructorParameters<typeof Composer>[0]>;

/** Why something of the text is left out, from the offset on. */
type Excess = 'too-deep' | 'too-much';

type TellExcess = (excess: Excess, offset: number) => void;

/** Lexemes in about three megabytes of manifests; reading takes a few microseconds for each, and nothing else runs then. */
const MOST_LEXEMES = 1_000_000;

/** Composes every document of the text, but none that exceeds the nesting allowed, and nothing after a million lexemes. */
export function* composeYaml(text: string, schema: ComposerOptions, tell: TellExcess): Generator<Document.Parsed> {
  const composer = new Composer({
    ...schema,
    resolveKnownTags: false,
    prettyErrors: false,
    // Duplicate keys are found when values are made: the package compares each key with each other one.
    uniqueKeys: false,
  });
  for (const token of tokensOf(text, tell)) yield* composer.next(token);
  // Forced, so that a fault in a text without any document is not lost.
  yield* composer.end(true, text.length);
}

/**
 * The parser and the composer recurse into what is nested, so a document is dropped as soon as it gets too deep, and
 * parsing begins again with the next one.
 */
function* tokensOf(text: string, tell: TellExcess): Generator<CST.Token> {
  const budget = { lexemes: MOST_LEXEMES };
  for (let start = 0; start >= 0;) {
    const parser = new Parser();
    parser.offset = start;
    const stop = yield* tokensUntilExcess(parser, text.slice(start), budget);
    if (stop === undefined) return;
    tell(stop.excess, stop.offset);
    if (stop.excess === 'too-much') return;
    start = text.indexOf('\n---', stop.offset) + 1 || -1;
  }
}

function* tokensUntilExcess(
  parser: Parser,
  text: string,
  budget: { lexemes: number },
): Generator<CST.Token, { readonly excess: Excess; readonly offset: number } | undefined> {
  for (const lexeme of new Lexer().lex(text)) {
    if (budget.lexemes === 0) return { excess: 'too-much', offset: parser.offset };
    budget.lexemes -= 1;
    yield* parser.next(lexeme);
    // The document itself is on the stack, and at times the scalar that is being read.
    if (parser.stack.length > DEEPEST_NESTING + 1) {
      const tooDeep = parser.stack.filter((token) => 'items' in token)[DEEPEST_NESTING];
      if (tooDeep !== undefined) return { excess: 'too-deep', offset: tooDeep.offset };
    }
  }
  yield* parser.end();
  return undefined;
}
