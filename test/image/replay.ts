import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { promisify } from 'node:util';
import type { BuildStage, Instruction } from './dockerfile.ts';
import { readDockerIgnore } from './docker-ignore.ts';

const run = promisify(execFile);
const LONGEST_RUN_MS = 300_000;

/** Where a stage's files are, and the folder its next instruction works in. */
interface Root {
  readonly directory: string;
  workdir: string;
}

/**
 * Carries out the COPY, RUN and WORKDIR of every stage, each in an empty directory of its own, with this machine's Node and
 * npm in place of the build image's. Gives back the directory of the last stage.
 */
export async function replay(stages: readonly BuildStage[], context: string, scratch: string): Promise<string> {
  const done = new Map<string, Root>();
  let last: Root = { directory: scratch, workdir: '/' };
  for (const [index, { name, instructions }] of stages.entries()) {
    last = { directory: join(scratch, `stage-${index}`), workdir: '/' };
    await mkdir(last.directory, { recursive: true });
    for (const instruction of instructions) await carryOut(instruction, last, { context, done });
    done.set(name, last);
  }
  return last.directory;
}

interface Sources {
  /** What `docker build` is given, already without what `.dockerignore` names. */
  readonly context: string;
  readonly done: ReadonlyMap<string, Root>;
}

/** Those that say how it runs, or what it is, change no file. */
const DESCRIPTIVE = new Set(['LABEL', 'ENV', 'USER', 'EXPOSE', 'STOPSIGNAL', 'ENTRYPOINT', 'CMD']);

async function carryOut({ name, text }: Instruction, root: Root, sources: Sources): Promise<void> {
  if (DESCRIPTIVE.has(name)) return;
  if (name === 'WORKDIR') {
    root.workdir = posix.resolve(root.workdir, text);
    await mkdir(join(root.directory, root.workdir), { recursive: true });
  } else if (name === 'COPY') await copy(text, root, sources);
  else if (name === 'RUN') await runHere(text, join(root.directory, root.workdir));
  else throw new Error(`${name} ${text}: the replay does not know this instruction; teach it, or leave it out`);
}

async function copy(text: string, root: Root, { context, done }: Sources): Promise<void> {
  const [, from, rest = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
  const sources = rest.split(' ');
  const target = sources.pop() ?? '';
  const origin = from === undefined ? context : done.get(from)?.directory;
  if (origin === undefined || sources.length === 0 || rest.includes('--')) {
    throw new Error(`COPY ${text}: the replay does not know this form; teach it, or write it otherwise`);
  }
  const place = join(root.directory, posix.resolve(root.workdir, target));
  for (const source of sources) await copyOne(join(origin, source), place, target.endsWith('/'));
}

/** Of a directory the contents are copied; a file goes into a target that ends with a slash. */
async function copyOne(source: string, place: string, isFolder: boolean): Promise<void> {
  const isInside = isFolder && (await stat(source)).isFile();
  await cp(source, isInside ? join(place, basename(source)) : place, { recursive: true });
}

async function runHere(command: string, directory: string): Promise<void> {
  // The base image is not there: an absolute path would be this machine's.
  if (/(?:^|\s|=)\//.test(command)) throw new Error(`RUN ${command}: name paths relative to WORKDIR`);
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(?:NODE_ENV$|VITEST|npm_(?:package|lifecycle)_|INIT_CWD$)/.test(key),
  );
  await run('sh', ['-ec', command], {
    cwd: directory,
    env: { ...Object.fromEntries(inherited), npm_config_prefer_offline: 'true', CI: 'true' },
    timeout: LONGEST_RUN_MS,
    maxBuffer: 2 ** 26,
  });
}

/** Copies a checkout as `docker build` would see it. */
export async function makeContext(checkout: string, context: string): Promise<void> {
  const isIgnored = readDockerIgnore(await readFile(join(checkout, '.dockerignore'), 'utf8'));
  const copyBelow = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(checkout, below), { withFileTypes: true })) {
      const path = posix.join(below, entry.name);
      // A folder that is ignored may hold files that are not, but these two never do.
      if (entry.isDirectory() && path !== '.git' && path !== 'node_modules') await copyBelow(path);
      else if (entry.isFile() && !isIgnored(path)) await cp(join(checkout, path), join(context, path));
    }
  };
  await mkdir(context, { recursive: true });
  await copyBelow('');
}
