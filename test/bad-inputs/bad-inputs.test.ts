import { describe, expect, it } from 'vitest';
import { BROKEN_YAML } from './broken-yaml.ts';
import { DOCUMENTS } from './documents.ts';
import { ENCODINGS } from './encodings.ts';
import { FIELDS } from './fields.ts';
import { FLAGS } from './flags.ts';
import { JSON_FILES } from './json-files.ts';
import { NUMBERS } from './numbers.ts';
import { OBJECTS } from './objects.ts';
import { PATHS } from './paths.ts';
import { runSituation } from './run-situation.ts';
import { SETTINGS } from './settings.ts';
import { TEMPLATES } from './templates.ts';

/** What terminals obey or do not show, besides the end of a line. */
const UNSEEN =
  /[\0-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;
const LONGEST_MS = 5000;

/** The line of the human report. */
function asPrinted(problem: string): string {
  return problem.replace(': ', '  error  ').replaceAll('\n', String.raw`\u000a`);
}

describe.each([
  ['broken YAML', BROKEN_YAML],
  ['encodings', ENCODINGS],
  ['numbers', NUMBERS],
  ['fields', FIELDS],
  ['objects', OBJECTS],
  ['JSON', JSON_FILES],
  ['templates and other files', TEMPLATES],
  ['documents', DOCUMENTS],
  ['paths', PATHS],
  ['policy, inventory, baseline', SETTINGS],
  ['flags', FLAGS],
])('check on %s', (_, situations) => {
  it.each(situations.map((situation) => [situation.name, situation] as const))(
    '%s',
    async (__, situation) => {
      const { outcome, text } = await runSituation(situation);
      expect(outcome).toEqual(situation.gives);
      expect(text.code).toBe(outcome.code);
      // People see each problem in one line, harmless to their terminal.
      expect(UNSEEN.exec(text.out + text.err)).toBeNull();
      for (const problem of outcome.problems) {
        if (!UNSEEN.test(problem)) expect(text.out).toContain(asPrinted(problem));
      }
    },
    LONGEST_MS,
  );
});

it('is a corpus of at least 200 situations with names of their own', () => {
  const all = [
    BROKEN_YAML,
    ENCODINGS,
    NUMBERS,
    FIELDS,
    OBJECTS,
    JSON_FILES,
    TEMPLATES,
    DOCUMENTS,
    PATHS,
    SETTINGS,
    FLAGS,
  ];
  const names = all.map((situations) => situations.map(({ name }) => name));
  expect(names.flat().length).toBeGreaterThan(200);
  expect(names.map((each) => new Set(each).size)).toEqual(names.map((each) => each.length));
});
