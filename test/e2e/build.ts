import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where to build what, from Go modules. */
export interface Build {
  /** The finished directory; it exists whole or not at all. */
  readonly directory: string;
  /** Name of the executable in `directory` to the package it is built from. */
  readonly programs: Readonly<Record<string, string>>;
  readonly module: string;
  /** Without the leading v. */
  readonly version: string;
  readonly ldflags: string;
}

/** Something the person at the terminal can change: its message is the whole story. */
export class CannotBuild extends Error {}

/**
 * Builds the programs unless they are there. A build happens in a directory beside its destination and is then renamed,
 * so whatever interrupts it leaves nothing half.
 */
export async function build(wanted: Build): Promise<void> {
  if (await isThere(wanted.directory)) return;
  await go(['version'], '.').catch(explainMissingGo);
  await mkdir(dirname(wanted.directory), { recursive: true });
  await clearUp(dirname(wanted.directory));
  const workshop = await mkdtemp(`${wanted.directory}-building-${process.pid}-`);
  try {
    await rename(await buildIn(workshop, wanted), wanted.directory);
  } catch (error) {
    if (error instanceof GoFailed) {
      throw new CannotBuild(`${wanted.version} of ${wanted.module} cannot be built here: ${error.message}`);
    }
    // Somebody else may have built the same meanwhile.
    if (!(await isThere(wanted.directory))) throw error;
  } finally {
    await rm(workshop, { recursive: true });
  }
}

/** Removes what builds left that were interrupted. */
async function clearUp(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const builder = /-building-(\d+)-/.exec(name)?.[1];
    if (builder !== undefined && !isAlive(Number(builder))) await rm(join(cache, name), { recursive: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The directory with the executables. */
async function buildIn(workshop: string, wanted: Build): Promise<string> {
  await writeFile(join(workshop, 'go.mod'), await goMod(wanted));
  await writeFile(join(workshop, 'tools.go'), toolsGo(Object.values(wanted.programs)));
  await go(['mod', 'tidy'], workshop);
  const bin = join(workshop, 'bin');
  for (const [name, source] of Object.entries(wanted.programs)) {
    const flags = ['-trimpath', '-buildvcs=false', '-mod=mod', '-ldflags', `-s -w ${wanted.ldflags}`];
    await go(['build', ...flags, '-o', join(bin, name), source], workshop);
  }
  return bin;
}

/**
 * A module of our own that requires the wanted one. Kubernetes requires its staging modules as v0.0.0 and replaces them by
 * folders, which only works in its own repository; published, v1.35.4 of the whole is v0.35.4 of each.
 */
async function goMod({ module, version }: Build): Promise<string> {
  const text = await readFile(await download(module, version), 'utf8');
  const staging = [...text.matchAll(/^\t(\S+) => \.\/staging\/\S+$/gm)].map(([, path = '']) => path);
  const published = `v${version.replace(/^1\./, '0.')}`;
  return [
    'module e2e',
    /^go .*$/m.exec(text)?.[0] ?? '',
    `require ${module} v${version}`,
    ...staging.map((path) => `replace ${path} => ${path} ${published}`),
    '',
  ].join('\n');
}

/** The path of the module's go.mod. */
async function download(module: string, version: string): Promise<string> {
  const printed = await go(['mod', 'download', '-json', `${module}@v${version}`], '.').catch((error: unknown) => {
    if (error instanceof GoFailed) return error.stdout;
    throw error;
  });
  const { GoMod, Error: fault } = JSON.parse(printed) as { readonly GoMod?: string; readonly Error?: string };
  if (GoMod !== undefined && fault === undefined) return GoMod;
  const reason = fault?.replaceAll(/\s+/g, ' ') ?? 'no reason given';
  throw new CannotBuild(
    `${version} of ${module} cannot be downloaded (${reason}); \`go list -m -versions ${module}\` lists what there is`,
  );
}

function toolsGo(packages: readonly string[]): string {
  return ['//go:build tools', 'package e2e', ...packages.map((path) => `import _ "${path}"`), ''].join('\n');
}

class GoFailed extends Error {
  readonly stdout: string;

  constructor(message: string, stdout: string) {
    super(message);
    this.stdout = stdout;
  }
}

/** What the go command prints. */
async function go(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const child = spawn('go', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status === 0) return written.stdout;
  const end = written.stderr.trimEnd().split('\n').slice(-20).join('\n');
  throw new GoFailed(`go ${args[0]} ended with ${status}:\n${end}`, written.stdout);
}

function explainMissingGo(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    throw new CannotBuild(
      'go is not installed; install Go 1.26 or later, or set KUBEBUILDER_ASSETS to a directory with ' +
        'etcd, kube-apiserver and kubectl',
    );
  }
  throw error;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
