import { dirname, join, relative, resolve } from 'node:path';
import { parsePath } from '../../domain/path.ts';
import { failed, ok, problemsOf, type Result } from '../../domain/result.ts';
import type { Policy } from '../../engine/policy.ts';
import { mismatches } from '../../policy/expectation.ts';
import { judgeTest, type TestObjects, type TestProblem } from '../../policy/judge-test.ts';
import { type Manifest, type PolicyTest, readPolicyTests, type TestCase } from '../../policy/policy-test.ts';
import { formatProblem } from '../../policy/problem.ts';
import { type TestResult, testReportText } from '../../report/test-report.ts';
import { rules } from '../../rules/index.ts';
import type { ManifestDocument } from '../../wire/manifest-objects.ts';
import { readManifests, servicesOf } from '../../wire/manifests.ts';
import { describeProblem, type WireProblem } from '../../wire/problem.ts';
import { type ChosenPolicy, loadChosenPolicy, SHIPPED_POLICY_HINT } from '../chosen-policy.ts';
import { complain } from '../complain.ts';
import type { ExitCode, Io } from '../io.ts';
import { policyPathsFor } from '../policy-discovery.ts';
import { readTestFiles, readText } from '../test-files.ts';

export interface TestFlags {
  readonly policy?: readonly string[];
}

const HERE = ['.'];

/** Runs expected-verdict tests. 1 when one of them fails, 2 when something could not be read: then not all of them ran. */
export async function testPolicy(paths: readonly string[], { policy }: TestFlags, io: Io): Promise<ExitCode> {
  const files = await readTestFiles(paths.length === 0 ? HERE : paths, io.cwd);
  const read = files.sources.map((source) => readPolicyTests(source, rules));
  const problems = [...files.problems, ...read.flatMap((each) => each.problems.map(formatProblem))];
  const remarks = new Set<string>();
  const results: TestResult[] = [];
  const choose = policyChooser(policy, io.cwd);
  for (const suite of read.flatMap(({ tests }) => tests)) {
    const chosen = await choose(suite);
    if (!chosen.ok) {
      problems.push(...chosen.problems);
      continue;
    }
    for (const remark of chosen.value.remarks) remarks.add(remark);
    const ran = runSuite(suite, chosen.value.policy, io);
    results.push(...ran.results);
    problems.push(...ran.problems);
  }
  complain(io, [...remarks, ...new Set(problems)]);
  if (results.length > 0) io.out.write(testReportText(results));
  if (problems.length > 0) return 2;
  return results.some((result) => result.mismatches.length > 0) ? 1 : 0;
}

/** Many suites go by one policy: it is read once. */
function policyChooser(
  given: readonly string[] | undefined,
  cwd: string,
): (suite: PolicyTest) => Promise<Result<ChosenPolicy, string>> {
  const known = new Map<string, Promise<Result<ChosenPolicy, string>>>();
  return async ({ file, policies }) => {
    const home = dirname(resolve(cwd, file));
    const { paths, isShipped } =
      given === undefined ? await policyPathsFor(policies, home) : { paths: given, isShipped: false };
    const named = given === undefined ? paths.map((path) => shortest(resolve(home, path), cwd)) : paths;
    const key = JSON.stringify(named);
    const loading = known.get(key) ?? loadChosenPolicy(named, cwd);
    known.set(key, loading);
    const loaded = await loading;
    if (!loaded.ok || !isShipped) return loaded;
    return ok({ ...loaded.value, remarks: [SHIPPED_POLICY_HINT, ...loaded.value.remarks] });
  };
}

function shortest(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere.startsWith('..') && fromHere.length >= path.length ? path : fromHere;
}

interface Ran {
  readonly results: readonly TestResult[];
  readonly problems: readonly string[];
}

function runSuite(suite: PolicyTest, policy: Policy, { cwd, now }: Io): Ran {
  const results: TestResult[] = [];
  const problems: string[] = [];
  const shared = readAll(suite.inventory, suite, ['spec', 'inventory'], cwd);
  if (!shared.ok) return { results, problems: shared.problems };
  for (const test of suite.tests) {
    const objects = readObjects(suite, test, shared.value, cwd);
    const outcome = objects.ok ? judgeTest(test, objects.value, policy, test.now ?? now()) : objects;
    if (outcome.ok) {
      const { file, name: suiteName } = suite;
      const found = mismatches(test.expect, outcome.value);
      results.push({ file, line: test.line, suite: suiteName, name: test.name, mismatches: found });
    } else {
      problems.push(...outcome.problems.map((problem) => placed(problem, suite, test)));
    }
  }
  return { results, problems };
}

