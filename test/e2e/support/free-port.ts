import { once } from 'node:events';
import { createServer } from 'node:net';

const FROM = 20_000;
const COUNT = 10_000;
const given = new Set<number>();

/**
 * A port of 127.0.0.1 on which nothing listens, the same one never twice. Below the ports that the operating system gives
 * to outgoing connections: a process that is restarted must get its port back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * COUNT);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
