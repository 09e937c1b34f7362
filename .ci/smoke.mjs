// Starts the gate as a person would, `npm start`, on free ports, asks it one question, and stops it with a signal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

const READY_MS = 15_000;
const SERVICE = `
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {nodeport-gate.dev/source-cidrs: 203.0.113.0/24}
spec:
  type: NodePort
  externalTrafficPolicy: Local
  ports: [{name: http, port: 80}]
`;

const [webhook, operations, doors] = await freePorts(3);
const flags = ['--port', webhook, '--operations-port', operations, '--doors-port', doors].map(String);
const started = Date.now();
const gate = spawn('npm', ['start', '--', ...flags], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
const ended = once(gate, 'exit');
process.once('SIGTERM', () => {
  process.kill(-gate.pid, 'SIGKILL');
  process.exit(143);
});
try {
  await ready();
  console.log(`ready after ${Date.now() - started} ms`);
  await judged();
} finally {
  await stop();
}

async function ready() {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const status = await ask(httpRequest, `http://127.0.0.1:${operations}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (gate.exitCode !== null) throw new Error(`npm start ended with ${gate.exitCode}`);
    if (Date.now() > deadline) throw new Error(`not ready after ${READY_MS} ms; /readyz says ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The port is a function of the manifest and the pool, so it is the same on every machine. */
async function judged() {
  const answer = await ask(httpsRequest, `https://127.0.0.1:${webhook}/dry-run`, {
    method: 'POST',
    ca: readFileSync('certs/ca.crt'),
    headers: { accept: 'application/json', 'content-type': 'application/yaml' },
    body: SERVICE,
  });
  console.log(answer.text);
  const { summary, items } = JSON.parse(answer.text);
  const [{ allowed, assigned, patch }] = items;
  const [{ nodePort }] = assigned;
  expectSame('status', answer.status, 200);
  expectSame('summary', summary, { objects: 1, allowed: 1, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } });
  expectSame('allowed', allowed, true);
  expectSame('assigned', assigned, [{ port: 'http', protocol: 'TCP', nodePort, pool: 'shop', because: 'hash' }]);
  expectSame('in the pool', nodePort >= 30100 && nodePort <= 30299, true);
  expectSame('patch', patch, [{ op: 'add', path: '/spec/ports/0/nodePort', value: nodePort }]);
}

async function stop() {
  // To npm alone: what a supervisor signals must take the gate with it.
  gate.kill('SIGTERM');
  const late = setTimeout(() => {
    process.exitCode = 1;
    console.error('SIGTERM was not enough');
    process.kill(-gate.pid, 'SIGKILL');
  }, 10_000);
  await ended;
  clearTimeout(late);
  const isLeft = await ask(httpRequest, `http://127.0.0.1:${operations}/livez`).then(
    () => true,
    () => false,
  );
  if (isLeft) throw new Error('npm has ended, but the gate still answers');
}

function expectSame(what, actual, expected) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what} is ${JSON.stringify(actual)}; want ${JSON.stringify(expected)}`);
}

async function ask(makeRequest, url, { body, ...options } = {}) {
  const request = makeRequest(url, { timeout: 5_000, ...options });
  request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)));
  request.end(body);
  const [response] = await once(request, 'response');
  const text = (await response.toArray()).join('');
  return { status: response.statusCode, text };
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
