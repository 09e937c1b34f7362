import type { SyntaxNode } from '@lezer/common';
import type { Path } from '../../domain/path.ts';
import {
  documentsIn,
  entryOf,
  isMapping,
  isSequence,
  itemsOf,
  readYamlTree,
  resolved,
  scalarText,
  type Span,
  type YamlTree,
} from './yaml-tree.ts';

/** One object of a text, as the gate counts them: Lists are taken apart, of an AdmissionReview it is `request.object`. */
export interface WrittenObject {
  readonly tree: YamlTree;
  readonly root: SyntaxNode;
  /** Empty where it says none. */
  readonly kind: string;
}

/** Lists in Lists; the gate takes no deeper ones either. */
const DEEPEST_LIST = 32;

/** In the order in which the gate answers. */
export function writtenObjects(text: string): readonly WrittenObject[] {
  const tree = readYamlTree(text);
  return documentsIn(tree).flatMap((document) => expand(tree, document, '', DEEPEST_LIST));
}

function expand(tree: YamlTree, root: SyntaxNode, inherited: string, depth: number): readonly WrittenObject[] {
  const kind = isMapping(root) ? textAt(tree, root, 'kind') || inherited : '';
  const items = kind.endsWith('List') && depth > 0 ? entryOf(tree, root, 'items') : undefined;
  if (items === undefined) return [{ tree, root: subjectOf(tree, root, kind), kind }];
  const list = resolved(tree, items.value);
  // The items of a ServiceList need not say what they are.
  const itemKind = kind.slice(0, -'List'.length);
  return list === undefined || !isSequence(list)
    ? []
    : itemsOf(list).flatMap(({ item, value }) => expand(tree, resolved(tree, value) ?? item, itemKind, depth - 1));
}

function subjectOf(tree: YamlTree, root: SyntaxNode, kind: string): SyntaxNode {
  return kind === 'AdmissionReview' ? (nodeAt(tree, root, ['request', 'object']) ?? root) : root;
}

function textAt(tree: YamlTree, root: SyntaxNode, key: string): string {
  const value = resolved(tree, entryOf(tree, root, key)?.value);
  return value === undefined ? '' : scalarText(tree, value);
}

/** The value at the path. */
export function nodeAt(tree: YamlTree, root: SyntaxNode, path: Path): SyntaxNode | undefined {
  let node: SyntaxNode | undefined = root;
  for (const step of path) node = node === undefined ? undefined : stepInto(tree, node, step)?.value;
  return node;
}

/** What a step leads to, and where a remark about it would point when nothing is written there. */
interface Step {
  readonly value: SyntaxNode | undefined;
  readonly label: Span;
}

function stepInto(tree: YamlTree, node: SyntaxNode, step: string | number): Step | undefined {
  if (typeof step === 'number') {
    const item = isSequence(node) ? itemsOf(node)[step] : undefined;
    return item && { value: resolved(tree, item.value), label: itemLabel(tree, item.value ?? item.item) };
  }
  const entry = isMapping(node) ? entryOf(tree, node, step) : undefined;
  return entry && { value: resolved(tree, entry.value), label: entry.keySpan };
}

/** An item has no key: its first line, or the dash of an empty one. */
function itemLabel({ text }: YamlTree, node: SyntaxNode): Span {
  const { name, from, to, prevSibling } = node;
  if (name === 'Item' && prevSibling !== null) return { from: prevSibling.from, to: prevSibling.to };
  // A block mapping begins at the end of the line before it, and with comments.
  const start = name === 'BlockMapping' ? (node.getChild('Pair')?.from ?? from) : from;
  const end = text.indexOf('\n', start);
  return { from: start, to: end === -1 ? to : Math.min(to, end) };
}

/**
 * Where the value at the path is written. Of a value of several lines its key, and where the way ends early, the key of
 * the last part that is there: a whole block underlined says nothing.
 */
export function placeOf({ tree, root }: WrittenObject, path: Path): Span {
  let place: Span = itemLabel(tree, root);
  let node: SyntaxNode | undefined = root;
  for (const step of path) {
    const next: Step | undefined = node && stepInto(tree, node, step);
    if (next === undefined) return place;
    place = next.label;
    node = next.value;
  }
  return node !== undefined && node !== root && isOneLine(tree, node) ? { from: node.from, to: node.to } : place;
}

function isOneLine({ text }: YamlTree, { from, to, name }: SyntaxNode): boolean {
  return !name.startsWith('Block') && to > from && !text.slice(from, to).includes('\n');
}
