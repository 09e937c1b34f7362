import { isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { formatPath, type Path } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { printable } from '../domain/text.ts';
import { isKey } from './field-order.ts';
import { sharing, type WrittenDocument } from './written-document.ts';

/** What holds the field, and what is written there. */
export type Place =
  | { readonly in: 'mapping'; readonly mapping: YAMLMap; readonly key: string; readonly pair: Pair | undefined }
  | { readonly in: 'list'; readonly item: unknown };

/** Finds the field that the path leads to, or says why it must not be touched or cannot be there. */
export function placeOf(document: WrittenDocument, path: Path): Result<Place, string> {
  let node = document.contents;
  for (const [index, step] of path.slice(0, -1).entries()) {
    const obstacle = sharing(node, document.shared);
    if (obstacle !== undefined) return failed([`${named(path, index)} ${obstacle}`]);
    const next = stepInto(node, step);
    if (!next.ok) return failed([`${named(path, index + 1)} ${next.problems.join(' ')}`]);
    node = next.value;
  }
  const obstacle = sharing(node, document.shared);
  if (obstacle !== undefined) return failed([`${named(path, path.length - 1)} ${obstacle}`]);
  return lastStep(document, node, path);
}

function lastStep(document: WrittenDocument, parent: unknown, path: Path): Result<Place, string> {
  const step = path.at(-1);
  if (isSeq(parent) && typeof step === 'number' && step < parent.items.length) {
    return unshared(document, { in: 'list', item: parent.items[step] });
  }
  if (!isMap(parent) || typeof step !== 'string') return failed([`${named(path, path.length - 1)} is no mapping`]);
  const pair = parent.items.find((each) => isKey(each, step));
  return unshared(document, { in: 'mapping', mapping: parent, key: step, pair });
}

function unshared(document: WrittenDocument, place: Place): Result<Place, string> {
  const obstacle = sharing(place.in === 'list' ? place.item : place.pair?.value, document.shared);
  return obstacle === undefined ? ok(place) : failed([`this ${obstacle}`]);
}

function stepInto(parent: unknown, step: string | number): Result<unknown, string> {
  if (isSeq(parent)) return itemAt(parent, step);
  if (!isMap(parent) || typeof step !== 'string') return failed(['is not there']);
  const pair = parent.items.find((each) => isKey(each, step));
  if (pair !== undefined) return ok(pair.value);
  return failed([mergesIn(parent) ? 'is not written here, but may come in with <<' : 'is not there']);
}

function itemAt(list: YAMLSeq, step: string | number): Result<unknown, string> {
  return typeof step === 'number' && step < list.items.length ? ok(list.items[step]) : failed(['is not there']);
}

/** A merge key is read as a symbol. */
function mergesIn(mapping: YAMLMap): boolean {
  return mapping.items.some(({ key }) => isScalar(key) && typeof key.value === 'symbol');
}

function named(path: Path, length: number): string {
  return length === 0 ? 'the whole document' : printable(formatPath(path.slice(0, length)));
}
