import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect as connectPlain, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { PortMap } from '../../src/report/port-map.ts';
import { expectSoon } from '../support/eventually.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-serve-'));
const certDir = join(directory, 'certs');
const main = join(process.cwd(), 'src/main.ts');
const review = await readFile('test/fixtures/reviews/delete.validate.json');
const started: Gate[] = [];

type Gate = ChildProcessByStdio<Writable, Readable, Readable>;

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Running {
  readonly child: Gate;
  readonly ended: Promise<readonly unknown[]>;
  readonly out: () => string;
  readonly err: () => string;
}

interface Ports {
  readonly webhook: number;
  readonly doors: number;
  readonly operations: number;
}

function start(...args: readonly string[]): Running {
  return startWith('', ...args);
}

/** Its standard input is a pipe with this text. */
function startWith(stdin: string, ...args: readonly string[]): Running {
  const usual = { '--port': '0', '--operations-port': '0', '--doors-port': '0', '--cert-dir': certDir };
  const flags = [...Object.entries(usual).filter(([flag]) => !args.includes(flag)), args].flat();
  // From another directory: nothing may depend on where it was started.
  const child = spawn(process.execPath, [main, 'serve', ...flags], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  started.push(child);
  child.stdin.end(stdin);
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  return { child, ended: once(child, 'close'), out: () => written.out, err: () => written.err };
}

async function listening(running: Running): Promise<Ports> {
  const isUp = (): boolean => /^ {2}holders .*\n/m.test(running.err());
  while (!isUp() && running.child.exitCode === null)
    await Promise.race([once(running.child.stderr, 'data'), running.ended]);
  const port = (name: string): number =>
    Number(new RegExp(`^ {2}${name} +https?://127\\.0\\.0\\.1:(\\d+)`, 'm').exec(running.err())?.[1]);
  return { webhook: port('webhook'), doors: port('doors'), operations: port('operations') };
}

async function open(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ca: await readFile(join(certDir, 'ca.crt')) });
  await once(socket, 'secureConnect');
  return socket;
}

async function post(
  port: number,
  agent: Agent,
): Promise<{ status: number | undefined; connection: string | undefined }> {
  const asked = request({
    port,
    host: '127.0.0.1',
    path: '/validate',
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  });
  asked.end(review);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode, connection: answer.headers.connection };
}

async function accepts(port: number): Promise<boolean> {
  const probe = connectPlain(port, '127.0.0.1');
  const isOpen = await once(probe, 'connect').then(
    () => true,
    () => false,
  );
  probe.destroy();
  return isOpen;
}

