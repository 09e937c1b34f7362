import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, measure, type Measured } from './check-process.ts';
import { obtainSchemas, SCHEMA_LOCATION } from './check-schemas.ts';
import { obtainTool, TOOLS } from './check-tools.ts';
import { writeManifests } from './manifests.ts';
import { ENTRIES, root } from './process.ts';

/**
 * `check` on 10,000 documents against tools that read the same, all of them in turns; then the start of `check` on one file
 * against Node without anything to do.
 */
const ROUNDS = 9;
const STARTS = 20;
const BASELINE = 'kubeconform';

interface Contender {
  readonly name: string;
  readonly command: Command;
  /** How many of the rounds it takes part in. */
  readonly rounds: number;
  /** What it did, or undefined: then it did not do its work, and its time means nothing. */
  readonly workOf: (measured: Measured) => string | undefined;
}

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const manifests = join(directory, 'manifests');
const bundle = join(root, ENTRIES.bundle);

try {
  if (!existsSync(bundle)) throw new Error(`${ENTRIES.bundle} is not there; make it with npm run build`);
  await obtainSchemas();
  const { documents, files, bytes, services, exposed, nodePorts, digest } = writeManifests(manifests);
  console.log(
    `${documents} documents in ${files} files, ${(bytes / 1e6).toFixed(2)} MB; ${services} Services, ${exposed} of them NodePort or LoadBalancer, with ${nodePorts} node ports (sha256 ${digest})`,
  );
  console.log(`${cpus().length} cores, Node ${process.version}`);
  await compare(await contenders(documents));
  await compareStarts();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function contenders(documents: number): Promise<readonly Contender[]> {
  const kubeconform = await obtainTool('kubeconform');
  const gator = await obtainTool('gator');
  const kubeScore = await obtainTool('kube-score');
  const rules = ['-f', join(root, 'bench/check-gator.yaml')];
  const conflicts = ['-f', join(root, 'bench/check-gator-conflicts.yaml')];
  const names = readdirSync(manifests, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [
    {
      name: 'nodeport-gate',
      command: { argv: [process.execPath, bundle, 'check', '-p', join(root, 'bench/check-policy.yaml'), manifests] },
      rounds: ROUNDS,
      workOf: ({ status, text }) => (status === 1 ? /^\d+ objects: .* denied; .*$/m.exec(text)?.[0] : undefined),
    },
    {
      name: BASELINE,
      command: { argv: [kubeconform, '-n', '4', '-summary', '-schema-location', SCHEMA_LOCATION, manifests] },
      rounds: ROUNDS,
      workOf: ({ status, text }) =>
        status === 0 && text.includes(`Valid: ${documents}, Invalid: 0, Errors: 0, Skipped: 0`)
          ? text.trim()
          : undefined,
    },
    {
      name: 'gator',
      command: { argv: [gator, 'test', '-f', manifests, ...rules] },
      rounds: ROUNDS,
      workOf: violations,
    },
    {
      name: 'kube-score',
      command: { argv: [kubeScore, 'score', ...names] },
      rounds: 3,
      workOf: ({ status, text }) => (status === 1 ? counted(text, /\[CRITICAL\]/g, 'critical remarks') : undefined),
    },
    {
      name: 'gator+conflicts',
      command: { argv: [gator, 'test', '-f', manifests, ...rules, ...conflicts] },
      rounds: 1,
      workOf: violations,
    },
  ];
}

function violations({ status, text }: Measured): string | undefined {
  return status === 1 ? counted(text, / Message: "/g, 'violations') : undefined;
}

function counted(text: string, pattern: RegExp, what: string): string | undefined {
  const { length } = text.match(pattern) ?? [];
  return length === 0 ? undefined : `${length} ${what}`;
}

async function compare(all: readonly Contender[]): Promise<void> {
  const versions = Object.entries(TOOLS).map(([name, { version }]) => `${name} ${version}`);
  console.log(versions.join(', '));
  // Fills the page cache and the compile cache; not counted.
  for (const contender of all.filter(({ rounds }) => rounds === ROUNDS)) await work(contender);
  const results = new Map(all.map(({ name }): [string, Measured[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const cells: string[] = [];
    for (const contender of all.filter(({ rounds }) => round < rounds)) {
      const { measured, done } = await work(contender);
      if (round === 0) console.log(`${contender.name}: exit code ${measured.status}, ${done}`);
      results.get(contender.name)?.push(measured);
      cells.push(`${contender.name} ${measured.wallMs.toFixed(0)}`);
    }
    console.log(`ms: ${cells.join(', ')}`);
  }
  for (const { name } of all) summarize(name, results.get(name) ?? [], results.get(BASELINE) ?? []);
}

async function work({
  name,
  command,
  workOf,
}: Contender): Promise<{ readonly measured: Measured; readonly done: string }> {
  const measured = await measure(command, directory);
  const done = workOf(measured);
  if (done !== undefined) return { measured, done };
  throw new Error(`${name} ended with ${measured.status} and did not do its work:\n${measured.text.slice(-2_000)}`);
}

function summarize(name: string, own: readonly Measured[], baseline: readonly Measured[]): void {
  const wall = spread(
    own.map(({ wallMs }) => wallMs),
    0,
  );
  const cpu = spread(
    own.map(({ cpuMs }) => cpuMs),
    0,
  );
  const peak = Math.max(...own.map(({ peak: most }) => most)).toFixed(0);
  // Of neighbours in time, so that both met the same machine.
  const ratios = spread(
    own.map(({ wallMs }, round) => wallMs / (baseline[round]?.wallMs ?? Number.NaN)),
    2,
  );
  const ofCpu = spread(
    own.map(({ cpuMs }, round) => cpuMs / (baseline[round]?.cpuMs ?? Number.NaN)),
    2,
  );
  console.log(`${name.padEnd(15)} wall ms ${wall}; CPU ms ${cpu}; peak ${peak} MB`);
  if (name !== BASELINE) console.log(`${''.padEnd(15)} / ${BASELINE}: wall ${ratios}; CPU ${ofCpu}`);
}

async function compareStarts(): Promise<void> {
  const file = join(directory, 'service.yaml');
  writeFileSync(
    file,
    'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: team-00}\nspec: {ports: [{port: 80}]}\n',
  );
  const policy = join(root, 'bench/check-policy.yaml');
  const argv = [process.execPath, bundle, 'check', '-p', policy, file] as const;
  const warm = join(directory, 'compile-cache');
  const rows: readonly (readonly [string, (round: number) => Command])[] = [
    ['node -e 0', () => ({ argv: [process.execPath, '-e', '0'] })],
    ['check, compile cache warm', () => ({ argv, env: { NODE_COMPILE_CACHE: warm } })],
    [
      'check, compile cache empty',
      (round) => ({ argv, env: { NODE_COMPILE_CACHE: join(directory, `empty-${round}`) } }),
    ],
    ['check, without compile cache', () => ({ argv, env: { NODE_DISABLE_COMPILE_CACHE: '1' } })],
  ];
  const results = rows.map((): number[] => []);
  for (let round = -1; round < STARTS; round += 1) {
    for (const [index, [name, commandOf]] of rows.entries()) {
      const { status, wallMs, text } = await measure(commandOf(round), directory);
      if (status !== 0) throw new Error(`${name} ended with ${status}:\n${text}`);
      if (round >= 0) results[index]?.push(wallMs);
    }
  }
  console.log(`start to end of one file with one Service, ${STARTS} rounds in turn`);
  for (const [index, [name]] of rows.entries()) {
    const own = results[index] ?? [];
    const ratios = spread(
      own.map((wallMs, round) => wallMs / (results[0]?.[round] ?? Number.NaN)),
      2,
    );
    console.log(`${name.padEnd(28)} ms ${spread(own, 1)}; / ${rows[0]?.[0]} ${ratios}`);
  }
}

/** Least, median and most. */
function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const chosen = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return chosen.map((value) => (value ?? Number.NaN).toFixed(digits)).join(' / ');
}
