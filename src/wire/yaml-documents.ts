import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { printable } from '../domain/text.ts';
import { composeYaml } from './compose-yaml.ts';
import { DEEPEST_NESTING } from './json-guard.ts';

/** Both 1-based; a column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Position {
  readonly path: Path;
  readonly message: string;
}

/** One document as plain JSON, with the way back to where each part of it stands. */
export interface YamlDocument {
  readonly value: Json;
  /** Where the value at the path stands, or its key. Where the way ends early: the key of the last step that exists. */
  locate(path: Path, part: 'key' | 'value'): Position;
}

export interface YamlStream {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** What one ConfigMap can hold; the YAML parser needs up to a kilobyte of memory for a character of hostile text. */
const LONGEST_TEXT = 1_048_576;
/** So many values may be repeated through aliases in one document ("billion laughs"). */
const MOST_REPEATED = 10_000;

const TOO_DEEP = `is nested deeper than ${DEEPEST_NESTING} levels; no document needs that`;

/**
 * Reads YAML 1.2 (core schema), of which JSON is a part: any number of documents; empty ones are left out. What cannot be
 * plain JSON (duplicate and non-text keys, unknown tags, endless aliases) is a problem with its place, and the other
 * documents of the text are still read. A key `__proto__` is refused, so no value of the result can reach a prototype.
 */
export function readYamlDocuments(text: string): YamlStream {
  if (text.length > LONGEST_TEXT) {
    const message = `${text.length} characters are too many; split the file, one may have ${LONGEST_TEXT}`;
    return { documents: [], problems: [{ line: 1, column: 1, path: [], message }] };
  }
  const content = withoutByteOrderMark(text);
  const place = placesIn(content);
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  const tooDeep = (offset: number): unknown => problems.push({ ...place(offset), path: [], message: TOO_DEEP });
  for (const document of composeYaml(content, tooDeep)) {
    // Only the first: what follows a syntax error is mostly its echo.
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) {
      problems.push({
        ...place(fault.pos[0]),
        path: [],
        message: `is not readable as YAML; ${sentence(fault.message)}`,
      });
    } else if (!isEmpty(document.contents)) {
      documents.push(convert(document.contents, place, problems));
    }
  }
  return { documents, problems };
}

type YamlNode = Alias | Scalar | YAMLMap | YAMLSeq;

/** By its own count: the parser counts only what it has read. */
function placesIn(text: string): (offset: number) => Position {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Nothing is written there: `key:` or `{key}`. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

function sentence(message: string): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/(\.|\n.*)$/s, '');
}

interface Anchored {
  readonly node: YamlNode;
  readonly value: Json;
  readonly height: number;
  readonly size: number;
}

interface Conversion {
  readonly anchors: Map<string, Anchored>;
  /** What each alias stands for. */
  readonly targets: Map<unknown, YamlNode>;
  readonly pairs: Map<unknown, ReadonlyMap<string, Pair>>;
  readonly refuse: (node: unknown, path: Path, message: string) => void;
  /** Values so far, those behind aliases included. */
  size: number;
  repeated: number;
}

/** `height`: levels of nesting inside. */
interface Converted {
  readonly value: Json;
  readonly height: number;
}

const NOTHING: Converted = { value: null, height: 0 };

function convert(contents: unknown, place: (offset: number) => Position, problems: YamlProblem[]): YamlDocument {
  const conversion: Conversion = {
    anchors: new Map(),
    targets: new Map(),
    pairs: new Map(),
    refuse: (node, path, message) => problems.push({ ...place(offsetOf(node)), path, message }),
    size: 0,
    repeated: 0,
  };
  const { value } = convertNode(contents, [], conversion);
  return {
    value,
    locate: (path, part) => place(offsetAt(contents, path, part, conversion)),
  };
}

function convertNode(node: unknown, path: Path, conversion: Conversion): Converted {
  if (isAlias(node)) return convertAlias(node, path, conversion);
  const before = conversion.size;
  conversion.size += 1;
  const converted = convertContents(node, path, conversion);
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
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
  const pairs = new Map<string, Pair>();
  const members: [string, Converted][] = [];
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (key === undefined) {
      conversion.refuse(pair.key, path, 'a key is not plain text; quote it');
    } else if (key === '__proto__') {
      conversion.refuse(pair.key, path, '"__proto__" is no key of any document; remove it');
    } else if (pairs.has(key)) {
      conversion.refuse(pair.key, [...path, key], 'is written twice; remove one of them');
    } else {
      pairs.set(key, pair);
      members.push([key, convertNode(pair.value, [...path, key], conversion)]);
    }
  }
  conversion.pairs.set(map, pairs);
  const value: JsonObject = Object.fromEntries(members.map(([key, member]) => [key, member.value]));
  return { value, height: 1 + highest(members.map(([, member]) => member)) };
}

/** The value is shared, not copied; what is counted is what reading it to the end would cost. */
function convertAlias(alias: Alias, path: Path, conversion: Conversion): Converted {
  const target = conversion.anchors.get(alias.source);
  if (target === undefined) {
    conversion.refuse(alias, path, `*${printable(alias.source)} stands for nothing before it; write the value out`);
    return NOTHING;
  }
  conversion.size += target.size;
  conversion.repeated += target.size;
  if (conversion.repeated > MOST_REPEATED) {
    // Said once: every later alias of the document is over the limit too.
    if (conversion.repeated - target.size <= MOST_REPEATED) {
      conversion.refuse(alias, path, `aliases repeat more than ${MOST_REPEATED} values; write them out`);
    }
    return NOTHING;
  }
  if (path.length + target.height > DEEPEST_NESTING) {
    conversion.refuse(alias, path, TOO_DEEP);
    return NOTHING;
  }
  conversion.targets.set(alias, target.node);
  return target;
}

function highest(converted: readonly Converted[]): number {
  return converted.reduce((height, each) => Math.max(height, each.height), 0);
}

/** Numbers and booleans as keys (`8080: x`) are taken as they are written, as Kubernetes does. */
function keyOf({ key }: Pair): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : key.source;
}

function toJson(value: unknown): Json {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function offsetOf(node: unknown): number {
  const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range?.[0] ?? 0;
}

type Written = Pick<Conversion, 'pairs' | 'targets'>;

function offsetAt(root: unknown, path: Path, part: 'key' | 'value', written: Written): number {
  let step: Step = { node: root, label: root };
  for (const name of path) {
    const next = stepInto(written.targets.get(step.node) ?? step.node, name, written);
    if (next === undefined) return offsetOf(step.label);
    step = next;
  }
  return offsetOf(part === 'key' || isEmpty(step.node) ? step.label : step.node);
}

interface Step {
  readonly node: unknown;
  /** The key that leads to it; for an item of a list, and the root, itself. */
  readonly label: unknown;
}

function stepInto(parent: unknown, name: string | number, { pairs }: Written): Step | undefined {
  if (isSeq(parent) && typeof name === 'number' && name < parent.items.length) {
    return { node: parent.items[name], label: parent.items[name] };
  }
  const pair = typeof name === 'string' ? pairs.get(parent)?.get(name) : undefined;
  return pair === undefined ? undefined : { node: pair.value, label: pair.key };
}
