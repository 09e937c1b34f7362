import type { Fix } from '../domain/finding.ts';
import type { Path } from '../domain/path.ts';
import { placesIn } from '../wire/line-places.ts';
import { MANIFEST_YAML } from '../wire/yaml-dialects.ts';
import { editDocument, refusal, type Wish } from './edit-document.ts';
import { readWritten, type WrittenDocument } from './written-document.ts';

export interface Edit {
  /** The YAML or JSON document in the file: offsets of its text, and the way to the object in it. */
  readonly extent: { readonly start: number; readonly end: number; readonly root: Path };
  /** Paths from the object. */
  readonly fixes: readonly Fix[];
}

/** Why it was not done, and what to do by hand. The place is one of the text as it was. */
export interface Refusal {
  readonly edit: Edit;
  readonly path: Path;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Edited {
  readonly text: string;
  /** What was changed, in the order of the edits; what already was as it is to be is in neither list. */
  readonly done: readonly { readonly edit: Edit; readonly fix: Fix }[];
  readonly refusals: readonly Refusal[];
}

interface Asked extends Wish {
  readonly order: number;
  readonly edit: Edit;
  readonly fix: Fix;
}

interface Refused {
  readonly wish: Asked;
  readonly offset: number;
  readonly message: string;
}

/**
 * Writes the fixes into the text of a file, each by changing only the lines it must, so that comments and style stay. A fix that cannot be written without guessing is refused, and the others are still done. On its own result it
 * changes nothing.
 */
export function applyFixes(text: string, edits: readonly Edit[]): Edited {
  const parts: string[] = [];
  const done: Asked[] = [];
  const refused: Refused[] = [];
  let rest = 0;
  for (const { start, end, wishes } of documentsOf(text, edits)) {
    if (start < rest) throw new RangeError(`documents overlap at ${start}`);
    const edited = editText(text.slice(start, end), wishes);
    parts.push(text.slice(rest, start), edited.text);
    done.push(...edited.done);
    refused.push(...edited.refused.map((each) => ({ ...each, offset: each.offset + start })));
    rest = end;
  }
  return {
    text: parts.join('') + text.slice(rest),
    done: inOrder(done, (wish) => wish).map(({ edit, fix }) => ({ edit, fix })),
    refusals: placed(
      text,
      inOrder(refused, ({ wish }) => wish),
    ),
  };
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly wishes: Asked[];
}

/** The edits of each document together, in the order of the text: a List has one for each of its items. */
function documentsOf(text: string, edits: readonly Edit[]): readonly Part[] {
  const documents = new Map<string, Part>();
  let order = 0;
  for (const edit of edits) {
    const { end, root } = edit.extent;
    const start = Math.max(edit.extent.start, text.startsWith('\uFEFF') ? 1 : 0);
    const document = documents.get(`${start}-${end}`) ?? { start, end, wishes: [] };
    documents.set(`${start}-${end}`, document);
    for (const fix of edit.fixes) {
      document.wishes.push({ path: [...root, ...fix.path], value: fix.value, order: order++, edit, fix });
    }
  }
  return [...documents.values()].toSorted((a, b) => a.start - b.start);
}

interface EditedText {
  readonly text: string;
  readonly done: readonly Asked[];
  readonly refused: readonly Refused[];
}

function editText(text: string, wishes: readonly Asked[]): EditedText {
  const before = readWritten(text);
  const obstacle = templateIn(text) ?? (before.ok ? hiddenLineEnd(before.value) : undefined);
  if (obstacle !== undefined) {
    const { offset, reason } = obstacle;
    return { text, done: [], refused: wishes.map((wish) => ({ wish, offset, message: refusal(reason, wish) })) };
  }
  if (!before.ok) {
    const refused = before.problems.flatMap((problem) => wishes.map((wish) => ({ ...problem, wish })));
    return { text, done: [], refused };
  }
  const { document, done, refused } = editDocument(before.value, wishes);
  const located = refused.map((each) => ({ ...each, offset: before.value.offsetOf(each.wish.path) }));
  return { text: document.text, done, refused: located };
}

interface Obstacle {
  readonly offset: number;
  readonly reason: string;
}

/** What is to be written depends on what the template is rendered with. */
function templateIn(text: string): Obstacle | undefined {
  const offset = text.indexOf('{{');
  return offset < 0 ? undefined : { offset, reason: 'the document has a template ({{) in it' };
}

function hiddenLineEnd({ text, isJson }: WrittenDocument): Obstacle | undefined {
  const offset =
    isJson || MANIFEST_YAML.lineBreaks === undefined ? -1 : text.trimEnd().search(MANIFEST_YAML.lineBreaks);
  if (offset < 0) return undefined;
  return { offset, reason: 'a line ends here with what editors do not show (U+2028, U+2029, U+0085 or a lone CR)' };
}

function inOrder<Item>(items: readonly Item[], wishOf: (item: Item) => Asked): readonly Item[] {
  return items.toSorted((a, b) => wishOf(a).order - wishOf(b).order);
}

function placed(text: string, refused: readonly Refused[]): readonly Refusal[] {
  // A byte order mark is not a part of the first line.
  const skipped = text.startsWith('\uFEFF') ? 1 : 0;
  const place = placesIn(text.slice(skipped));
  return refused.map(({ wish: { edit, fix }, offset, message }) => {
    return { edit, path: fix.path, ...place(offset - skipped), message };
  });
}
