import { isScalar, type Pair } from 'yaml';
import type { Fix } from '../domain/finding.ts';
import { MANIFEST_YAML } from '../wire/yaml-dialects.ts';
import { readYamlParts } from '../wire/yaml-parts.ts';

export type ScalarValue = Exclude<Fix['value'], undefined>;

export type Quotes = 'double' | 'single' | 'none';

/** As it is to be written; quotes are for text only, and text that would be read as something else gets them anyway. */
export function scalarText(value: ScalarValue, quotes: Quotes): string {
  if (typeof value !== 'string') return String(value);
  if (quotes === 'single' && /^[ -~]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return quotes === 'none' && readsAsItself(value) ? value : JSON.stringify(value);
}

/** Said of words only: that `a: b` would be another thing in another place is of no interest. */
function readsAsItself(word: string): boolean {
  return /^[A-Za-z][A-Za-z0-9._/-]*$/.test(word) && readYamlParts(word, MANIFEST_YAML).parts[0]?.value === word;
}

/** What the node is written in. */
export function quotesOf(node: unknown): Quotes {
  if (!isScalar(node)) return 'none';
  if (node.type === 'QUOTE_DOUBLE') return 'double';
  return node.type === 'QUOTE_SINGLE' ? 'single' : 'none';
}

/** A new value in a pair is written like its old one; where that says nothing, like the key. */
export function quotesFor(pair: Pair): Quotes {
  const own = quotesOf(pair.value);
  return own === 'none' && quotesOf(pair.key) === 'double' ? 'double' : own;
}
