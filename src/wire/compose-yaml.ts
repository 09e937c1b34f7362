import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { DEEPEST_NESTING } from './json-guard.ts';

/** Composes every document of the text; `tooDeep` is told where one that was left out exceeds the nesting allowed. */
export function* composeYaml(text: string, tooDeep: (offset: number) => void): Generator<Document.Parsed> {
  // Duplicate keys are found below: the library compares each key with each other one.
  const composer = new Composer({ schema: 'core', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false });
  for (const token of tokensOf(text, tooDeep)) yield* composer.next(token);
  // Forced, so that a fault in a text without any document is not lost.
  yield* composer.end(true, text.length);
}

/**
 * The parser and the composer recurse into what is nested, so a document is dropped as soon as it gets too deep, and
 * parsing begins again with the next one.
 */
function* tokensOf(text: string, tooDeep: (offset: number) => void): Generator<CST.Token> {
  for (let start = 0; start >= 0;) {
    const parser = new Parser();
    parser.offset = start;
    const end = yield* tokensUntilTooDeep(parser, text.slice(start));
    if (end === undefined) return;
    tooDeep(end);
    start = text.indexOf('\n---', end) + 1 || -1;
  }
}

function* tokensUntilTooDeep(parser: Parser, text: string): Generator<CST.Token, number | undefined> {
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    // The document itself is on the stack, and at times the scalar that is being read.
    if (parser.stack.length > DEEPEST_NESTING + 1) {
      const collections = parser.stack.filter((token) => 'items' in token);
      if (collections.length > DEEPEST_NESTING) return collections[DEEPEST_NESTING]?.offset;
    }
  }
  yield* parser.end();
  return undefined;
}
