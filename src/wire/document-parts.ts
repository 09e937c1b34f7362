import type { Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { jsonFault } from './json-fault.ts';
import { guardJson, type JsonGuard } from './json-guard.ts';
import { jsonSpans } from './json-spans.ts';
import { jsonValuesIn, nextOf } from './json-values.ts';
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

interface Found {
  readonly parts: DocumentPart[];
  readonly faults: YamlFault[];
}

/**
 * What is in one document, read as kubectl does: JSON, any number of JSON values one after the other (JSON Lines), or YAML.
 * A document with a fault is left out; of one that is no YAML at all, only the first fault is told.
 */
export function readDocumentParts(text: string, guard: JsonGuard = guardJson): DocumentParts {
  const parts: DocumentPart[] = [];
  const faults: YamlFault[] = [];
  const rest = readJsonValues(text, guard, { parts, faults });
  if (text.slice(rest).trim() === '') return { parts, faults };
  const yaml = readYaml(text, rest);
  return { parts: [...parts, ...yaml.parts], faults: [...faults, ...yaml.faults] };
}

/** Gives back where it stopped: at the end, or at what is no JSON. */
function readJsonValues(text: string, guard: JsonGuard, { parts, faults }: Found): number {
  let rest = 0;
  for (const { value, extent } of jsonValuesIn(text)) {
    const { start, end } = extent;
    const message = guard(value);
    if (message === undefined) parts.push({ value, extent, spanOf: jsonSpans(text, start) });
    else faults.push({ offset: start, path: [], message, isSyntax: false });
    rest = nextOf(text, end);
  }
  return rest;
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
