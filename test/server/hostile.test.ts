import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { policyDocument, policyOf } from '../support/policy.ts';
import { startTlsGate } from './tls-gate.ts';

const running = await startTlsGate(policyOf(policyDocument({ 'node-port-range': {} })));

afterAll(async () => {
  await running.close();
});

const SERVICE = {
  uid: 'uid-1',
  kind: { group: '', version: 'v1', kind: 'Service' },
  resource: { group: '', version: 'v1', resource: 'services' },
  name: 'web',
  namespace: 'shop',
  operation: 'CREATE',
  object: {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
  },
};

function review(request: unknown): string {
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

function withPort(port: string): string {
  return review(SERVICE).replace('{"port":80,"nodePort":30080}', port);
}

/** After every attack the next request gets its verdict. */
afterEach(async () => {
  const answer = await running.send('/validate', review(SERVICE));
  if (!answer.text.includes('"allowed":true')) throw new Error(`the next request got ${answer.status} ${answer.text}`);
});

interface Attack {
  readonly name: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  readonly message: string | RegExp;
}

const HOW_TO_SEND = 'send an AdmissionReview of admission.k8s.io/v1';

const attacks: readonly Attack[] = [
  {
    name: 'malformed JSON',
    body: '{"request": ',
    status: 400,
    code: 'malformed-json',
    message: /^the body is no JSON \(.+\); send an AdmissionReview$/,
  },
  {
    name: 'an empty body',
    body: '',
    status: 400,
    code: 'malformed-json',
    message: 'the body is no JSON (the body is empty); send an AdmissionReview',
  },
  {
    name: 'bytes that are no UTF-8',
    body: Buffer.from([0x22, 0xff, 0x22]),
    status: 400,
    code: 'malformed-text',
    message: 'the body is not UTF-8; send it in UTF-8',
  },
  {
    name: 'another content type',
    body: '{}',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported-media-type',
    message: 'text/plain is not supported; send Content-Type: application/json',
  },
  {
    name: 'a malformed content type',
    body: '{}',
    headers: { 'content-type': 'json' },
    status: 415,
    code: 'unsupported-media-type',
    message: 'json is not supported; send Content-Type: application/json',
  },
  {
    name: 'a content type that is nearly right',
    body: '{}',
    headers: { 'content-type': 'application/jsonp' },
    status: 415,
    code: 'unsupported-media-type',
    message: 'application/jsonp is not supported; send Content-Type: application/json',
  },
  { name: 'null', body: 'null', status: 400, code: 'invalid-review', message: `this is missing; ${HOW_TO_SEND}` },
  { name: 'a list', body: '[]', status: 400, code: 'invalid-review', message: `this is a list; ${HOW_TO_SEND}` },
  {
    name: 'no request',
    body: '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}',
    status: 400,
    code: 'invalid-review',
    message: `request: this is missing; ${HOW_TO_SEND}`,
  },
  {
    name: 'no uid',
    body: review({ ...SERVICE, uid: undefined }),
    status: 400,
    code: 'invalid-review',
    message: 'request.uid: this is missing; send a uid, it comes back in the answer',
  },
  {
    name: 'a port that is a string',
    body: withPort('{"port":80,"nodePort":"30080"}'),
    status: 400,
    code: 'invalid-review',
    message: /^request\.object\.spec\.ports\[0\]\.nodePort: "30080" is a string; /,
  },
  {
    name: 'a port beyond int32',
    body: withPort('{"port":80,"nodePort":2147483648}'),
    status: 400,
    code: 'invalid-review',
    message: /^request\.object\.spec\.ports\[0\]\.nodePort: 2147483648 /,
  },
  {
    name: 'a port that is a fraction',
    body: withPort('{"port":80,"nodePort":30080.5}'),
    status: 400,
    code: 'invalid-review',
    message: /^request\.object\.spec\.ports\[0\]\.nodePort: 30080\.5 /,
  },
  {
    name: 'a port beyond every number',
    body: withPort('{"port":80,"nodePort":1e999}'),
    status: 400,
    code: 'invalid-review',
    message: /^request\.object\.spec\.ports\[0\]\.nodePort: Infinity /,
  },
  {
    name: 'a __proto__ key',
    body: withPort('{"port":80,"__proto__":{"nodePort":22}}'),
    status: 400,
    code: 'invalid-review',
    message: '"__proto__" is used as a key; remove it',
  },
  {
    name: 'an object nested 3,000 deep',
    body: withPort(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`),
    status: 400,
    code: 'invalid-review',
    message: 'the input is nested deeper than 100 levels; send a Kubernetes object',
  },
  {
    name: 'a list nested a million deep',
    body: `${'['.repeat(1e6)}${']'.repeat(1e6)}`,
    status: 400,
    code: 'invalid-review',
    message: 'the input is nested deeper than 100 levels; send a Kubernetes object',
  },
];

describe.each(['/mutate', '/validate'])('%s', (path) => {
  it.each(attacks)('answers $name with $status $code', async ({ body, headers, status, code, message }) => {
    const answer = await running.send(path, body, headers === undefined ? {} : { headers });
    expect({ status: answer.status, type: answer.headers['content-type'], json: answer.json }).toEqual({
      status,
      type: 'application/json; charset=utf-8',
      json: { error: { code, message: typeof message === 'string' ? message : expect.stringMatching(message) } },
    });
  });

  it('takes a content type with a parameter', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await running.send(path, review(SERVICE), { headers })).status).toBe(200);
  });

  it.each([
    ['with its length', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('answers 9 MiB of body with 413, sent %s', async (_, headers) => {
    const answer = await running.send(path, Buffer.alloc(9 * 2 ** 20, 0x20), { headers });
    expect([answer.status, answer.json]).toEqual([
      413,
      { error: { code: 'body-too-large', message: 'the body is larger than 8 MiB; send less' } },
    ]);
  });

  it('takes 7 MiB of body', async () => {
    const annotations = { big: 'x'.repeat(7 * 2 ** 20) };
    const body = review({
      ...SERVICE,
      object: { ...SERVICE.object, metadata: { ...SERVICE.object.metadata, annotations } },
    });
    expect((await running.send(path, body)).status).toBe(200);
  });

  it('answers another method with 405 and says which to use', async () => {
    const answer = await running.send(path, '', { method: 'PUT' });
    expect([answer.status, answer.headers.allow, answer.json]).toEqual([
      405,
      'POST',
      { error: { code: 'method-not-allowed', message: `PUT ${path} is not possible; use POST` } },
    ]);
  });
});

describe('the router', () => {
  it.each([
    ['/nothing', 404, 'not-found', 'POST /nothing is no route of this listener'],
    ['/__proto__', 404, 'not-found', 'POST /__proto__ is no route of this listener'],
    ['/validate/', 404, 'not-found', 'POST /validate/ is no route of this listener'],
    ['/%ff', 400, 'invalid-url', '/%ff is no URL; check its percent signs'],
  ])('answers %s with %i', async (path, status, code, message) => {
    const answer = await running.send(path, '{}');
    const text = `${JSON.stringify({ error: { code, message } })}\n`;
    expect([answer.status, answer.text]).toEqual([status, text]);
  });
});

async function open(): Promise<{ socket: TLSSocket; text: Promise<string> }> {
  const socket = connect({ port: running.port, host: '127.0.0.1', ca: running.ca });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => socket.destroy());
  const text = new Promise<string>((resolve) => socket.once('close', () => resolve(Buffer.concat(chunks).toString())));
  return { socket, text };
}

function bodyOf(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
}

describe('clients that do not speak HTTP', () => {
  it('get one JSON error and a closed connection', async () => {
    const { socket, text } = await open();
    socket.write('hello, is anybody there?\r\n\r\n');
    const answer = await text;
    expect([answer.split('\r\n')[0], bodyOf(answer)]).toEqual([
      'HTTP/1.1 400 Bad Request',
      { error: { code: 'malformed-http', message: 'the request is no HTTP/1.1; send it with an HTTP client' } },
    ]);
  });

  it('get 431 for 64 KiB of headers', async () => {
    const { socket, text } = await open();
    socket.write(`POST /validate HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(65_536)}\r\n\r\n`);
    const answer = await text;
    expect([answer.split('\r\n')[0], bodyOf(answer)]).toEqual([
      'HTTP/1.1 431 Request Header Fields Too Large',
      { error: { code: 'headers-too-large', message: 'the headers are larger than 16 KiB; send fewer' } },
    ]);
  });

  it('are cut off when they speak no TLS either', async () => {
    const socket = connectPlain(running.port, '127.0.0.1');
    const closed = new Promise<string>((resolve) => {
      socket.once('close', () => resolve('closed'));
      socket.on('error', () => socket.destroy());
    });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.resume();
    expect(await closed).toBe('closed');
  });

  it('may go away in the middle of a body', async () => {
    const { socket, text } = await open();
    socket.write(
      'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{',
    );
    await new Promise((resolve) => socket.once('drain', resolve).write('', resolve));
    socket.destroy();
    expect(await text).toBe('');
  });

  it('may be slow: others are answered meanwhile', async () => {
    const { socket } = await open();
    socket.write(
      'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{',
    );
    const answer = await running.send('/validate', review(SERVICE));
    expect(answer.status).toBe(200);
    socket.destroy();
  });
});
