import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { printable } from '../domain/text.ts';
import { DEEPEST_NESTING } from './json-guard.ts';
import type { Span } from './line-places.ts';
import type { YamlDialect } from './yaml-dialects.ts';

/** So many values may be repeated through aliases and merges in one document ("billion laughs"). */
const MOST_REPEATED = 10_000;

type YamlNode = Alias | Scalar | YAMLMap | YAMLSeq;

/** `offset`: where in the text. */
export type RefuseYaml = (offset: number, path: Path, message: string) => void;

/** `height`: levels of nesting inside. */
interface Converted {
  readonly value: Json;
  readonly height: number;
}

interface Member extends Converted {
  readonly pair: Pair;
}

interface Anchored extends Converted {
  readonly node: YamlNode;
  readonly size: number;
}

interface Conversion {
  readonly dialect: YamlDialect;
  readonly refuse: RefuseYaml;
  readonly anchors: Map<string, Anchored>;
  /** What each alias stands for. */
  readonly targets: Map<unknown, YamlNode>;
  /** What each mapping holds, what it merges in included. */
  readonly members: Map<unknown, ReadonlyMap<string, Member>>;
  /** Values so far, those behind aliases included. */
  size: number;
  repeated: number;
}

const NOTHING: Converted = { value: null, height: 0 };

export interface YamlValue {
  readonly value: Json;
  /** Where the way ends early: of the key of the last step that exists. */
  spanOf(path: Path, part: 'key' | 'value'): Span;
}

/** Makes plain JSON of what was composed, bounded in size and height. What cannot be JSON is refused and left out. */
export function convertYaml(contents: unknown, dialect: YamlDialect, refuse: RefuseYaml): YamlValue {
  const conversion: Conversion = {
    dialect,
    refuse,
    anchors: new Map(),
    targets: new Map(),
    members: new Map(),
    size: 0,
    repeated: 0,
  };
  const { value } = convertNode(contents, [], conversion);
  return { value, spanOf: (path, part) => spanAt(contents, path, part, conversion) };
}

function convertNode(node: unknown, path: Path, conversion: Conversion): Converted {
  if (isAlias(node)) return convertAlias(node, path, conversion);
  const before = conversion.size;
  conversion.size += 1;
  const converted = convertContents(node, path, conversion);
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) {
    conversion.anchors.set(node.anchor, { node, ...converted, size: conversion.size - before });
  }
  return converted;
}

function convertContents(node: unknown, path: Path, conversion: Conversion): Converted {
  if (isMap(node)) return convertMap(node, path, conversion);
  if (isSeq(node)) {
    const items = node.items.map((item, index) => convertNode(item, [...path, index], conversion));
    return { value: items.map(({ value }) => value), height: 1 + highest(items) };
  }
  return { value: isScalar(node) ? toJson(node.value) : null, height: 0 };
}

function convertMap(map: YAMLMap, path: Path, conversion: Conversion): Converted {
  const own = new Map<string, Member>();
  const merged = new Map<string, Member>();
  for (const pair of map.items) {
    if (isMergeKey(pair.key)) merge(pair.value, path, merged, conversion);
    else convertPair(pair, path, own, conversion);
  }
  const members = merged.size === 0 ? own : new Map([...merged, ...own]);
  conversion.members.set(map, members);
  const value = Object.fromEntries(Array.from(members, ([key, member]) => [key, member.value]));
  return { value, height: 1 + highest(members.values()) };
}

function convertPair(pair: Pair, path: Path, own: Map<string, Member>, conversion: Conversion): void {
  const { refuse, dialect } = conversion;
  const offset = startOf(pair.key);
  // A key can have an anchor too.
  if (isScalar(pair.key)) convertNode(pair.key, path, conversion);
  const key = keyOf(pair.key, conversion);
  // Also behind a key that is refused: its problems count, and its anchors.
  const converted = convertNode(pair.value, key === undefined ? path : [...path, key], conversion);
  if (key === undefined) {
    refuse(offset, path, isCollection(pair.key) ? dialect.words.structuredKey : 'a key is not plain text; quote it');
  } else if (key === '__proto__') {
    refuse(offset, path, '"__proto__" is no key of any document; remove it');
  } else if (own.has(key)) {
    refuse(offset, [...path, key], dialect.words.twice(printable(key)));
  } else {
    own.set(key, { pair, ...converted });
  }
}

