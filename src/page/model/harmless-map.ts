import { escaped } from '../../domain/text.ts';
import type { PortMap } from '../../report/port-map.ts';

/** Whether it is a map at all; its shape is the gate's own. */
export function isPortMap(value: unknown): value is PortMap {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'PortMap';
}

/**
 * The map with every text of it as it may be shown: control characters and those that turn the direction of a line are
 * spelled out. Names, annotations and messages are hostile; done here, no view can forget it.
 */
export function harmlessMap(map: PortMap): PortMap {
  return harmless(map);
}

/** Of these, nothing has to be spelled out; a large map has a hundred thousand such texts. */
const PLAIN = /^[ -~]*$/;

function harmless<Value>(value: Value): Value;
function harmless(value: unknown): unknown {
  if (typeof value === 'string') return PLAIN.test(value) ? value : escaped(value);
  if (Array.isArray(value)) return harmlessList(value);
  return typeof value === 'object' && value !== null ? harmlessObject(value) : value;
}

/** What needs no change is not copied: nearly always that is all of it. */
function harmlessList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const shown = harmless(item);
    if (shown !== item) (copy ??= [...list])[index] = shown;
  }
  return copy ?? list;
}

function harmlessObject(object: object): object {
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(object)) {
    const shown: unknown = harmless(item);
    if (shown !== item) (copy ??= { ...object })[key] = shown;
  }
  return copy ?? object;
}
