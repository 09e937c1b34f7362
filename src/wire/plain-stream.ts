import { ANY } from './plain-values.ts';
import { plainSpans, readPlainYaml } from './plain-yaml.ts';
import type { YamlDialect } from './yaml-dialects.ts';
import type { YamlPart } from './yaml-parts.ts';

/** In more characters there may be more lexemes than `composeYaml` allows. */
const LONGEST_STREAM = 262_144;

/** A line of its own: what is behind `---` on the same line is left to the parser. */
const BREAK = /(?<![^\n])---\r?\n/g;
const EMPTY = new RegExp(`^(?: *(?:#${ANY}*)?\r?\n)*$`);

/** Documents that are all as `readPlainYaml` wants them, without the empty ones. undefined where one needs a YAML parser. */
export function readPlainStream(text: string, dialect: YamlDialect): readonly YamlPart[] | undefined {
  if (text.length > LONGEST_STREAM) return undefined;
  const parts: YamlPart[] = [];
  let start = 0;
  for (const end of [...Array.from(text.matchAll(BREAK), ({ index }) => index), text.length]) {
    const piece = text.slice(start, end);
    if (!EMPTY.test(piece)) {
      const value = readPlainYaml(piece, dialect);
      if (value === undefined) return undefined;
      parts.push({ value, spanOf: spanIn(piece, start, dialect) });
    }
    start = text.indexOf('\n', end) + 1;
  }
  return parts;
}

/** Most documents are never asked about. */
function spanIn(piece: string, start: number, dialect: YamlDialect): YamlPart['spanOf'] {
  let spanOf: YamlPart['spanOf'] | undefined;
  return (path, part) => {
    spanOf ??= plainSpans(piece, dialect);
    const span = spanOf?.(path, part) ?? { start: 0, end: piece.length };
    return { start: span.start + start, end: span.end + start };
  };
}
