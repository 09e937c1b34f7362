import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { type Path, valueAt } from '../domain/path.ts';
import { readDocumentParts } from './document-parts.ts';
import { sniff } from './manifest-objects.ts';
import type { YamlFault } from './yaml-parts.ts';

const OPENING = '{{';
/** Of helm and Jinja; the last one may never end. */
const TEMPLATE = /\{\{[^]*?(?:\}\}|$)|\{%[^]*?(?:%\}|$)/g;

/**
 * Where the template begins that makes the document unreadable, undefined when something else does: the same fault is there with
 * every template replaced by a plain word or a comment.
 */
export function templateBehind(document: string, fault: YamlFault): number | undefined {
  if (!/\{[{%]/.test(document)) return undefined;
  const [same] = readDocumentParts(withoutTemplates(document)).faults;
  if (same !== undefined && same.offset === fault.offset && same.message === fault.message) return undefined;
  const starts = Array.from(document.matchAll(TEMPLATE), ({ index }) => index);
  return starts.findLast((start) => start <= fault.offset) ?? starts[0];
}

function withoutTemplates(document: string): string {
  return document.replaceAll(TEMPLATE, (template: string, start: number) =>
    template.replaceAll(/[^\n]/g, isAlone(document, start, start + template.length) ? '#' : 'x'),
  );
}

/** On a line of its own. */
function isAlone(document: string, start: number, end: number): boolean {
  let before = start - 1;
  let after = end;
  while (isBlank(document[before])) before -= 1;
  while (isBlank(document[after])) after += 1;
  return (document[before] ?? '\n') === '\n' && (document[after] ?? '\n') === '\n';
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r';
}

/** The names of an object, and whatever a Service says, are never templates; what others carry may be: `{{ $labels.pod }}`. */
export function templatedField(value: JsonObject): Path | undefined {
  for (const path of [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']]) {
    if (isTemplate(valueAt(value, path))) return path;
  }
  return sniff(value).kind === 'Service' ? templatedIn(valueAt(value, ['spec']), ['spec']) : undefined;
}

function templatedIn(value: unknown, path: Path): Path | undefined {
  if (isTemplate(value)) return path;
  const steps = Array.isArray(value) ? value.keys() : isJsonObject(value) ? Object.keys(value) : [];
  for (const step of steps) {
    const field = templatedIn(valueAt(value, [step]), [...path, step]);
    if (field !== undefined) return field;
  }
  return undefined;
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes(OPENING);
}
