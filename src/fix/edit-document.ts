import type { Fix } from '../domain/finding.ts';
import { isJsonObject, type Json, own, sameJson } from '../domain/json.ts';
import { formatPath, type Path, valueAt } from '../domain/path.ts';
import { printable } from '../domain/text.ts';
import { planFix } from './plan-fix.ts';
import { scalarText } from './scalar-text.ts';
import { type Splice, spliced } from './splice.ts';
import { readWritten, type WrittenDocument } from './written-document.ts';

/** One field of the document that is to have a value, or not to be there. */
export interface Wish {
  /** From the root of the document. */
  readonly path: Path;
  readonly value: Fix['value'];
}

export interface EditedDocument<Asked extends Wish> {
  readonly document: WrittenDocument;
  readonly done: readonly Asked[];
  readonly refused: readonly { readonly wish: Asked; readonly message: string }[];
}

/** So often may edits of one document turn out not to read back, which is rare; each time costs reading it again. */
const MOST_FAILURES = 40;

interface Budget {
  failures: number;
}

interface Planned<Asked> {
  readonly wish: Asked;
  readonly splice: Splice;
}

/**
 * Fulfils the wishes that can be, each only if the document then reads exactly as it did, but for that field. What was
 * refused is tried again once the others are done, which may have made room; so doing it all once more changes nothing.
 */
export function editDocument<Asked extends Wish>(
  document: WrittenDocument,
  wishes: readonly Asked[],
): EditedDocument<Asked> {
  const budget = { failures: MOST_FAILURES };
  let edited = attempt(document, wishes, budget);
  for (let open = true; open && edited.refused.length > 0;) {
    const { document: so, done } = edited;
    const refused = edited.refused.map(({ wish }) => wish);
    const again = attempt(so, refused, budget);
    open = again.done.length > 0;
    edited = { ...again, done: [...done, ...again.done] };
  }
  return edited;
}

/** Wishes whose places touch wait for the next round, because the text is another one by then. */
function attempt<Asked extends Wish>(
  document: WrittenDocument,
  wishes: readonly Asked[],
  budget: Budget,
): EditedDocument<Asked> {
  const open = wishes.filter(({ path, value }) => valueAt(document.value, path) !== value);
  if (open.length === 0) return { document, done: [], refused: [] };
  const { ready, later, refused } = planRound(document, open);
  const tried = ready.map(({ wish }) => wish);
  const edited = tried.length === 0 ? document : apply(document, ready);
  if (edited !== undefined) return joined({ document: edited, done: tried, refused }, later, budget);
  budget.failures -= 1;
  if (tried.length === 1 || budget.failures <= 0) {
    const reason = 'an edit here would not read back as intended';
    const doubts = tried.map((wish) => ({ wish, message: refusal(reason, wish) }));
    return joined({ document, done: [], refused: [...refused, ...doubts] }, later, budget);
  }
  // One of them spoils it: the halves are tried one after the other.
  const half = Math.ceil(tried.length / 2);
  const first = attempt(document, tried.slice(0, half), budget);
  return joined({ ...first, refused: [...refused, ...first.refused] }, [...tried.slice(half), ...later], budget);
}

function joined<Asked extends Wish>(
  so: EditedDocument<Asked>,
  rest: readonly Asked[],
  budget: Budget,
): EditedDocument<Asked> {
  if (rest.length === 0) return so;
  const { document, done, refused } = attempt(so.document, rest, budget);
  return { document, done: [...so.done, ...done], refused: [...so.refused, ...refused] };
}

interface Round<Asked extends Wish> {
  /** In the order of the text. */
  readonly ready: readonly Planned<Asked>[];
  readonly later: readonly Asked[];
  readonly refused: EditedDocument<Asked>['refused'];
}

function planRound<Asked extends Wish>(document: WrittenDocument, wishes: readonly Asked[]): Round<Asked> {
  const planned: Planned<Asked>[] = [];
  const refused: { readonly wish: Asked; readonly message: string }[] = [];
  for (const wish of wishes) {
    const plan = planFix(document, wish.path, wish.value);
    if (plan.ok) planned.push({ wish, splice: plan.value });
    else refused.push({ wish, message: refusal(plan.problems.join(', '), wish) });
  }
  return { ...apart(planned), refused };
}

function apart<Asked extends Wish>(planned: readonly Planned<Asked>[]): Pick<Round<Asked>, 'ready' | 'later'> {
  const ready: Planned<Asked>[] = [];
  const later: Asked[] = [];
  let free = -1;
  for (const each of planned.toSorted((a, b) => a.splice.start - b.splice.start)) {
    if (each.splice.start <= free) {
      later.push(each.wish);
    } else {
      ready.push(each);
      free = each.splice.end;
    }
  }
  return { ready, later };
}

/** undefined unless the result is read as what was wanted, and nothing else. */
function apply(document: WrittenDocument, planned: readonly Planned<Wish>[]): WrittenDocument | undefined {
  const splices = planned.map(({ splice }) => splice);
  const after = readWritten(spliced(document.text, splices));
  if (!after.ok || after.value.isJson !== document.isJson) return undefined;
  let wanted: Json = document.value;
  for (const { wish } of planned) wanted = withValue(wanted, wish.path, wish.value);
  return sameJson(after.value.value, wanted) ? after.value : undefined;
}

function withValue(root: Json, path: Path, value: Fix['value']): Json {
  const [step, ...rest] = path;
  if (Array.isArray(root)) {
    return root.map((item: Json, index) => (index === step ? inner(item, rest, value) : item));
  }
  if (!isJsonObject(root) || typeof step !== 'string') return root;
  if (rest.length > 0 || value !== undefined) return { ...root, [step]: inner(own(root, step), rest, value) };
  return Object.fromEntries(Object.entries(root).filter(([key]) => key !== step));
}

function inner(value: Json | undefined, path: Path, wanted: Fix['value']): Json {
  return path.length === 0 ? (wanted ?? null) : withValue(value ?? null, path, wanted);
}

/** Says what a person would have to do instead. */
export function refusal(reason: string, { path, value }: Wish): string {
  if (value === undefined) return `${reason}; take it out by hand`;
  const name = path.at(-1);
  const field = typeof name === 'string' ? `${printable(name)}: ` : `${formatPath(path)} as `;
  return `${reason}; write ${field}${printable(scalarText(value, 'none'))} by hand`;
}
