import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/tls/store.ts';
import { type BuildStage, execForm, readDockerfile } from './dockerfile.ts';
import { makeContext, replay } from './replay.ts';
import { checkSandboxes, installNode, type Sandbox, type Sandboxed, startInside } from './sandbox.ts';

/**
 * What `docker build` and `docker run` would do, without a registry: the Dockerfile's own instructions in empty
 * directories, and its entry point as its user, on a read-only root with nothing but the image's files and this machine's
 * Node in it. It does not prove that the base images can be pulled, or that their Node is the same.
 */
const scratch = await mkdtemp(join(tmpdir(), 'nodeport-gate-image-'));
const certificates = join(scratch, 'certs');
const CERT_DIR = '/etc/nodeport-gate/certs';
const LONGEST_START_MS = 20_000;
const started: Sandboxed[] = [];
let stage: BuildStage;
let sandbox: Sandbox;
let files: readonly string[];

beforeAll(async () => {
  await checkSandboxes();
  await makeContext(process.cwd(), join(scratch, 'context'));
  const stages = readDockerfile(await readFile('Dockerfile', 'utf8'));
  const root = await replay(stages, join(scratch, 'context'), scratch);
  files = (await snapshot(root)).map((row) => row.split(' ')[0] ?? '');
  stage = stages.at(-1) ?? { name: '', base: '', instructions: [] };
  const [user = 0, group = 0] = textOf('USER').split(':').map(Number);
  const env = Object.fromEntries(
    textOf('ENV')
      .split(/\s+/)
      .map((pair) => pair.split('=')),
  );
  sandbox = { root, mounts: { [CERT_DIR]: certificates }, user, group, workdir: textOf('WORKDIR'), env };
  await installNode(root, execForm(textOf('ENTRYPOINT'))[0] ?? '');
  await mkdir(certificates);
  const made = await openStore(certificates, new Date());
  if (!made.ok) throw new Error(made.problems.join());
  // As Kubernetes mounts a Secret for a pod with an fsGroup: the user may read, and does not own it.
  for (const file of await readdir(certificates)) await chmod(join(certificates, file), 0o444);
}, 600_000);

afterEach(() => {
  for (const one of started.splice(0)) one.kill();
});

afterAll(async () => {
  await rm(scratch, { recursive: true });
});

function textOf(name: string): string {
  return stage.instructions.findLast((instruction) => instruction.name === name)?.text ?? '';
}

async function start(command: readonly string[]): Promise<Sandboxed> {
  const one = await startInside(sandbox, command);
  started.push(one);
  return one;
}

/** Every file below: its path, size and time of change. */
async function snapshot(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  const rows = paths.map(async (path) => {
    const { size, mtimeMs } = await stat(path);
    return `${relative(root, path)} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(rows)).sort();
}

async function portOf(running: Sandboxed, listener: string): Promise<number> {
  const line = new RegExp(`^ {2}${listener} +https?://127\\.0\\.0\\.1:(\\d+)`, 'm');
  const deadline = performance.now() + LONGEST_START_MS;
  while (performance.now() < deadline && running.isRunning()) {
    const port = line.exec(running.err())?.[1];
    if (port !== undefined) return Number(port);
    await wait(20);
  }
  throw new Error(`it did not start:\n${running.err()}`);
}

async function validate(port: number): Promise<unknown> {
  const asked = request({
    port,
    host: '127.0.0.1',
    path: '/validate',
    method: 'POST',
    ca: await readFile(join(certificates, 'ca.crt')),
    headers: { 'content-type': 'application/json' },
  });
  asked.end(await readFile('test/fixtures/reviews/create-nodeport-explicit-local-cidr.validate.json'));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return JSON.parse((await answer.toArray()).join(''));
}

describe('the image', () => {
  it('has the bundle and what it reads, and nothing else', () => {
    const parts = /^app\/dist\/parts\/[a-z0-9-]+\.js$/;
    expect(files.filter((file) => !parts.test(file))).toEqual([
      'app/LICENSE',
      'app/dist/licenses.txt',
      'app/dist/nodeport-gate.js',
      'app/dist/page.html',
      'app/manifests/policies/default.yaml',
      'app/package.json',
    ]);
    expect(files.some((file) => parts.test(file))).toBe(true);
  });

  it('is tried out as an unprivileged user who can write nowhere and sees nothing else', async () => {
    const script = `
      const { readdirSync, writeFileSync } = require('node:fs');
      const write = (path) => { try { writeFileSync(path, ''); return 'written'; } catch ({ code }) { return code; } };
      console.log(JSON.stringify({
        ids: [process.getuid(), process.getgid(), process.pid],
        groups: process.getgroups().every((group) => group === 65532 || group === 65534),
        cwd: process.cwd(),
        env: process.env,
        root: readdirSync('/').filter((name) => !name.startsWith('lib')),
        writes: ['/file', '/app/dist/file', '/app/file', '${CERT_DIR}/file'].map(write),
      }));`;
    const { code, out, err } = await (await start([execForm(textOf('ENTRYPOINT'))[0] ?? '', '-e', script])).ended;
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      ids: [65_532, 65_532, 1],
      groups: true,
      cwd: '/app',
      env: { NODE_ENV: 'production', NODE_DISABLE_COMPILE_CACHE: '1' },
      root: ['app', 'etc', 'nodejs', 'proc'],
      writes: ['EROFS', 'EROFS', 'EROFS', 'EROFS'],
    });
  });

  it('starts, is ready, answers over TLS with the policy that comes with it, ends at SIGTERM, and has written nothing', async () => {
    const before = [await snapshot(sandbox.root), await snapshot(certificates)];
    const ports = ['--port', '0', '--operations-port', '0', '--doors-port', '0'];
    const command = [...execForm(textOf('ENTRYPOINT')), ...execForm(textOf('CMD')), ...ports, '--cert-dir', CERT_DIR];
    const running = await start(command);
    const operations = await portOf(running, 'operations');
    const ready = await fetch(`http://127.0.0.1:${operations}/readyz`);
    const answer = await validate(await portOf(running, 'webhook'));
    await running.signal(stopSignal());
    const { code, out, err } = await running.ended;
    expect([ready.status, code]).toEqual([200, 0]);
    expect(answer).toMatchObject({ kind: 'AdmissionReview', response: { allowed: false, status: { code: 403 } } });
    expect(JSON.parse(out)).toMatchObject({ door: 'validate', decision: 'deny', namespace: 'shop' });
    expect(/^ {2}policy +sha256:[0-9a-f]{64} {2}manifests\/policies\/default\.yaml$/m.test(err)).toBe(true);
    expect([await snapshot(sandbox.root), await snapshot(certificates)]).toEqual(before);
  });

  it('says how it is used: who, which ports, how it stops', async () => {
    expect(['USER', 'EXPOSE', 'STOPSIGNAL', 'CMD'].map(textOf)).toEqual([
      '65532:65532',
      '8443 9090',
      'SIGTERM',
      '["serve"]',
    ]);
    const pinned = readDockerfile(await readFile('Dockerfile', 'utf8'), { RUNTIME_DIGEST: 'sha256:0123' });
    expect([stage.base, pinned.at(-1)?.base]).toEqual([
      'gcr.io/distroless/nodejs24-debian13:nonroot',
      'gcr.io/distroless/nodejs24-debian13:nonroot@sha256:0123',
    ]);
  });
});

function stopSignal(): NodeJS.Signals {
  const name = textOf('STOPSIGNAL');
  if (name !== 'SIGTERM') throw new Error(`STOPSIGNAL ${name}: the gate drains at SIGTERM`);
  return name;
}
