import { isJsonObject, type Json } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import type { Span } from './line-places.ts';

/** Where something stands that is in a mapping or list. */
export interface Place {
  /** Its key; of an item of a list, itself. */
  readonly label: Span;
  readonly value: Span;
}

/** What is in each mapping and list. */
export type Places = Map<Json, Map<string | number, Place>>;

export function note(places: Places, parent: Json, step: string | number, place: Place): void {
  const known = places.get(parent);
  if (known === undefined) places.set(parent, new Map([[step, place]]));
  else known.set(step, place);
}

/** As `readYamlParts` does it: where the way ends early, the key of the last step that exists. */
export function placeAt(root: { readonly value: Json; readonly span: Span }, path: Path, places: Places): Place {
  let { value }: { readonly value: Json | undefined } = root;
  let place: Place = { label: root.span, value: root.span };
  for (const step of path) {
    const next: Place | undefined = value === undefined ? undefined : places.get(value)?.get(step);
    if (next === undefined) return { label: place.label, value: place.label };
    place = next;
    value = childOf(value, step);
  }
  return place;
}

function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (isJsonObject(value)) return value[step];
  return Array.isArray(value) && typeof step === 'number' ? value.at(step) : undefined;
}
