import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Everything a process in the sandbox can see, and who it is. */
export interface Sandbox {
  /** Becomes `/`, read-only. Node must have been put there. */
  readonly root: string;
  /** Directories of this machine, by the absolute path at which they are seen, read-only like a mounted Secret. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly user: number;
  readonly group: number;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Sandboxed {
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  readonly isRunning: () => boolean;
  readonly err: () => string;
  /** To the process itself, which is number 1 in there as it is in a container. */
  signal(name: NodeJS.Signals): Promise<void>;
  kill(): void;
}

const isRoot = process.getuid?.() === 0;

/** A mount of one's own needs a user namespace, unless one is root. */
const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child=KILL', ...(isRoot ? [] : ['--map-root-user'])];

/** Arguments: the root, then pairs of directory and place, then `--` and what to run. */
const SCRIPT = `
root=$1
shift
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro,nosuid,nodev "$root$2"
  shift 2
done
shift
mount -t proc proc "$root/proc"
mount -o remount,bind,ro,nosuid,nodev "$root"
exec "$@"
`;

const WHAT_TO_DO =
  'install util-linux (unshare, mount), and run this as root with CAP_SYS_ADMIN, or allow unprivileged user namespaces: ' +
  'sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0';

/** Throws, saying what to install or to allow, where this machine cannot make a sandbox. */
export async function checkSandboxes(): Promise<void> {
  try {
    await run('unshare', [...NAMESPACES, 'sh', '-ec', 'mount -t proc proc /proc']);
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split('\n').join(': ') : String(error);
    throw new Error(`the image cannot be tried out here (${why}); ${WHAT_TO_DO}`, { cause: error });
  }
}

/** Puts this machine's Node where the distroless image has its own, with the libraries it is linked to. */
export async function installNode(root: string, place: string): Promise<void> {
  const { stdout } = await run('ldd', [process.execPath]);
  const libraries = stdout.match(/\/\S+(?= \()/g) ?? [];
  for (const [from, to] of [[process.execPath, place], ...libraries.map((library) => [library, library])] as const) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await cp(from, join(root, to), { dereference: true });
  }
}

export async function startInside(sandbox: Sandbox, command: readonly string[]): Promise<Sandboxed> {
  const { root, mounts, user, group, workdir, env } = sandbox;
  for (const place of ['/proc', ...Object.keys(mounts)]) await mkdir(join(root, place), { recursive: true });
  const identity = isRoot ? [`--setuid=${user}`, `--setgid=${group}`] : [`--map-user=${user}`, `--map-group=${group}`];
  const prepare = [
    'sh',
    '-ec',
    SCRIPT,
    'sandbox',
    root,
    ...Object.entries(mounts).flatMap(([place, from]) => [from, place]),
  ];
  const clean = ['--', 'env', '-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const enter = ['unshare', ...identity, `--root=${root}`, `--wd=${workdir}`, '--', ...command];
  const child = spawn('unshare', [...NAMESPACES, ...prepare, ...clean, ...enter], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watch(child);
}

function watch(child: ChildProcessByStdio<null, Readable, Readable>): Sandboxed {
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...written }));
  return {
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    err: () => written.err,
    signal: async (name) => {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      process.kill(Number(children.trim()), name);
    },
    kill: () => child.kill('SIGKILL'),
  };
}
