import type { Socket } from 'node:net';
import { own } from '../domain/json.ts';
import { type Fault, faultBody, JSON_TYPE } from './fault.ts';

/** How long a client may take to read its last answer and hang up. */
const LINGER_MS = 1_000;

interface BadHttp {
  /** What the status is called on the wire. */
  readonly reason: string;
  readonly fault: Fault;
}

const MALFORMED_HTTP: BadHttp = {
  reason: 'Bad Request',
  fault: { status: 400, code: 'malformed-http', message: 'the request is no HTTP/1.1; send it with an HTTP client' },
};

const BAD_HTTP: Readonly<Record<string, BadHttp>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    reason: 'Request Timeout',
    fault: { status: 408, code: 'request-timeout', message: 'the request was not complete in time; send it faster' },
  },
  HPE_HEADER_OVERFLOW: {
    reason: 'Request Header Fields Too Large',
    fault: { status: 431, code: 'headers-too-large', message: 'the headers are larger than 16 KiB; send fewer' },
  },
};

/**
 * For bytes that are no HTTP request: written by hand, because there is no response object. A failed or overdue TLS
 * handshake comes here too, and nothing can be written to that.
 */
export function answerBadHttp(error: Error, socket: Socket): void {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isHttp = code.startsWith('HPE_') || code.startsWith('ERR_HTTP_');
  if (!isHttp || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = own(BAD_HTTP, code);
  const { reason, fault } = known ?? MALFORMED_HTTP;
  const body = faultBody(fault);
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${fault.status} ${reason}\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
