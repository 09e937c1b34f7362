import { z } from 'zod';
import { isJsonObject } from '../domain/json.ts';
import { type Path, valueAt } from '../domain/path.ts';
import { anyOf, printable } from '../domain/text.ts';
import { insteadOf } from './did-you-mean.ts';

/** What a schema found, in the project's own words, not yet placed in a file. */
export interface Remark {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** Between the remarks about several unknown keys, which zod reports as one issue. */
const SEPARATOR = '\n';

/** A message of a schema that has no `; ` is advice only: what is wrong is then said here. */
const WHAT_AND_ADVICE = '; ';

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly remarks: readonly Remark[] };

/** Parses with the wording of this file, except where a schema brings its own. Paths start with `at`. */
export function parseWith<Value>(schema: z.ZodType<Value>, input: unknown, at: Path = []): Parsed<Value> {
  const result = schema.safeParse(input, { error: describe, jitless: true });
  if (result.success) return { ok: true, value: result.data };
  const remarks = result.error.issues.flatMap((issue) => remarksOn(issue, input));
  return { ok: false, remarks: remarks.map((remark) => ({ ...remark, path: [...at, ...remark.path] })) };
}

function remarksOn(issue: z.core.$ZodIssue, input: unknown): readonly Remark[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split(SEPARATOR);
    return issue.keys.map((key, index) => ({ path: [...path, key], part: 'key', message: messages[index] ?? '' }));
  }
  if (issue.code === 'invalid_key') {
    const [first = issue] = issue.issues;
    return [{ path, part: 'key', message: withValue(first.message, path.at(-1)) }];
  }
  const value = valueAt(input, path);
  if (issue.code === 'invalid_union') {
    const fitting = issue.errors.find((issues) => issues.every(isInside));
    if (fitting !== undefined) {
      return fitting.flatMap((each) => remarksOn({ ...each, path: [...issue.path, ...each.path] }, input));
    }
  }
  return [{ path, part: 'value', message: withValue(issue.message, value) }];
}

/** A remark about a part: the value as a whole is what this branch of a union wants. */
function isInside({ code, path }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'unrecognized_keys';
}

function withValue(message: string, value: unknown): string {
  if (message.includes(WHAT_AND_ADVICE)) return message;
  return value === undefined ? `is missing; ${message}` : `${shown(value)} is not allowed; ${message}`;
}

/** The wording, for zod's per-parse `error`: messages given in a schema take precedence over it. */
function describe(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `is unknown; ${insteadOf(key, keysOf(issue.inst))}`).join(SEPARATOR);
    case 'invalid_type':
      return describeType(issue.expected, input);
    case 'invalid_value':
      return withValue(`use ${anyOf(issue.values.map(String))}`, input);
    case 'too_small':
      return describeBound(issue.origin, input, `at least ${issue.minimum}`);
    case 'too_big':
      return describeBound(issue.origin, input, `at most ${issue.maximum}`);
    case 'invalid_union':
      return describeUnion(issue.errors, input);
    case 'invalid_format':
      return withValue(`write it in the form ${issue.format}`, input);
    default:
      return withValue('see the reference of its options', input);
  }
}

function keysOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function describeType(expected: string, input: unknown): string {
  const wanted = TYPE_WORDS[expected] ?? expected;
  if (input === undefined) return `is missing; write ${wanted}`;
  if (input === null) return `is empty; write ${wanted}`;
  if (Array.isArray(input)) return `is a list; write ${wanted}`;
  if (typeof input === 'object') return `is a mapping; write ${wanted}`;
  const quotes = expected === 'string' ? ', in quotes' : '';
  return `${shown(input)} is ${scalarType(input, expected)}; write ${wanted}${quotes}`;
}

function scalarType(input: unknown, expected: string): string {
  if (typeof input === 'string') return 'text';
  if (typeof input === 'boolean') return 'true or false';
  if (expected === 'int') return 'not a whole number';
  return expected === 'number' ? 'endless' : 'a number';
}

function describeBound(origin: string, input: unknown, bound: string): string {
  if (Array.isArray(input)) return `the list has ${input.length} items; give it ${bound}`;
  if (origin === 'string') return withValue(`write ${bound} characters`, input);
  return withValue(`use ${bound}`, input);
}

function describeUnion(errors: readonly (readonly z.core.$ZodIssue[])[], input: unknown): string {
  const advice = errors
    .flatMap((issues) => issues.filter(({ path }) => path.length === 0))
    .map(({ message }) => (message.split(WHAT_AND_ADVICE).at(-1) ?? '').replace(/^(write|use) /, ''));
  return withValue(`use ${anyOf([...new Set(advice)])}`, input);
}

/** A value as a message quotes it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value)}"`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'a list';
  return isJsonObject(value) ? 'a mapping' : String(value);
}