describe('serve', () => {
  it('makes its certificate, is ready, answers the line it prints, and ends with 0', async () => {
    const running = start();
    const ports = await listening(running);
    const line = /curl --cacert (\S+) (\S+) --data-binary '([^']+)'/.exec(running.err()) ?? [];
    const ready = await fetch(`http://127.0.0.1:${ports.operations}/readyz`);
    const [, ca = '', url = '', body = ''] = line;
    const asked = request(url, { method: 'POST', ca: await readFile(ca) });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const text = (await answer.toArray()).join('');
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual([0, null]);
    expect([ready.status, answer.statusCode, /^ {2}port +80\/TCP 30[12]\d\d from pool shop /m.test(text)]).toEqual([
      200,
      200,
      true,
    ]);
    const logged = running
      .out()
      .trim()
      .split('\n')
      .map((row): unknown => JSON.parse(row));
    expect(logged).toMatchObject([{ door: 'dry-run', namespace: 'shop', name: 'web', decision: 'deny' }]);
  });

  it('answers what has begun when it is stopped, and says Connection: close; nobody else holds it up', async () => {
    const running = start();
    const { webhook, operations } = await listening(running);
    const begun = await open(webhook);
    begun.write(
      `POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${review.length}\r\n\r\n`,
    );
    begun.write(review.subarray(0, 100));
    const unused = await open(webhook);
    const agent = new Agent({ keepAlive: true, ca: await readFile(join(certDir, 'ca.crt')) });
    expect(await post(webhook, agent)).toEqual({ status: 200, connection: 'keep-alive' });
    const chunks: Buffer[] = [];
    begun.on('data', (chunk: Buffer) => chunks.push(chunk));

    const isIdleClosed = once(unused, 'close');
    running.child.kill('SIGTERM');
    await isIdleClosed;
    const ready = await fetch(`http://127.0.0.1:${operations}/readyz`);
    const refused = once(connectPlain(webhook, '127.0.0.1'), 'connect');
    await expect(refused).rejects.toThrow('ECONNREFUSED');
    begun.write(review.subarray(100));
    await once(begun, 'close');
    agent.destroy();
    const answer = Buffer.concat(chunks).toString();
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons: ['shutting down'] }]);
    expect([answer.split('\r\n')[0], /^connection: close\r$/m.test(answer), answer.includes('"allowed":true')]).toEqual(
      ['HTTP/1.1 200 OK', true, true],
    );
    expect(await running.ended).toEqual([0, null]);
    expect(running.out()).toContain('"decision":"untouched"');
  });

  it('ends at once at the second signal', async () => {
    const running = start();
    const { webhook } = await listening(running);
    const begun = await open(webhook);
    begun.on('error', () => begun.destroy());
    begun.write(
      'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    running.child.kill('SIGTERM');
    while (await accepts(webhook));
    running.child.kill('SIGINT');
    expect(await running.ended).toEqual([130, null]);
  });

  it('takes the same signal in the same moment for one: npm forwards what the terminal has sent already', async () => {
    const running = start();
    await listening(running);
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect(await running.ended).toEqual([0, null]);
  });

  it('runs, but is not ready, with a policy that does not compile', async () => {
    await writeFile(
      join(directory, 'bad.yaml'),
      'apiVersion: nodeport-gate.dev/v1alpha1\nkind: NodePortPolicy\nmetadata: {name: a}\nspec: {rules: {protocols: {allowed: TCP}}}\n',
    );
    await mkdir(join(directory, 'empty'));
    const running = start('--policy', 'bad.yaml', '--policy', 'empty');
    const { operations } = await listening(running);
    const ready = await fetch(`http://127.0.0.1:${operations}/readyz`);
    const { reasons } = (await ready.json()) as { reasons: readonly string[] };
    const lines = running.err().split('\n').slice(0, 2);
    expect([ready.status, reasons]).toEqual([503, lines]);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['empty:', 'bad.yaml:4:37:']);
  });

  it('warns at start of what will matter soon', async () => {
    const document = (kind: string, name: string, spec: object): object => {
      return { apiVersion: 'nodeport-gate.dev/v1alpha1', kind, metadata: { name }, spec };
    };
    await writeFile(
      join(directory, 'ending.yaml'),
      [
        document('NodePortPolicy', 'default', { preset: 'baseline' }),
        document('NodePortException', 'over', {
          rules: ['external-traffic-policy'],
          namespaces: ['erp'],
          reason: 'vendor',
          expires: '2020-01-31',
        }),
      ]
        .map((part) => JSON.stringify(part))
        .join('\n---\n'),
    );
    const service = (name: string): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    });
    const items = [service('a'), service('b')];
    await writeFile(join(directory, 'dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const running = start('--policy', 'ending.yaml', '--inventory', 'dump.json');
    await listening(running);
    expect(running.err().split('\n').slice(0, 2)).toEqual([
      'exception over ended after 2020-01-31 (UTC) and excuses nothing; renew or remove it',
      'dump.json: this node port has several holders: 30080 (shop/a, shop/b); give each Service a number of its own',
    ]);
  });

  it('serves the page, and maps what --inventory tells, even through a pipe: audited at once, and again by a new policy', async () => {
    const policy = (preset: string): string =>
      JSON.stringify({
        apiVersion: 'nodeport-gate.dev/v1alpha1',
        kind: 'NodePortPolicy',
        metadata: { name: 'default' },
        spec: { preset },
      });
    await writeFile(join(directory, 'mapped.yaml'), policy('none'));
    const web = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] },
    };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } };
    const dump = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [web, node] });
    const running = startWith(dump, '--policy', 'mapped.yaml', '--inventory', '/dev/stdin');
    const { doors } = await listening(running);
    const findings = async (): Promise<unknown> => {
      const answer = await fetch(`http://127.0.0.1:${doors}/ports`);
      const { services, notKnown } = (await answer.json()) as PortMap;
      return [services.flatMap((service) => service.findings.map(({ rule }) => rule)), notKnown];
    };
    const unlisted = ['endpointslices', 'pods', 'namespaces'];
    await expectSoon(findings, [[], unlisted]);
    await writeFile(join(directory, 'mapped.yaml'), policy('restricted'));
    await expectSoon(findings, [['source-cidrs'], unlisted]);
    const page = await fetch(`http://127.0.0.1:${doors}/`);
    expect([page.status, page.headers.get('content-type'), (await page.text()).startsWith('<!doctype html>')]).toEqual([
      200,
      'text/html; charset=utf-8',
      true,
    ]);
  });

  it('ends where something of --inventory cannot be read, which may hold what would be given away', async () => {
    const web = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } };
    const api = { ...web, metadata: { name: 'api', namespace: 'shop' }, spec: { ports: 'http' } };
    const dump = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [web, api] });
    const running = startWith(dump, '--inventory', '-');
    const ended = await running.ended;
    expect([ended, running.err()]).toEqual([
      [2, null],
      'stdin:1:222: Service shop/api cannot be read: spec.ports: "http" is a string; write a list of ports\n',
    ]);
  });

  it.each([
    ['an empty List', [], []],
    ['namespaces alone', [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }], []],
    [
      'pods alone',
      [{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'web' }, spec: {} }],
      [
        'stdin: there is no Service among 1 object; make it with kubectl get services,endpointslices,nodes,pods,namespaces -A -o json',
      ],
    ],
  ])('takes an inventory of %s for what it is', async (_, items, complaints) => {
    const dump = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const running = startWith(dump, '--inventory', '-');
    if (complaints.length === 0) await listening(running);
    else await running.ended;
    expect(
      running
        .err()
        .split('\n')
        .filter((line) => line.startsWith('stdin: ')),
    ).toEqual(complaints);
  });

  it('says which flag to use when a port is in use, and opens none', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const running = start('--doors-port', String(port));
    const ended = await running.ended;
    other.close();
    expect([ended, running.err()]).toEqual([
      [2, null],
      `127.0.0.1:${port} is in use; stop the other program, or choose another port with --doors-port\n`,
    ]);
  });
});
