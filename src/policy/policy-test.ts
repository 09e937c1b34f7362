import { z } from 'zod';
import { ENFORCEMENTS } from '../domain/finding.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { formatPath, type Path } from '../domain/path.ts';
import { printable } from '../domain/text.ts';
import type { Rule } from '../rules/define.ts';
import { oneLine } from '../rules/one-line.ts';
import { POLICY_YAML } from '../wire/yaml-dialects.ts';
import { readYamlDocuments, type YamlDocument } from '../wire/yaml-documents.ts';
import type { SourceText } from './documents.ts';
import { envelope, TEST_KIND } from './envelope.ts';
import { parseWith, type Remark } from './issues.ts';
import type { Problem } from './problem.ts';
import { ruleNames } from './rule-names.ts';

/** A PolicyTest document, checked, with the way back to its lines. */
export interface PolicyTest {
  readonly file: string;
  readonly name: string;
  /** Files and directories, relative to that of the test; undefined: it leaves the choice to the command. */
  readonly policies: readonly string[] | undefined;
  readonly inventory: readonly Manifest[];
  readonly tests: readonly TestCase[];
  problem(remark: Remark): Problem;
}

/** Written out in the test, or a file, relative to that of the test. */
export type Manifest = string | JsonObject;

export interface TestCase {
  readonly name: string;
  readonly line: number;
  /** Its place in the document. */
  readonly path: Path;
  readonly object: Manifest;
  readonly oldObject: Manifest | undefined;
  readonly inventory: readonly Manifest[];
  readonly namespace: string;
  /** undefined: as a request, or, for what no webhook is asked about, as a file. */
  readonly as: 'request' | 'file' | 'cluster' | undefined;
  readonly user: { readonly username: string; readonly groups: readonly string[] } | undefined;
  /** undefined: the day on which the test runs. */
  readonly now: Date | undefined;
  readonly expect: Expectation;
}

/** What is absent is not compared. Lists are complete; their order does not matter. */
export interface Expectation {
  readonly allowed?: boolean | undefined;
  readonly findings?: readonly ExpectedFinding[] | undefined;
  readonly assigned?: readonly ExpectedPort[] | undefined;
  /** Names of rules. */
  readonly undetermined?: readonly string[] | undefined;
}

export interface ExpectedFinding {
  readonly rule: string;
  readonly enforcement?: string | undefined;
  readonly field?: string | undefined;
  /** A part of it. */
  readonly message?: string | undefined;
}

export interface ExpectedPort {
  readonly port: string;
  readonly protocol?: string | undefined;
  readonly nodePort?: number | undefined;
  readonly pool?: string | undefined;
  readonly because?: string | undefined;
}

export interface ReadTests {
  readonly tests: readonly PolicyTest[];
  readonly problems: readonly Problem[];
}

/** Every PolicyTest of the text; any other document is a problem. */
export function readPolicyTests({ file, text }: SourceText, registry: readonly Rule[]): ReadTests {
  const { documents, problems } = readYamlDocuments(text, POLICY_YAML);
  const schema = policyTestSchema(registry);
  const read = documents.map((document) => readTest(document, file, schema));
  return {
    tests: read.flatMap(({ tests }) => tests),
    problems: [
      ...problems.map(({ path, ...rest }) => ({ ...rest, file, path: formatPath(path) })),
      ...read.flatMap((each) => each.problems),
    ],
  };
}

function readTest(document: YamlDocument, file: string, schema: ReturnType<typeof policyTestSchema>): ReadTests {
  const { value, locate } = document;
  const problem = ({ path, part, message }: Remark): Problem => {
    const field = formatPath(path.map((step) => (typeof step === 'string' ? printable(step) : step)));
    return { file, ...locate(path, part), path: field, message };
  };
  if (!isJsonObject(value) || value['kind'] !== TEST_KIND) {
    const path = isJsonObject(value) ? ['kind'] : [];
    const message = `this is no ${TEST_KIND}; write kind: ${TEST_KIND}, and other documents into other files`;
    return { tests: [], problems: [problem({ path, part: 'value', message })] };
  }
  const parsed = parseWith(schema, value);
  if (!parsed.ok) return { tests: [], problems: parsed.remarks.map(problem) };
  const { metadata, spec } = parsed.value;
  const tests = spec.tests.map((test, index): TestCase => {
    const path = ['spec', 'tests', index];
    const { now = spec.now, namespace = 'default', inventory = [], as, user, oldObject } = test;
    const given = { object: test.object, oldObject, inventory, namespace, as, user, now };
    return { name: test.name, line: locate(path, 'value').line, path, ...given, expect: test.expect };
  });
  const { policies, inventory = [] } = spec;
  return { tests: [{ file, name: metadata.name, policies, inventory, tests, problem }], problems: [] };
}

const MANIFEST_FORM = 'write the object, or the path of a file';
const NOW_FORM = 'write a day or a moment in UTC, as in 2027-03-31 or 2027-03-31T12:00:00Z';
const EXPECT_FORM = 'is empty; expect at least one of allowed, findings, assigned and undetermined';

const path = z.string().min(1, { error: 'write the path of a file' });
const jsonObject = z.custom<JsonObject>(isJsonObject);
const manifest = z.union([path, jsonObject], { error: MANIFEST_FORM });

const moment = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$/, { error: NOW_FORM, abort: true })
  .refine(isInCalendar, { error: ({ input }) => `${String(input)} is not in the calendar; ${NOW_FORM}` })
  .transform((text) => new Date(text));

/** 2027-02-30 would become a day of March. */
function isInCalendar(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.replace(/Z$/, ''));
}

function policyTestSchema(registry: readonly Rule[]) {
  const rule = ruleNames(registry, () => undefined);
  const finding = z.strictObject({
    rule,
    enforcement: z.enum(ENFORCEMENTS).optional(),
    field: z.string().optional(),
    message: z.string().optional(),
  });
  const port = z.strictObject({
    port: z.union([z.string(), z.int()], { error: 'write the name or number of the port' }).transform(String),
    protocol: z.string().optional(),
    nodePort: z.int().optional(),
    pool: z.string().optional(),
    because: z.string().optional(),
  });
  const expect = z
    .strictObject({
      allowed: z.boolean().optional(),
      findings: z.array(finding).optional(),
      assigned: z.array(port).optional(),
      undetermined: z.array(rule).optional(),
    })
    .refine((keys) => Object.values(keys).some((value) => value !== undefined), { error: EXPECT_FORM });
  const test = z.strictObject({
    name: oneLine(200).min(1, { error: 'write what the test shows' }),
    object: manifest,
    oldObject: manifest.optional(),
    inventory: z.array(manifest).optional(),
    namespace: z.string().optional(),
    as: z.enum(['request', 'file', 'cluster']).optional(),
    user: z.strictObject({ username: z.string(), groups: z.array(z.string()).default([]) }).optional(),
    now: moment.optional(),
    expect,
  });
  return envelope(
    TEST_KIND,
    z.strictObject({
      policies: z.array(path).min(1, { error: 'leave the key out, or list at least one' }).optional(),
      inventory: z.array(manifest).optional(),
      now: moment.optional(),
      tests: z.array(test).min(1, { error: 'write at least one test' }),
    }),
  );
}
