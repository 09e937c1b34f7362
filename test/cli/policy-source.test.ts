import { appendFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicyFiles } from '../../src/cli/policy-files.ts';
import { type PolicyOutcome, type PolicySource, watchPolicy } from '../../src/cli/policy-source.ts';
import { aWhile, expectSoon } from '../support/eventually.ts';
import { publish } from '../support/mounted.ts';

const QUIET_MS = 20;

let root = '';
let outcomes: PolicyOutcome[] = [];
let source: PolicySource | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nodeport-gate-source-'));
  outcomes = [];
});

afterEach(async () => {
  source?.close();
  await rm(root, { recursive: true, force: true });
});

function policy(name: string, spec: unknown = { preset: 'baseline' }): string {
  return JSON.stringify({ apiVersion: 'nodeport-gate.dev/v1alpha1', kind: 'NodePortPolicy', metadata: { name }, spec });
}

async function start(
  paths: readonly string[],
  pollMs = 3_600_000,
  beforeReload = (): void => undefined,
): Promise<PolicySource> {
  const started = watchPolicy(paths, root, {
    start: await readPolicyFiles(paths, root),
    onReload: (outcome) => {
      beforeReload();
      outcomes.push(outcome);
    },
    pollMs,
    quietMs: QUIET_MS,
  });
  source = started;
  return started;
}

function namesOf({ policy: current }: PolicySource): readonly string[] | undefined {
  return current()?.policies.map(({ name }) => name);
}

