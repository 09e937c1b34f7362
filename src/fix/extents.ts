import { type CST, isAlias, isCollection, isMap, isScalar, isSeq, type Pair, type YAMLSeq } from 'yaml';

type SourceToken = CST.SourceToken;

/** Where the pair begins: its key, or the anchor, tag or `?` before that. */
export function startOf(pair: Pair): number {
  const first = pair.srcToken?.start.find(isSignificant);
  return first?.offset ?? (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? 0;
}

export function endOfKey(pair: Pair): number {
  return (isScalar(pair.key) ? pair.key.range?.[1] : undefined) ?? 0;
}

/** Where the last character of the pair stands that is no comment, blank or line end; exclusive. */
export function endOf(pair: Pair, text: string): number {
  return endOfNode(pair.value, text) ?? endOfMark(pair) ?? endOfKey(pair);
}

/** The end of what follows the key although no value does: a colon, an anchor, a tag. */
export function endOfMark(pair: Pair): number | undefined {
  return endOfTokens(pair.srcToken?.sep);
}

/** undefined when nothing is written. */
function endOfNode(node: unknown, text: string): number | undefined {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last === undefined ? undefined : endOf(last, text);
  }
  if (isSeq(node) && node.flow !== true) return endOfNode(node.items.at(-1), text) ?? endOfLastDash(node);
  const [start, end] = rangeOf(node);
  if (start === end) return undefined;
  return isBlockScalar(node) ? endOfBlockScalar(text, start, end) : end;
}

function endOfLastDash(list: YAMLSeq): number | undefined {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  return endOfTokens(token.items.findLast(({ start }) => start.some(({ type }) => type === 'seq-item-ind'))?.start);
}

/** Blank lines behind it are a part of it only if its header says so (`|+`). */
function endOfBlockScalar(text: string, start: number, end: number): number {
  const written = text.slice(start, end);
  const header = written.slice(0, written.indexOf('\n'));
  const kept = /^[|>]\d?\+/.test(header) ? written.replace(/\r?\n$/, '') : written.trimEnd();
  return start + kept.length;
}

export function isBlockScalar(node: unknown): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

export function rangeOf(node: unknown): readonly [start: number, end: number] {
  const range = isAlias(node) || isScalar(node) || isCollection(node) ? node.range : undefined;
  return [range?.[0] ?? 0, range?.[1] ?? 0];
}

function endOfTokens(tokens: readonly SourceToken[] | undefined): number | undefined {
  const last = tokens?.findLast(isSignificant);
  return last === undefined ? undefined : last.offset + last.source.length;
}

function isSignificant({ type }: SourceToken): boolean {
  return type !== 'space' && type !== 'newline' && type !== 'comment' && type !== 'comma';
}

/** Of the line that the offset is in. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where its line ends: behind its line end, or at the end of the text. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
