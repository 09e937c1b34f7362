import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { formatPath, parsePath, type Path, valueAt } from '../domain/path.ts';
import { failed, type Result } from '../domain/result.ts';
import type { InputProblem, Locate, SourceRegion } from '../domain/source.ts';
import { type DocumentPart, readDocumentParts } from './document-parts.ts';
import { guardJson, type JsonGuard } from './json-guard.ts';
import { placesIn, type Position, type Span } from './line-places.ts';
import { type FoundObject, type ManifestDocument, objectsIn, sniff } from './manifest-objects.ts';
import { decodeText } from './manifest-text.ts';
import { describeProblem, MOST_PROBLEMS, type WireProblem } from './problem.ts';
import { type Skim, skimmer } from './skim.ts';
import { splitDocuments } from './split-documents.ts';
import { templateBehind, templatedField } from './templates.ts';
import { isWorkloadKind } from './workload.ts';
import type { YamlFault } from './yaml-parts.ts';

export interface LocatedManifest extends ManifestDocument {
  readonly file: string;
  /** Where the value at the path stands, its key where nothing is written, or the last key on the way. */
  readonly locate: Locate;
  /**
   * The YAML or JSON document that it stands in: offsets of its text in the text of the file, and the way to the object in it
   * (`['items', 3]` in a List). A file with a YAML directive is one.
   */
  readonly extent: Span & { readonly root: Path };
}

export interface ManifestFile {
  readonly manifests: readonly LocatedManifest[];
  /** Documents that cannot matter, or are none of Kubernetes; those without any keys or items do not count. */
  readonly skipped: number;
  /** The first 20; one only where it is a template. */
  readonly problems: readonly InputProblem[];
}

interface Reading {
  readonly file: string;
  readonly text: string;
  readonly guard: JsonGuard;
  readonly place: (offset: number) => Position;
  readonly manifests: LocatedManifest[];
  readonly problems: InputProblem[];
  /** Where documents begin that are nothing but a text or a number. */
  readonly strays: number[];
  skipped: number;
  /** Where the first template begins. */
  template: number | undefined;
}

/** Of which an object, a List or a review has one. */
const PARTS = ['metadata', 'spec', 'items', 'request'];

const UNRENDERED =
  'this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -';

/** The text in the bytes of a file. */
export function decodeManifest(file: string, bytes: Uint8Array): Result<string, InputProblem> {
  const text = decodeText(bytes);
  if (text.ok) return text;
  return failed(
    text.problems.map(({ position, message }) => ({
      file,
      line: position?.line,
      column: position?.column,
      message,
    })),
  );
}

/** What is wrong in an object, with its place in the file. */
export function located(problem: WireProblem, { locate }: LocatedManifest): InputProblem {
  const { file, line, column } = locate(parsePath(problem.path));
  return { file, line, column, message: describeProblem(problem) };
}

/**
 * Reads the documents of a file that may matter, as kubectl does, and tells what is wrong with them. `skim`: what they
 * contain, or a test of their text.
 */
export function readManifestFile(
  file: string,
  text: string,
  skim: Skim | ((document: string) => boolean),
  guard: JsonGuard = guardJson,
): ManifestFile {
  const reading: Reading = {
    file,
    text,
    guard,
    place: placesIn(text),
    manifests: [],
    problems: [],
    strays: [],
    skipped: 0,
    template: undefined,
  };
  const mayMatter = typeof skim === 'function' ? skim : skimmer(text, skim);
  for (const document of splitDocuments(text)) {
    if (mayMatter(text.slice(document.start, document.end))) readDocument(document, reading);
    else reading.skipped += 1;
  }
  // kubectl refuses them, too. Among what is none of Kubernetes they are nobody's affair: vaults, key files.
  if (reading.manifests.length > 0) {
    for (const stray of reading.strays) complain(stray, 'this is no object; remove it', reading);
  }
  const { manifests, problems, skipped, template } = reading;
  if (template === undefined) return { manifests, skipped, problems };
  return { manifests, skipped, problems: [{ file, ...reading.place(template), message: UNRENDERED }] };
}

function readDocument({ start, end }: Span, reading: Reading): void {
  const document = reading.text.slice(start, end);
  const { parts, faults } = readDocumentParts(document, reading.guard);
  complainOfAll(faults, { start, document }, reading);
  for (const part of parts) readPart(part, start, reading);
}

