import { type Alias, type Document, isAlias, isCollection, isScalar, visit } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { composeYaml } from '../wire/compose-yaml.ts';
import { guardJson } from '../wire/json-guard.ts';
import { MANIFEST_YAML } from '../wire/yaml-dialects.ts';
import { readYamlParts } from '../wire/yaml-parts.ts';
import { convertYaml } from '../wire/yaml-values.ts';

/** One document as it is written: its text, what that means, and where in the text each part of it stands. */
export interface WrittenDocument {
  readonly text: string;
  readonly value: Json;
  /** The node of the package that `value` was made of. */
  readonly contents: unknown;
  /** JSON by its own grammar too, which it is to remain. */
  readonly isJson: boolean;
  /** The anchors that something in the document refers to. */
  readonly shared: ReadonlySet<string>;
  /** Of the value at the path; where the way ends early, of the last key on it. */
  offsetOf(path: Path): number;
}

interface Unreadable {
  readonly offset: number;
  readonly message: string;
}

/** Reads the text of exactly one document, as the manifest reader does. */
export function readWritten(text: string): Result<WrittenDocument, Unreadable> {
  let faults = 0;
  const fault = (): void => {
    faults += 1;
  };
  const documents: Document.Parsed[] = [];
  const readable = MANIFEST_YAML.lineBreaks === undefined ? text : text.replace(MANIFEST_YAML.lineBreaks, '\n');
  for (const document of composeYaml(readable, { ...MANIFEST_YAML.schema, keepSourceTokens: true }, fault)) {
    faults += document.errors.length;
    if (document.errors.length === 0 && !isBlank(document.contents)) documents.push(document);
  }
  const [document] = documents;
  if (faults > 0 || document === undefined) return unreadable(text);
  // Under a directive (`%TAG`) the reader does not tell them apart.
  if (documents.length > 1) return failed([{ offset: 0, message: 'this is more than one document; split the file' }]);
  const { value, spanOf } = convertYaml(document.contents, MANIFEST_YAML, fault);
  if (faults > 0) return unreadable(text);
  const json = parseJsonObject(text);
  return ok({
    text,
    value: json ?? value,
    contents: document.contents,
    isJson: json !== undefined,
    shared: sharedAnchors(document),
    offsetOf: (path) => spanOf(path, 'value').start,
  });
}

/** In the words of the manifest reader. */
function unreadable(text: string): Result<never, Unreadable> {
  const [fault] = readYamlParts(text, MANIFEST_YAML).faults;
  return failed([fault ?? { offset: 0, message: 'this is no document; write one here' }]);
}

function isBlank(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function parseJsonObject(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return isReadable(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isReadable(json: unknown): json is JsonObject {
  return isJsonObject(json) && guardJson(json) === undefined;
}

function sharedAnchors(document: Document.Parsed): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    Alias: (_key: unknown, alias: Alias) => {
      names.add(alias.source);
    },
  });
  return names;
}

/** Why a change of this part would change another part too, or none; undefined when it stands for itself. */
export function sharing(node: unknown, shared: ReadonlySet<string>): string | undefined {
  if (isAlias(node)) return `is the alias *${node.source}, which stands for something written elsewhere`;
  const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
  if (anchor === undefined || !shared.has(anchor)) return undefined;
  return `is anchored as &${anchor}, and what refers to it would change too`;
}
