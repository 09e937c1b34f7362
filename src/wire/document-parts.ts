import type { Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { jsonFault } from './json-fault.ts';
import { guardJson } from './json-guard.ts';
import { endOfJson, jsonSpans } from './json-spans.ts';
import type { Span } from './line-places.ts';
import { plainSpans, readPlainYaml } from './plain-yaml.ts';
import { MANIFEST_YAML } from './yaml-dialects.ts';
import { readYamlParts, type YamlFault } from './yaml-parts.ts';

/** A value in a text, with the way back to it. */
export interface DocumentPart {
  readonly value: Json;
  /** What holds nothing else: the document, or one of several JSON values in it. */
  readonly extent: Span;
  readonly spanOf: (path: Path) => Span;
}

export interface DocumentParts {
  readonly parts: readonly DocumentPart[];
  readonly faults: readonly YamlFault[];
}

/**
 * What is in one document, read as kubectl does: JSON, any number of JSON values one after the other (JSON Lines), or YAML.
 * A document with a fault is left out; of one that is no YAML at all, only the first fault is told.
 */
export function readDocumentParts(text: string): DocumentParts {
  const parts: DocumentPart[] = [];
  const faults: YamlFault[] = [];
  const rest = readJsonValues(text, parts, faults);
  if (text.slice(rest).trim() === '') return { parts, faults };
  const yaml = readYaml(text, rest);
  return { parts: [...parts, ...yaml.parts], faults: [...faults, ...yaml.faults] };
}

/** Gives back where it stopped: at the end, or at what is no JSON. */
function readJsonValues(text: string, parts: DocumentPart[], faults: YamlFault[]): number {
  let start = nextValue(text, 0);
  while (text[start] === '{' || text[start] === '[') {
    // Mostly there is one value: no need to look for its end first.
    const all = parseJson(text.slice(start));
    const end = all === undefined ? endOfJson(text, start) : text.trimEnd().length;
    const value = all ?? parseJson(text.slice(start, end));
    if (value === undefined) return parts.length + faults.length === 0 ? 0 : start;
    const message = guardJson(value);
    if (message === undefined) parts.push({ value, extent: { start, end }, spanOf: jsonSpans(text, start) });
    else faults.push({ offset: start, path: [], message, isSyntax: false });
    start = nextValue(text, end);
  }
  return parts.length + faults.length === 0 ? 0 : start;
}

function nextValue(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}

function parseJson(text: string): Json | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Most documents are read without a YAML parser. */
function readYaml(text: string, start: number): DocumentParts {
  const rest = start === 0 ? text : text.slice(start);
  const value = readPlainYaml(rest, MANIFEST_YAML);
  if (value === undefined) return parseYaml(text, start);
  const extent = { start, end: text.length };
  const spansOf = lazily(() => plainSpans(rest, MANIFEST_YAML));
  const spanOf = (path: Path): Span => {
    const span = spansOf()?.(path, 'value');
    return span === undefined ? extent : moved(span, start);
  };
  return { parts: [{ value, extent, spanOf }], faults: [] };
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function parseYaml(text: string, start: number): DocumentParts {
  const { parts, faults } = readYamlParts(text.slice(start), MANIFEST_YAML);
  const [first] = faults;
  if (first !== undefined) {
    const told = faults.some(({ isSyntax }) => isSyntax) ? [asJson(first, text.slice(start))] : faults;
    return { parts: [], faults: told.map((fault) => ({ ...fault, offset: fault.offset + start })) };
  }
  const extent = { start, end: text.length };
  return {
    parts: parts.map(({ value, spanOf }) => ({
      value,
      extent,
      spanOf: (path) => moved(spanOf(path, 'value'), start),
    })),
    faults,
  };
}

/** Whoever wrote JSON is told what is wrong with it as JSON. */
function asJson(fault: YamlFault, text: string): YamlFault {
  return { ...fault, ...jsonFault(text, fault.offset) };
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}