function complainOfAll(
  faults: readonly YamlFault[],
  { start, document }: { readonly start: number; readonly document: string },
  reading: Reading,
): void {
  const [first] = faults;
  if (first === undefined) return;
  const template = templateBehind(document, first);
  if (template !== undefined) {
    noteTemplate(start + template, reading);
    return;
  }
  // What is never closed is found out at the end, which is on the line of the next document.
  const last = document.trimEnd().length;
  for (const { offset, message } of faults) complain(start + Math.min(offset, last), message, reading);
}

function readPart(part: DocumentPart, start: number, reading: Reading): void {
  const { value } = part;
  if (isBareList(value)) {
    complain(start + part.spanOf([]).start, 'this is a list of objects; put them into a List, as its items', reading);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    reading.strays.push(start + part.spanOf([]).start);
    return;
  }
  if (!isJsonObject(value) || !isKubernetes(value)) {
    reading.skipped += 1;
    return;
  }
  const { objects, problems } = objectsIn(value);
  if (objects.length + problems.length === 0) reading.skipped += 1;
  for (const { path, message } of problems) {
    complain(start + part.spanOf(path).start, `${formatPath(path)}: ${message}`, reading);
  }
  for (const object of objects) addObject(object, part, start, reading);
}

/**
 * Others have an apiVersion or a kind as well, but not both: `Chart.yaml`, values of charts, the files of Grafana. What has a part of
 * an object beside one of the two may be a broken one that matters.
 */
function isKubernetes(value: JsonObject): boolean {
  const { apiVersion, kind } = value;
  if (apiVersion !== undefined && kind !== undefined) return true;
  const isHalfNamed = apiVersion === undefined ? isJudgedKind(kind) : !isChartVersion(apiVersion);
  return isHalfNamed && PARTS.some((key) => value[key] !== undefined);
}

/** Whether the gate has anything to say about objects of the kind, or of what is in a list of it. */
function isJudgedKind(kind: Json | undefined): boolean {
  const item = typeof kind === 'string' ? kind.replace(/(?:List)+$/, '') : undefined;
  return item !== undefined && (['', 'Service', 'Namespace', 'AdmissionReview'].includes(item) || isWorkloadKind(item));
}

/** No version without a group but v1 is one of Kubernetes. */
function isChartVersion(apiVersion: Json): boolean {
  return typeof apiVersion === 'string' && /^v[2-9]$/.test(apiVersion);
}

/** kubectl takes no list for objects; patches and playbooks are lists too, but not of objects. */
function isBareList(value: Json): boolean {
  return Array.isArray(value) && value.some((item) => valueAt(item, ['apiVersion']) && valueAt(item, ['kind']));
}

function addObject({ value, root }: FoundObject, part: DocumentPart, start: number, reading: Reading): void {
  const spanOf = (path: Path): Span => {
    const span = part.spanOf([...root, ...path]);
    return { start: start + span.start, end: start + span.end };
  };
  const templated = templatedField(value);
  if (templated !== undefined) {
    const field = spanOf(templated);
    noteTemplate(Math.max(field.start, reading.text.indexOf('{{', field.start)), reading);
    return;
  }
  reading.manifests.push({
    index: reading.manifests.length,
    path: formatPath(root),
    ...sniff(value),
    value,
    file: reading.file,
    locate: (path) => regionOf(spanOf(path), reading),
    extent: { start: start + part.extent.start, end: start + part.extent.end, root },
  });
}

function regionOf({ start, end }: Span, { file, text, place }: Reading): SourceRegion {
  const { line, column } = place(start);
  // Looked for in the value alone: a dump may be one line of megabytes, and all that is in it is asked for.
  const [first = ''] = text.slice(start, end).split('\n', 1);
  const written = first.trimEnd();
  return { file, line, column, endLine: line, endColumn: column + Math.max(written.length, 1) };
}

function noteTemplate(offset: number, reading: Reading): void {
  reading.template = Math.min(offset, reading.template ?? offset);
}

function complain(offset: number, message: string, { file, place, problems }: Reading): void {
  if (problems.length < MOST_PROBLEMS) problems.push({ file, ...place(offset), message });
}