function readObjects(
  suite: PolicyTest,
  test: TestCase,
  shared: readonly ManifestDocument[],
  cwd: string,
): Result<TestObjects, string> {
  const inventory = readAll(test.inventory, suite, [...test.path, 'inventory'], cwd);
  const object = readOne(test.object, suite, [...test.path, 'object'], cwd);
  const oldObject =
    test.oldObject === undefined ? ok(undefined) : readOne(test.oldObject, suite, [...test.path, 'oldObject'], cwd);
  if (inventory.ok && object.ok && oldObject.ok) {
    return ok({ object: object.value, oldObject: oldObject.value, inventory: [...shared, ...inventory.value] });
  }
  return failed([inventory, object, oldObject].flatMap(problemsOf));
}

function readOne(
  manifest: Manifest,
  suite: PolicyTest,
  at: TestCase['path'],
  cwd: string,
): Result<ManifestDocument, string> {
  const documents = readManifest(manifest, suite, at, cwd);
  if (!documents.ok) return documents;
  const [only] = documents.value;
  if (only !== undefined && documents.value.length === 1) return ok(only);
  const message = `${documents.value.length} objects are in it; a test is about one, put the others into inventory`;
  return failed([formatProblem(suite.problem({ path: at, part: 'value', message }))]);
}

function readAll(
  manifests: readonly Manifest[],
  suite: PolicyTest,
  at: TestCase['path'],
  cwd: string,
): Result<readonly ManifestDocument[], string> {
  const read = manifests.map((manifest, index) => readHolders(manifest, suite, [...at, index], cwd));
  const problems = read.flatMap(problemsOf);
  return problems.length > 0 ? failed(problems) : ok(read.flatMap((each) => (each.ok ? each.value : [])));
}

/** What is there already: its Services have to be readable, or what they hold would not count. */
function readHolders(
  manifest: Manifest,
  suite: PolicyTest,
  at: TestCase['path'],
  cwd: string,
): Result<readonly ManifestDocument[], string> {
  const documents = readManifest(manifest, suite, at, cwd);
  const services = documents.ok ? servicesOf(documents.value) : ok([]);
  if (services.ok) return documents;
  return failed(services.problems.map((problem) => unreadable(problem, manifest, suite, at)));
}

/** Inline objects are read as part of the test, files as kubectl reads them. */
function readManifest(
  manifest: Manifest,
  suite: PolicyTest,
  at: TestCase['path'],
  cwd: string,
): Result<readonly ManifestDocument[], string> {
  if (typeof manifest !== 'string') {
    const read = readManifests(JSON.stringify(manifest));
    if (read.ok) return read;
    return failed(read.problems.map(({ path, message }) => problemAt(suite, [...at, ...parsePath(path)], message)));
  }
  const file = join(dirname(suite.file), manifest);
  const source = readText(file, cwd);
  if (typeof source === 'string') return failed([problemAt(suite, at, source)]);
  const read = readManifests(source.text);
  return read.ok ? read : failed(read.problems.map((problem) => `${file}: ${describeProblem(problem)}`));
}

function problemAt(suite: PolicyTest, path: TestCase['path'], message: string): string {
  return formatProblem(suite.problem({ path, part: 'value', message }));
}

/** A problem with the object of a test. */
function placed(problem: TestProblem | string, suite: PolicyTest, test: TestCase): string {
  if (typeof problem === 'string') return problem;
  const { of, ...rest } = problem;
  return unreadable(rest, test[of], suite, [...test.path, of]);
}

/** A problem with what was read: where it stands when it is part of the test. */
function unreadable(
  { path, message }: WireProblem,
  manifest: Manifest | undefined,
  suite: PolicyTest,
  at: TestCase['path'],
): string {
  if (typeof manifest !== 'string') return problemAt(suite, [...at, ...parsePath(path)], message);
  return problemAt(suite, at, `${manifest}: ${describeProblem({ path, message })}`);
}
