/** The names of an object; one that is empty is none, as in a VerdictList it would not be there. */
interface KeyedObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly generateName?: string;
}

interface KeyedFinding {
  readonly rule: string;
  readonly field: string;
  readonly value?: unknown;
}

const LONGEST_VALUE = 1000;

/**
 * What a finding is, wherever it stands: it outlives moved lines, renamed files and reworded messages, so that baselines and
 * code scanning know it again. `node-port-range Service shop/web spec.ports[].nodePort 29999`. A port keeps its number when
 * its place in the list changes; anything else in a list is told apart by its place. No two different findings get the same
 * key, whatever the names are, except where a value is longer than any honest one; for several equal ones see `numbered`.
 */
export function findingKey(object: KeyedObject, { rule, field, value }: KeyedFinding): string {
  const isAboutPort = typeof value === 'number' && /[pP]ort$/.test(field);
  const place = isAboutPort ? field.replaceAll(/\[\d+\]/g, '[]') : field;
  const parts = [word(rule), word(object.kind), nameOf(object), isPlainField(place) ? place : JSON.stringify(place)];
  return value === undefined ? parts.join(' ') : [...parts, valueText(value)].join(' ');
}

/** Equal keys get ` #2`, ` #3`, … in their order, so that each is there once. */
export function numbered(keys: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return keys.map((key) => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key} #${count}`;
  });
}

function nameOf({ namespace, name, generateName }: KeyedObject): string {
  const last = isSaid(name) ? word(name) : `${word(generateName ?? '')}*`;
  return isSaid(namespace) ? `${word(namespace)}/${last}` : last;
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

/** Quoted when it has anything that separates the parts of a key. */
function word(text: string): string {
  return /^[A-Za-z0-9._-]+$/.test(text) ? text : JSON.stringify(text);
}

function isPlainField(field: string): boolean {
  return /^[A-Za-z0-9._/[\]-]+$/.test(field);
}

function valueText(value: unknown): string {
  // undefined for what JSON does not have, which no manifest holds.
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined || json.length <= LONGEST_VALUE) return json ?? '';
  return `${json.slice(0, LONGEST_VALUE)}…(${json.length})`;
}
