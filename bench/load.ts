import { connect, type TLSSocket } from 'node:tls';

/** What one connection after another has measured. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Microseconds, ascending: one for each request. */
  readonly latencies: Float64Array;
}

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

const HEADER_END = '\r\n\r\n';

/**
 * Keeps every connection busy with one request at a time, as an API server's connection pool does. Sockets and bytes only:
 * an HTTP client would cost more than the servers that are measured.
 */
export async function applyLoad({ port, path, body, connections, seconds }: Target): Promise<Load> {
  const request = Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      'Accept: application/json, */*',
      'Content-Type: application/json',
      'User-Agent: kube-apiserver-admission',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const latencies: number[] = [];
  const started = performance.now();
  const deadline = started + seconds * 1000;
  await Promise.all(sockets.map((socket) => keepBusy(socket, request, deadline, latencies)));
  const elapsed = (performance.now() - started) / 1000;
  for (const socket of sockets) socket.destroy();
  return { requests: latencies.length, seconds: elapsed, latencies: Float64Array.from(latencies).sort() };
}

/** The latency in microseconds that this share of the requests stayed below. */
export function percentile({ latencies }: Load, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? Number.NaN;
}

function open(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    socket.setNoDelay(true);
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function keepBusy(socket: TLSSocket, request: Buffer, deadline: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    let sentAt = 0;
    const send = (): void => {
      received = '';
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection that was kept alive')));
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (!isComplete(received)) return;
      const now = performance.now();
      latencies.push((now - sentAt) * 1000);
      if (!received.startsWith('HTTP/1.1 200 ')) reject(new Error(received.slice(0, 200)));
      else if (now < deadline) send();
      else {
        socket.removeAllListeners('close');
        resolve();
      }
    });
    send();
  });
}

function isComplete(answer: string): boolean {
  const end = answer.indexOf(HEADER_END);
  if (end < 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
  return answer.length - end - HEADER_END.length >= length;
}
