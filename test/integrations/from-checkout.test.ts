import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, pathWith, ROOT, runProcess } from './support/run-process.ts';

/** Makes what npm makes, slowly, and notes what it was asked. */
const NPM = `echo "$PWD: npm $*" >> "$CALLS"
read -r line && echo "read $line" >> "$CALLS"
sleep 0.3
mkdir -p node_modules/.bin
printf '#!/bin/sh\\necho "node $*"; exit 7\\n' > node_modules/.bin/node
chmod +x node_modules/.bin/node
echo noise
touch node_modules/.package-lock.json`;

let checkout = '';
let calls = '';

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'nodeport-gate checkout '));
  calls = join(checkout, 'calls');
  await mkdir(join(checkout, 'integrations'));
  await copyFile(join(ROOT, 'integrations/nodeport-gate.sh'), join(checkout, 'integrations/nodeport-gate.sh'));
});

afterEach(async () => {
  await rm(checkout, { recursive: true });
});

async function run(npm: string, ...args: readonly string[]): Promise<Ended> {
  const PATH = await pathWith(checkout, { npm });
  const env = { PATH, CALLS: calls, NODE_ENV: 'production', CDPATH: tmpdir() };
  return runProcess(join(checkout, 'integrations/nodeport-gate.sh'), args, { cwd: tmpdir(), env });
}

const asked = async (): Promise<string> => readFile(calls, 'utf8');
const onlyOnce = (): string =>
  `${checkout}: npm ci --include=dev --no-audit --no-fund --no-progress --loglevel=error\n`;

describe('nodeport-gate from a checkout', () => {
  it('installs itself once, and runs with its own Node', async () => {
    const runs = [await run(NPM, 'check', 'a b'), await run(NPM, 'fix')];
    expect(runs).toEqual([
      { code: 7, out: `node ${checkout}/src/main.ts check a b\n`, err: '' },
      { code: 7, out: `node ${checkout}/src/main.ts fix\n`, err: '' },
    ]);
    expect(await asked()).toBe(onlyOnce());
  });

  it('installs itself once when several are in a hurry', async () => {
    const runs = await Promise.all([run(NPM), run(NPM), run(NPM)]);
    expect(runs.map(({ code }) => code)).toEqual([7, 7, 7]);
    expect(await asked()).toBe(onlyOnce());
  });

  it('ends with 2 when it cannot be installed, and tries again the next time', async () => {
    const failing = 'echo "npm error why" >&2; mkdir -p node_modules; exit 1';
    expect(await run(failing)).toEqual({
      code: 2,
      out: '',
      err: `npm error why\nnodeport-gate: npm ci failed in ${checkout}; see above\n`,
    });
    expect(existsSync(join(checkout, '.installing'))).toBe(false);
    expect((await run(NPM)).code).toBe(7);
  });

  it('ends with 2 where install scripts are forbidden, and says so', async () => {
    const { code, err } = await run('mkdir -p node_modules; touch node_modules/.package-lock.json');
    expect({ code, err }).toEqual({
      code: 2,
      err:
        `nodeport-gate: npm did not run the install script of the package node in ${checkout}; allow it ` +
        '(npm config set ignore-scripts false), remove node_modules there and try again\n',
    });
  });

  it('ends with 2 without npm, and says so', async () => {
    const bin = join(checkout, 'only');
    await mkdir(bin);
    for (const tool of ['dirname', 'sh']) {
      const { out } = await runProcess('sh', ['-c', `command -v ${tool}`], { cwd: bin });
      await writeFile(
        join(bin, tool),
        `#!${(await runProcess('sh', ['-c', 'command -v sh'], { cwd: bin })).out}exec ${out.trim()} "$@"\n`,
      );
      await chmod(join(bin, tool), 0o755);
    }
    const script = join(checkout, 'integrations/nodeport-gate.sh');
    expect(await runProcess('/bin/sh', [script], { cwd: bin, env: { PATH: bin } })).toEqual({
      code: 2,
      out: '',
      err: 'nodeport-gate: npm is not installed; install Node 20 or later, which brings it\n',
    });
  });
});
