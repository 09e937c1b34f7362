import type { SyntaxNode } from '@lezer/common';
import type { PatchOperation } from '../../domain/patch.ts';
import { parsePointer } from '../../domain/path.ts';
import type { VerdictList } from '../../report/verdict-list.ts';
import { nodeAt, type WrittenObject, writtenObjects } from './written-objects.ts';
import { entriesOf, isMapping, type YamlTree } from './yaml-tree.ts';

/** The manifests as they are after the gate, with the comments and the order that they have. */
export interface PatchedText {
  readonly text: string;
  /** The lines that the gate wrote, from 0. */
  readonly lines: ReadonlySet<number>;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** Where several are in one place, what belongs to the inner mapping comes first. */
  readonly depth: number;
}

/** Undefined when there is nothing to write, or when it cannot be written without writing something else, too. */
export function patchedText(text: string, { items }: VerdictList): PatchedText | undefined {
  const objects = writtenObjects(text);
  // What an alias stands for belongs to several places.
  const isShared = /(?:^|[\s[{,])(?:\*[\w-]|<<\s*:)/.test(text);
  if (isShared || objects.length !== items.length) return undefined;
  const edits = objects.flatMap((object, index) =>
    (items[index]?.patch ?? []).map((operation) => editFor(object, operation)),
  );
  const possible = edits.filter((edit) => edit !== undefined);
  return edits.length === 0 || possible.length < edits.length ? undefined : applied(text, possible);
}

function applied(text: string, edits: readonly Edit[]): PatchedText {
  const parts: string[] = [];
  const lines = new Set<number>();
  let end = 0;
  let line = 0;
  for (const { from, to, insert } of edits.toSorted((a, b) => a.from - b.from || b.depth - a.depth)) {
    const part = text.slice(end, from) + insert;
    parts.push(part);
    line += part.split('\n').length - 1;
    lines.add(line);
    end = to;
  }
  return { text: parts.join('') + text.slice(end), lines };
}

function editFor({ tree, root }: WrittenObject, { path: pointer, value }: PatchOperation): Edit | undefined {
  const path = parsePointer(pointer);
  const mapping = nodeAt(tree, root, path.slice(0, -1));
  if (mapping === undefined || !isMapping(mapping)) return undefined;
  const place = placeFor(tree, mapping, String(path.at(-1)), value);
  return place && { ...place, depth: path.length };
}

type Place = Omit<Edit, 'depth'>;

function placeFor(tree: YamlTree, mapping: SyntaxNode, key: string, value: PatchOperation['value']): Place | undefined {
  const entries = entriesOf(tree, mapping);
  const isJson = entries.some(({ keySpan }) => tree.text[keySpan.from] === '"');
  const written = typeof value === 'string' ? stringText(value, isJson) : String(value);
  const entry = entries.find((each) => each.key === key);
  if (entry?.value !== undefined) {
    const { name, from, to } = entry.value;
    // Whatever else is written there, the gate has not read it as this field.
    return name === 'Literal' || name === 'QuotedLiteral' ? { from, to, insert: written } : undefined;
  }
  if (entry !== undefined) return { from: entry.pair.to, to: entry.pair.to, insert: ` ${written}` };
  const pair = `${isJson ? JSON.stringify(key) : key}: ${written}`;
  return mapping.name === 'FlowMapping' ? inFlow(tree, mapping, pair) : inBlock(tree, mapping, pair);
}

/** On a line of its own below the last one, and below what is commented there. */
function inBlock({ text }: YamlTree, mapping: SyntaxNode, pair: string): Place {
  const [first = mapping] = mapping.getChildren('Pair');
  const last = mapping.getChildren('Pair').at(-1) ?? mapping;
  const end = text.indexOf('\n', last.to);
  const at = end === -1 ? text.length : end;
  const indent = ' '.repeat(first.from - startOfLine(text, first.from));
  return { from: at, to: at, insert: `\n${indent}${pair}` };
}

function inFlow({ text }: YamlTree, mapping: SyntaxNode, pair: string): Place {
  const last = mapping.getChildren('Pair').at(-1);
  if (last === undefined) return { from: mapping.from + 1, to: mapping.from + 1, insert: pair };
  const lead = text.slice(startOfLine(text, last.from), last.from);
  const separator = lead.trim() === '' ? `,\n${lead}` : ', ';
  return { from: last.to, to: last.to, insert: `${separator}${pair}` };
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Names like Local mean the same without quotes. */
function stringText(value: string, isJson: boolean): string {
  return !isJson && /^[A-Z]\w+$/.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
