import { yamlLanguage } from '@codemirror/lang-yaml';
import type { SyntaxNode } from '@lezer/common';

/** A stretch of the text; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** YAML as it stands while somebody types it: the parser gives a tree of whatever the text is. */
export interface YamlTree {
  readonly text: string;
  readonly top: SyntaxNode;
  /** By name, in the order of the text. */
  readonly anchors: ReadonlyMap<string, readonly SyntaxNode[]>;
}

/** So far is one alias followed to the next, and one merge key to the next: a text may refer to itself. */
const MOST_REFERENCES = 16;

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

/** Of one text, all that is asked about it needs the same tree, which takes longer than everything else. */
let latest: YamlTree | undefined;

export function readYamlTree(text: string): YamlTree {
  if (latest?.text !== text) {
    const top = yamlLanguage.parser.parse(text).topNode;
    latest = { text, top, anchors: anchorsIn(text, top) };
  }
  return latest;
}

/** Once for the whole text: it may have thousands of aliases. */
function anchorsIn(text: string, top: SyntaxNode): YamlTree['anchors'] {
  const found: SyntaxNode[] = [];
  if (text.includes('&')) {
    top.cursor().iterate((node) => {
      if (node.name === 'Anchor') found.push(node.node);
    });
  }
  return Map.groupBy(found, ({ from, to }) => text.slice(from + 1, to));
}

/** What each document says; documents that say nothing are left out, as kubectl leaves them out. */
export function documentsIn({ text, top }: YamlTree): readonly SyntaxNode[] {
  return top
    .getChildren('Document')
    .map(valueIn)
    .filter((value) => value !== undefined)
    .filter((value) => !(value.name === 'Literal' && NULLS.has(text.slice(value.from, value.to))));
}

/** `{ key: value }` of a mapping, in either style. */
export interface Entry {
  readonly pair: SyntaxNode;
  readonly key: string;
  readonly keySpan: Span;
  /** Undefined while nothing is written. */
  readonly value: SyntaxNode | undefined;
}

/** In the order of the text; without pairs that have no key. */
export function entriesOf(tree: YamlTree, mapping: SyntaxNode): readonly Entry[] {
  return mapping.getChildren('Pair').flatMap((pair) => {
    const written = pair.getChild('Key');
    const key = written === null ? undefined : contentOf(written.firstChild ?? undefined);
    if (key === undefined) return [];
    return [{ pair, key: scalarText(tree, key), keySpan: { from: key.from, to: key.to }, value: valueIn(pair) }];
  });
}

/** The entry with that key, also from a mapping that is merged in (`<<: *base`). */
export function entryOf(tree: YamlTree, mapping: SyntaxNode, key: string): Entry | undefined {
  return lookUp(tree, mapping, key, MOST_REFERENCES);
}

function lookUp(tree: YamlTree, mapping: SyntaxNode, key: string, depth: number): Entry | undefined {
  const entries = entriesOf(tree, mapping);
  const own = entries.findLast((entry) => entry.key === key);
  if (own !== undefined || depth === 0) return own;
  for (const { key: name, value } of entries) {
    const base = name === '<<' ? resolved(tree, value) : undefined;
    if (base === undefined) continue;
    const merged = isSequence(base) ? itemsOf(base).map((item) => resolved(tree, item.value)) : [base];
    for (const each of merged) {
      const found = each === undefined ? undefined : lookUp(tree, each, key, depth - 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

export interface SequenceItem {
  readonly item: SyntaxNode;
  readonly value: SyntaxNode | undefined;
}

export function itemsOf(sequence: SyntaxNode): readonly SequenceItem[] {
  return sequence.getChildren('Item').map((item) => ({ item, value: valueIn(item) }));
}

export function isMapping({ name }: SyntaxNode): boolean {
  return name === 'BlockMapping' || name === 'FlowMapping';
}

export function isSequence({ name }: SyntaxNode): boolean {
  return name === 'BlockSequence' || name === 'FlowSequence';
}

/** What an alias stands for; any other value is itself. */
export function resolved(tree: YamlTree, value: SyntaxNode | undefined): SyntaxNode | undefined {
  let target = value;
  for (let left = MOST_REFERENCES; target?.name === 'Alias'; left -= 1) {
    if (left === 0) return undefined;
    target = anchored(tree, target);
  }
  return target;
}

/** The last one with the name before the alias, as YAML has it. */
function anchored({ text, anchors }: YamlTree, alias: SyntaxNode): SyntaxNode | undefined {
  const candidates = anchors.get(text.slice(alias.from + 1, alias.to)) ?? [];
  const found = candidates.findLast(({ from }) => from < alias.from);
  return contentOf(found?.parent ?? undefined);
}

/** The text of a scalar as YAML reads it; of anything else, as it is written. */
export function scalarText({ text }: YamlTree, { name, from, to }: SyntaxNode): string {
  const written = text.slice(from, to);
  if (name !== 'QuotedLiteral') return written;
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  try {
    return String(JSON.parse(written));
  } catch {
    return written.slice(1, -1);
  }
}

/** The value among the parts of a document, pair or item. */
function valueIn(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node.lastChild; child !== null; child = child.prevSibling) {
    if (isValue(child)) return contentOf(child);
  }
  return undefined;
}

function isValue({ name, type }: SyntaxNode): boolean {
  return /^(?:Block(?:Mapping|Sequence|Literal)|Flow(?:Mapping|Sequence)|(?:Quoted)?Literal|Tagged|Anchored|Alias)$/.test(
    type.isError ? '' : name,
  );
}

/** Without the anchor and the tag in front of it. */
function contentOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.name === 'Anchored' || node?.name === 'Tagged' ? valueIn(node) : node;
}
