import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { expectSoon } from '../support/eventually.ts';
import { reviewOf } from '../support/gate.ts';
import { manifest } from '../support/manifest.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { startTlsGate } from './tls-gate.ts';

const MIB = 2 ** 20;
const running = await startTlsGate(policyOf(policyDocument({ 'node-port-range': {} })));
const sockets: TLSSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(() => running.close());

/** A request whose body never ends. */
async function unfinished(header: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: running.port, ca: running.ca });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  const head = `POST /validate HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${header}\r\n\r\n`;
  await new Promise((resolve) => socket.write(`${head}{`, resolve));
}

const small = JSON.stringify(
  reviewOf(manifest({ spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] } })),
);
const large = `${small}${' '.repeat(MIB)}`;
const BUSY = { error: { code: 'too-busy', message: 'too many large requests are under way; try again in a second' } };

async function ask(body: string): Promise<readonly unknown[]> {
  const { status, headers, json } = await running.send('/validate', body);
  return status === 200 ? [200] : [status, headers['retry-after'], json];
}

describe.each([
  ['of a known length', `content-length: ${8 * MIB}`],
  ['of an unknown length', 'transfer-encoding: chunked'],
])('large bodies %s that never end', (_, header) => {
  it('keep other large ones waiting, small ones never, and nobody once they are gone', async () => {
    expect(await ask(large)).toEqual([200]);
    for (let count = 0; count < 8; count += 1) await unfinished(header);
    await expectSoon(() => ask(large), [503, '1', BUSY]);
    expect(await ask(small)).toEqual([200]);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expectSoon(() => ask(large), [200]);
  });
});
