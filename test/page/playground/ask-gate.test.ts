import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askGate, dryRunUrl } from '../../../src/page/playground/ask-gate.ts';

let server: Server;
let url: string;
let requests: unknown[];

/** It answers with what it was sent, as a message; never to who asks for nothing. */
beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => void echo(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const { method, url: path, headers } = request;
  requests.push({ method, path, accept: headers.accept, type: headers['content-type'], body });
  if (body !== '') response.writeHead(400).end(JSON.stringify({ error: { code: 'echo', message: body } }));
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a question', () => {
  it('is the text as it is, and what it cannot say itself', async () => {
    const question = { text: 'a: "ü"\r\n\u0000', namespace: 'shop', operation: 'UPDATE' as const };
    expect(await askGate(url, question, new AbortController().signal)).toEqual({
      kind: 'refused',
      code: 'echo',
      message: question.text,
    });
    expect(requests).toEqual([
      {
        method: 'POST',
        path: '/dry-run?namespace=shop&operation=UPDATE',
        accept: 'application/json',
        type: 'application/yaml',
        body: question.text,
      },
    ]);
  });

  it('is given up at once', async () => {
    const given = new AbortController();
    const answer = askGate(url, { text: '', namespace: '', operation: 'CREATE' }, given.signal);
    given.abort();
    expect(await answer).toEqual({ kind: 'silent', message: 'it cannot be reached' });
  });

  it('may find no gate', async () => {
    server.close();
    const question = { text: 'x', namespace: '', operation: 'CREATE' as const };
    expect(await askGate(url, question, new AbortController().signal)).toEqual({
      kind: 'silent',
      message: 'it cannot be reached',
    });
  });
});

it.each([
  [{ namespace: '', operation: 'CREATE' as const }, '/dry-run'],
  [{ namespace: 'a&b=c', operation: 'CREATE' as const }, '/dry-run?namespace=a%26b%3Dc'],
  [{ namespace: '', operation: 'UPDATE' as const }, '/dry-run?operation=UPDATE'],
])('%j', (about, address) => {
  expect(dryRunUrl('/', about)).toBe(address);
});