describe('watchPolicy', () => {
  it('says what became of the documents it started with', async () => {
    await writeFile(join(root, 'a.yaml'), policy('a', {}));
    const started = await start(['a.yaml']);
    expect(started.first).toEqual({
      result: 'loaded',
      hash: started.policy()?.hash,
      problems: [],
      warnings: ['a.yaml:1:92: spec: policy a turns no rule on; set a preset or list rules'],
    });
    expect(started.first.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('does not end the process for a fault of the gate itself', async () => {
    await writeFile(join(root, 'a.yaml'), policy('a'));
    const faults = [new Error('bug')];
    const started = await start(['a.yaml'], 50, () => {
      const fault = faults.pop();
      if (fault !== undefined) throw fault;
    });
    await writeFile(join(root, 'a.yaml'), policy('b'));
    const problem = 'the policy documents made the gate fail (Error: bug); undo the last change, and report it';
    await expectSoon(() => outcomes.map(({ result, problems }) => [result, problems]), [['failed', [problem]]]);
    expect(started.problems()).toEqual([problem]);
    await writeFile(join(root, 'a.yaml'), policy('c'));
    await expectSoon(() => [namesOf(started), started.problems()], [['c'], []]);
  });

  it('swaps the whole policy when a file is written', async () => {
    await writeFile(join(root, 'a.yaml'), policy('a'));
    const started = await start(['a.yaml']);
    await writeFile(join(root, 'a.yaml'), policy('b'));
    await expectSoon(() => namesOf(started), ['b']);
    expect(outcomes).toEqual([{ result: 'loaded', hash: started.policy()?.hash, problems: [], warnings: [] }]);
    expect(outcomes[0]?.hash).not.toBe(started.first.hash);
  });

  it('keeps the last good policy while the documents are wrong, and says so until they are mended', async () => {
    const file = join(root, 'a.yaml');
    await writeFile(file, policy('a'));
    const started = await start(['a.yaml']);
    const { first } = started;

    await writeFile(file, policy('b').slice(0, 60));
    await expectSoon(() => outcomes.length, 1);
    expect(outcomes[0]).toEqual({ result: 'failed', hash: first.hash, problems: started.problems(), warnings: [] });
    expect(started.problems()).not.toEqual([]);
    expect(namesOf(started)).toEqual(['a']);

    await rm(file);
    await expectSoon(() => started.problems(), ['a.yaml: this is not there; check the path']);
    await writeFile(file, `# mended\n${policy('a')}`);
    await expectSoon(() => outcomes.length, 3);
    expect(outcomes[2]).toEqual({ result: 'unchanged', hash: first.hash, problems: [], warnings: [] });
    expect(started.problems()).toEqual([]);
  });

  it('has no policy until there is a valid one', async () => {
    await mkdir(join(root, 'policy'));
    const started = await start(['policy']);
    const problem = 'policy: no *.yaml, *.yml or *.json file is in it; put the policy documents there';
    expect([started.first, started.policy(), started.problems()]).toEqual([
      { result: 'failed', hash: undefined, problems: [problem], warnings: [] },
      undefined,
      [problem],
    ]);
    await writeFile(join(root, 'policy', 'a.yaml'), policy('a'));
    await expectSoon(() => [namesOf(started), started.problems()], [['a'], []]);
  });

  it('never sees half of a ConfigMap swap', async () => {
    const mount = join(root, 'policy');
    await publish(mount, { 'a.yaml': policy('a1'), 'b.yaml': policy('b1'), 'gone.yaml': policy('gone') });
    const started = await start(['policy']);
    expect(namesOf(started)).toEqual(['a1', 'b1', 'gone']);
    // The kubelet pauses where links and content disagree, for long enough to be seen.
    const afterSwap = (): Promise<void> => expectSoon(() => namesOf(started), ['a2', 'b2', 'new']);
    await publish(mount, { 'a.yaml': policy('a2'), 'b.yaml': policy('b2'), 'new.yaml': policy('new') }, { afterSwap });
    await aWhile(10 * QUIET_MS);
    expect(outcomes.map(({ result }) => result)).toEqual(['loaded']);
  });

  it('sees one version only, whatever moment it looks at', async () => {
    const mount = join(root, 'policy');
    const version = (name: string): Readonly<Record<string, string>> =>
      Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.yaml`, policy(`${name}-${index}`)]));
    await publish(mount, version('v0'));
    const seen = new Set<string>();
    const swaps = { left: 40 };
    const reader = (async () => {
      while (swaps.left > 0) {
        const { sources, unreadable, empty } = await readPolicyFiles(['policy'], root);
        seen.add([...new Set(sources.map(({ text }) => /"(v\d+)-/.exec(text)?.[1])), ...unreadable, ...empty].join());
      }
    })();
    for (; swaps.left > 0; swaps.left -= 1) await publish(mount, version(`v${swaps.left}`));
    await reader;
    expect([...seen].filter((versions) => !/^v\d+$/.test(versions))).toEqual([]);
    expect(seen.size).toBeGreaterThan(2);
  });

  it('compiles rarely in a burst, and the last state wins', async () => {
    const file = join(root, 'a.yaml');
    await writeFile(file, policy('v'));
    const started = await start(['a.yaml']);
    for (let count = 1; count <= 200; count += 1) {
      await writeFile(`${file}~`, policy(`v${count}`));
      await rename(`${file}~`, file);
    }
    await expectSoon(() => namesOf(started), ['v200']);
    expect(outcomes.length).toBeLessThan(20);
    expect(outcomes.at(-1)?.hash).toBe(started.policy()?.hash);
  });

  it('looks by itself where nothing is reported, and says nothing while all stays the same', async () => {
    await mkdir(join(root, 'elsewhere'));
    await writeFile(join(root, 'elsewhere', 'a.yaml'), policy('a'));
    await mkdir(join(root, 'policy'));
    // Links inside a directory are not followed by the watch.
    await symlink('../elsewhere/a.yaml', join(root, 'policy', 'a.yaml'));
    const started = await start(['policy'], 40);
    await aWhile(300);
    expect(outcomes).toEqual([]);
    await appendFile(join(root, 'elsewhere', 'a.yaml'), `\n---\n${policy('b')}`);
    await expectSoon(() => namesOf(started), ['a', 'b']);
  });

  it('takes what changed between the reading and the watching', async () => {
    await writeFile(join(root, 'a.yaml'), policy('a'));
    const early = await readPolicyFiles(['a.yaml'], root);
    await writeFile(join(root, 'a.yaml'), policy('b'));
    const started = watchPolicy(['a.yaml'], root, { start: early, onReload: (outcome) => outcomes.push(outcome) });
    source = started;
    expect(namesOf(started)).toEqual(['a']);
    await expectSoon(() => namesOf(started), ['b']);
  });

  it('is still once it is closed', async () => {
    await writeFile(join(root, 'a.yaml'), policy('a'));
    const started = await start(['a.yaml'], 20);
    started.close();
    await writeFile(join(root, 'a.yaml'), policy('b'));
    await aWhile(10 * QUIET_MS);
    expect([namesOf(started), outcomes]).toEqual([['a'], []]);
  });
});
