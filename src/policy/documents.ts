import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { formatPath, type Path, valueAt } from '../domain/path.ts';
import { allOf, anyOf, printable } from '../domain/text.ts';
import { POLICY_YAML } from '../wire/yaml-dialects.ts';
import { readYamlDocuments, type YamlDocument } from '../wire/yaml-documents.ts';
import { insteadOf } from './did-you-mean.ts';
import { type Kind, KINDS, TEST_KIND } from './envelope.ts';
import type { Remark } from './issues.ts';
import type { Problem } from './problem.ts';

/** One file, or what stands for one. May hold several documents. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** A document of a known kind, not yet checked any further, with the way back to its lines. */
export interface SourceDocument {
  readonly kind: Kind;
  /** Empty when there is none to read. */
  readonly name: string;
  readonly value: JsonObject;
  problem(remark: Remark): Problem;
  /** `FILE:LINE`, to be named by another document's problem. */
  lineOf(path: Path): string;
}

export interface SourceDocuments {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
}

const NAME: Path = ['metadata', 'name'];

/** Every document of every source that has one of the four kinds; everything else is a problem. */
export function readSources(sources: readonly SourceText[]): SourceDocuments {
  const problems: Problem[] = [];
  const documents: SourceDocument[] = [];
  for (const { file, text } of sources) {
    const stream = readYamlDocuments(text, POLICY_YAML);
    problems.push(...stream.problems.map(({ path, ...rest }) => ({ ...rest, file, path: pathText(path) })));
    for (const document of stream.documents) {
      const read = readDocument(document, file);
      if ('message' in read) problems.push(read);
      else documents.push(read);
    }
  }
  return { documents, problems: [...problems, ...duplicates(documents)] };
}

function readDocument(document: YamlDocument, file: string): SourceDocument | Problem {
  const { value } = document;
  const problem = ({ path, part, message }: Remark): Problem => {
    return { file, ...document.locate(path, part), path: pathText(path), message };
  };
  if (!isJsonObject(value)) {
    const message = `is not a mapping; a policy document has ${allOf(['apiVersion', 'kind', 'metadata', 'spec'])}`;
    return problem({ path: [], part: 'value', message });
  }
  const kind = valueAt(value, ['kind']);
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) return problem({ path: ['kind'], part: 'value', message: describeKind(kind) });
  const name = valueAt(value, NAME);
  return {
    kind: known,
    name: typeof name === 'string' ? name : '',
    value,
    problem,
    lineOf: (path) => `${file}:${document.locate(path, 'key').line}`,
  };
}

function describeKind(kind: unknown): string {
  if (kind === undefined) return `is missing; use ${anyOf(KINDS)}`;
  if (typeof kind !== 'string') return `is no kind of policy document; use ${anyOf(KINDS)}`;
  if (kind === TEST_KIND) {
    return `${TEST_KIND} is no part of a policy; move it to another file, outside of the directories of policies, and run it with policy test`;
  }
  return `"${printable(kind)}" is no kind of policy document; ${insteadOf(kind, KINDS)}`;
}

/** Names tell documents apart in messages and annotations, so each is unique within its kind. */
function duplicates(documents: readonly SourceDocument[]): readonly Problem[] {
  const first = new Map<string, SourceDocument>();
  const problems: Problem[] = [];
  for (const document of documents) {
    const { kind, name } = document;
    const other = first.get(`${kind}/${name}`);
    if (name === '') continue;
    if (other === undefined) {
      first.set(`${kind}/${name}`, document);
      continue;
    }
    const message = `${printable(name)} is already the name of the ${kind} at ${other.lineOf(NAME)}; rename one of them`;
    problems.push(document.problem({ path: NAME, part: 'value', message }));
  }
  return problems;
}

function pathText(path: Path): string {
  return formatPath(path.map((step) => (typeof step === 'string' ? printable(step) : step)));
}
