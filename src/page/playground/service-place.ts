import type { SyntaxNode } from '@lezer/common';
import type { Path } from '../../domain/path.ts';
import { entriesOf, isMapping, itemsOf, scalarText, type YamlTree } from './yaml-tree.ts';

/** A word of the text, seen from the Service that it is written in. */
export interface ServicePlace {
  /** Of the mapping that a key stands in; of the value itself otherwise. */
  readonly path: Path;
  /** Only of a key. */
  readonly key?: string;
  /** The other keys of the mapping. */
  readonly siblings: readonly string[];
  readonly word: SyntaxNode;
}

/** A step from the root of a document towards the word. */
interface Step {
  readonly container: SyntaxNode;
  readonly step: string | number;
}

/** Undefined for what is no word of a Service: a comment, another object. */
export function servicePlaceAt(tree: YamlTree, offset: number): ServicePlace | undefined {
  const word = tree.top.resolveInner(offset, -1);
  if (word.name !== 'Literal' && word.name !== 'QuotedLiteral') return undefined;
  const steps = stepsTo(tree, word);
  const path = pathInService(tree, steps);
  if (path === undefined) return undefined;
  const last = steps.at(-1);
  if (!isKey(word) || last === undefined) return { path, siblings: [], word };
  const others = entriesOf(tree, last.container).filter(({ keySpan }) => keySpan.from !== word.from);
  return { path: path.slice(0, -1), key: String(last.step), siblings: others.map(({ key }) => key), word };
}

function isKey(word: SyntaxNode): boolean {
  for (let node = word.parent; node !== null && node.from <= word.from; node = node.parent) {
    if (node.name === 'Key') return true;
    if (node.name === 'Pair' || node.name === 'Item') return false;
  }
  return false;
}

/** From the root of the document inwards. */
function stepsTo(tree: YamlTree, word: SyntaxNode): readonly Step[] {
  const steps: Step[] = [];
  for (let node: SyntaxNode | null = word; node !== null && node.name !== 'Document'; node = node.parent) {
    const container: SyntaxNode | null = node.parent;
    if (container === null) break;
    const step = stepOf(tree, container, node);
    if (step !== undefined) steps.unshift({ container, step });
  }
  return steps;
}

function stepOf(tree: YamlTree, container: SyntaxNode, { name, from }: SyntaxNode): string | number | undefined {
  if (name === 'Pair') return entriesOf(tree, container).find(({ pair }) => pair.from === from)?.key ?? '';
  if (name === 'Item') return itemsOf(container).findIndex(({ item }) => item.from === from);
  return undefined;
}

/** Without what is around the Service: Lists, an AdmissionReview. What says no kind yet may become a Service. */
function pathInService(tree: YamlTree, steps: readonly Step[]): Path | undefined {
  const path = steps.map(({ step }) => step);
  let kind = '';
  let start = 0;
  for (;;) {
    const container = steps[start]?.container;
    kind = (container === undefined ? '' : kindOf(tree, container)) || kind;
    const depth = wrapperDepth(kind, path.slice(start));
    if (depth === 0) break;
    // The items of a ServiceList need not say what they are.
    kind = kind.endsWith('List') ? kind.slice(0, -'List'.length) : '';
    start += depth;
  }
  return kind === '' || kind === 'Service' ? path.slice(start) : undefined;
}

/** How many steps lead from a wrapper to what it wraps. */
function wrapperDepth(kind: string, [first, second]: Path): number {
  if (kind.endsWith('List') && first === 'items' && typeof second === 'number') return 2;
  const isReviewed = first === 'request' && (second === 'object' || second === 'oldObject');
  return kind === 'AdmissionReview' && isReviewed ? 2 : 0;
}

function kindOf(tree: YamlTree, container: SyntaxNode): string {
  if (!isMapping(container)) return '';
  const value = entriesOf(tree, container).find(({ key }) => key === 'kind')?.value;
  return value === undefined ? '' : scalarText(tree, value);
}