/** The scalar `<<`, where the dialect merges: the package reads it as a symbol then. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

/** Of several mappings that have a key the first counts. */
function merge(node: unknown, path: Path, merged: Map<string, Member>, conversion: Conversion): void {
  convertNode(node, [...path, '<<'], conversion);
  const behind = (each: unknown): unknown => conversion.targets.get(each) ?? each;
  const source = behind(node);
  for (const each of isSeq(source) ? source.items.map(behind) : [source]) {
    const members = conversion.members.get(each);
    // An alias is still one here when it was refused.
    if (members === undefined && !isAlias(each)) {
      conversion.refuse(startOf(each), path, '<< takes a mapping or a list of mappings; write one');
    }
    if (members === undefined) continue;
    // What is merged is copied, at every level of merges in merges again.
    if (!mayRepeat(members.size, node, path, conversion)) return;
    for (const [key, member] of members) if (!merged.has(key)) merged.set(key, member);
  }
}

/** The value is shared, not copied; what is counted is what reading it to the end would cost. */
function convertAlias(alias: Alias, path: Path, conversion: Conversion): Converted {
  const refuse = (message: string): Converted => {
    conversion.refuse(startOf(alias), path, message);
    return NOTHING;
  };
  const target = conversion.anchors.get(alias.source);
  if (target === undefined) {
    return refuse(`*${printable(alias.source)} stands for nothing before it; write the value out`);
  }
  conversion.size += target.size;
  if (!mayRepeat(target.size, alias, path, conversion)) return NOTHING;
  if (path.length + target.height > DEEPEST_NESTING) return refuse(conversion.dialect.words.tooDeep);
  conversion.targets.set(alias, target.node);
  return target;
}

/** Said once when it may not: every later alias of the document is over the limit too. */
function mayRepeat(count: number, node: unknown, path: Path, conversion: Conversion): boolean {
  const wasAllowed = conversion.repeated <= MOST_REPEATED;
  conversion.repeated += count;
  const isAllowed = conversion.repeated <= MOST_REPEATED;
  if (wasAllowed && !isAllowed) {
    conversion.refuse(startOf(node), path, `aliases repeat more than ${MOST_REPEATED} values; write them out`);
  }
  return isAllowed;
}

function highest(converted: Iterable<Converted>): number {
  let height = 0;
  for (const each of converted) height = Math.max(height, each.height);
  return height;
}

function keyOf(key: unknown, { anchors, dialect }: Conversion): string | undefined {
  const scalar = isAlias(key) ? anchors.get(key.source)?.node : key;
  if (!isScalar(scalar) || scalar.value === null) return undefined;
  if (typeof scalar.value === 'string') return scalar.value;
  return dialect.keys === 'as-written' ? scalar.source : JSON.stringify(scalar.value);
}

function toJson(value: unknown): Json {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function startOf(node: unknown): number {
  return spanOfNode(node).start;
}

function spanOfNode(node: unknown): Span {
  const range = isAlias(node) || isScalar(node) || isCollection(node) ? node.range : undefined;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

type Written = Pick<Conversion, 'members' | 'targets'>;

function spanAt(root: unknown, path: Path, part: 'key' | 'value', written: Written): Span {
  let step: Step = { node: root, label: root };
  for (const name of path) {
    const next = stepInto(written.targets.get(step.node) ?? step.node, name, written);
    if (next === undefined) return spanOfNode(step.label);
    step = next;
  }
  return spanOfNode(part === 'key' || isLeftOut(step.node) ? step.label : step.node);
}

/** Nothing is written there: `key:` or `{key}`. */
function isLeftOut(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

interface Step {
  readonly node: unknown;
  /** The key that leads to it; for an item of a list, and the root, itself. */
  readonly label: unknown;
}

function stepInto(parent: unknown, name: string | number, { members }: Written): Step | undefined {
  if (isSeq(parent) && typeof name === 'number' && name < parent.items.length) {
    return { node: parent.items[name], label: parent.items[name] };
  }
  const pair = typeof name === 'string' ? members.get(parent)?.get(name)?.pair : undefined;
  return pair === undefined ? undefined : { node: pair.value, label: pair.key };
}
