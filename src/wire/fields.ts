import type { JsonObject } from '../domain/json.ts';
import { isJsonObject, own } from '../domain/json.ts';
import { escaped, printable } from '../domain/text.ts';
import { found, MOST_PROBLEMS, type WireProblem } from './problem.ts';

/**
 * A reading in progress. It remembers where it stands as three parts, so that a path is put together only when there is
 * something to complain about: these readers run for every admission request.
 */
export interface Reading {
  /** Path of the object that is read, e.g. `request.object`. */
  readonly root: string;
  /** The part of it whose fields are read now, e.g. `spec.ports`. */
  parent: string;
  /** Position in `parent` where that is a list. */
  index: number | undefined;
  readonly problems: WireProblem[];
}

const NO_FIELDS: JsonObject = Object.freeze({});
const NO_TEXTS: readonly string[] = Object.freeze([]);
const NO_TEXT_MAP: Readonly<Record<string, string>> = Object.freeze({});

const LONGEST_KEY = 317;
const INT32_MAX = 2_147_483_647;
const INT32_MIN = -2_147_483_648;

export function startReading(root: string): Reading {
  return { root, parent: '', index: undefined, problems: [] };
}

/** Go reads null and an absent field alike: both are the zero value. */
export function isUnset(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

export function textField(reading: Reading, object: JsonObject, key: string): string {
  const value = own(object, key);
  if (typeof value === 'string') return value;
  if (!isUnset(value)) complain(reading, key, `${found(value)}; write a string`);
  return '';
}

/** undefined when unset, so that the caller can apply the API server's default. */
export function booleanField(reading: Reading, object: JsonObject, key: string): boolean | undefined {
  const value = own(object, key);
  if (typeof value === 'boolean') return value;
  if (!isUnset(value)) complain(reading, key, `${found(value)}; write true or false`);
  return undefined;
}

/** An int32; negative numbers are legal where the API server does not check them. 0 when unset. */
export function int32Field(reading: Reading, object: JsonObject, key: string): number {
  const value = own(object, key);
  if (isUnset(value)) return 0;
  if (typeof value !== 'number') complain(reading, key, `${found(value)}; write a whole number`);
  else if (value > INT32_MAX || value < INT32_MIN) {
    complain(reading, key, `${value} does not fit into 32 bits; write a number from ${INT32_MIN} to ${INT32_MAX}`);
  } else if (!Number.isInteger(value)) complain(reading, key, `${value} is not whole; write a whole number`);
  else return value;
  return 0;
}

export function objectField(reading: Reading, object: JsonObject, key: string): JsonObject {
  const value = own(object, key);
  if (isJsonObject(value)) return value;
  if (!isUnset(value)) complain(reading, key, `${found(value)}; write an object`);
  return NO_FIELDS;
}

export function textListField(reading: Reading, object: JsonObject, key: string): readonly string[] {
  const value = own(object, key);
  if (isUnset(value)) return NO_TEXTS;
  if (!Array.isArray(value)) {
    complain(reading, key, `${found(value)}; write a list of strings`);
    return NO_TEXTS;
  }
  if (value.every(isText)) return value;
  value.forEach((item: unknown, index) => {
    if (typeof item !== 'string') complain(reading, `${key}[${index}]`, `${found(item)}; write a string`);
  });
  return NO_TEXTS;
}

/** Labels or annotations. The object itself when it is in order, so nothing is copied. */
export function textMapField(reading: Reading, object: JsonObject, key: string): Readonly<Record<string, string>> {
  const value = own(object, key);
  if (isUnset(value)) return NO_TEXT_MAP;
  if (!isJsonObject(value)) {
    complain(reading, key, `${found(value)}; write keys with strings`);
    return NO_TEXT_MAP;
  }
  if (isTextMap(value)) return value;
  const texts: [string, string][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (isUnset(item)) texts.push([name, '']);
    else if (typeof item === 'string') texts.push([name, item]);
    else complain(reading, `${key}[${shownKey(name)}]`, `${found(item)}; put it in quotes to make it a string`);
  }
  return Object.fromEntries(texts);
}

/** Whole as long as Kubernetes would take it (a prefix of 253 characters, a name of 63), so that its line is found again. */
function shownKey(name: string): string {
  return name.length > LONGEST_KEY ? printable(name) : escaped(name);
}

export function complain(reading: Reading, key: string, message: string): void {
  if (reading.problems.length < MOST_PROBLEMS) reading.problems.push({ path: pathTo(reading, key), message });
}

function pathTo({ root, parent, index }: Reading, key: string): string {
  const place = index === undefined ? parent : `${parent}[${index}]`;
  return [root, place, key].filter((part) => part !== '').join('.');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextMap(object: JsonObject): object is Readonly<Record<string, string>> {
  for (const key of Object.keys(object)) if (typeof object[key] !== 'string') return false;
  return true;
}
