import { isJsonObject, own } from '../../domain/json.ts';
import { parsePath, valueAt } from '../../domain/path.ts';
import type { VerdictList } from '../../report/verdict-list.ts';
import { placeOf } from './written-objects.ts';
import { documentsIn, readYamlTree, type Span } from './yaml-tree.ts';

/** What came back for a text. */
export type GateAnswer =
  | { readonly kind: 'verdicts'; readonly list: VerdictList }
  /** The gate cannot judge this text; in its own words. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** No gate, or something that is none. */
  | { readonly kind: 'silent'; readonly message: string };

export function readAnswer(status: number, body: string): GateAnswer {
  const answer = parseJson(body);
  if (isVerdictList(answer)) return { kind: 'verdicts', list: answer };
  const [code, message] = ['code', 'message'].map((key) => valueAt(answer, ['error', key]));
  if (typeof message !== 'string') return { kind: 'silent', message: `status ${status} is no verdict` };
  // What is wrong with the question is a 4xx; a gate that has no policy, or is too busy, may answer soon.
  return status < 500 ? { kind: 'refused', code: String(code), message } : { kind: 'silent', message };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The gate that serves this page writes it, so its kind says what is in it. */
function isVerdictList(answer: unknown): answer is VerdictList {
  return isJsonObject(answer) && own(answer, 'kind') === 'VerdictList' && Array.isArray(own(answer, 'items'));
}

/** `line 3, column 5: …`, `document 2.spec.ports[0].port: …`, `items[3].kind: …` or `spec.type: …`. */
const PLACE = /^(?:line (?<line>\d+), column (?<column>\d+)|(?:document (?<document>\d+)\.?)?(?<field>[\w[\]./-]*)): /;

/** Where the first mistake in the text is that the gate names, if it says so. */
export function placeOfRefusal(
  text: string,
  { code, message }: Extract<GateAnswer, { kind: 'refused' }>,
): Span | undefined {
  if (code !== 'invalid-manifest') return undefined;
  const { line, column, document = '1', field } = PLACE.exec(message)?.groups ?? {};
  if (line !== undefined && column !== undefined) return placeAt(text, Number(line), Number(column));
  if (field === undefined) return undefined;
  return placeInDocument(text, Number(document), field);
}

/** Up to the end of the line, so that there is something to see. */
function placeAt(text: string, line: number, column: number): Span | undefined {
  const lines = text.split('\n');
  const written = lines[line - 1];
  if (written === undefined) return undefined;
  const start = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, 0);
  return { from: start + Math.min(column - 1, written.length), to: start + written.length };
}

function placeInDocument(text: string, document: number, field: string): Span | undefined {
  const tree = readYamlTree(text);
  const root = documentsIn(tree)[document - 1];
  return root === undefined ? undefined : placeOf({ tree, root, kind: '' }, parsePath(field));
}
