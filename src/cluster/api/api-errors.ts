/** No answer in time, or none at all: the network, TLS, or credentials that could not be read. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
}

/** The API server answered a watch with something else than events. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';
  readonly status: number;
  /** What the server asks to wait before the next try. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, status: number, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The API server sent something that is no answer of an API server. */
export class ApiUnreadable extends Error {
  override readonly name = 'ApiUnreadable';
}

/** The API server sent more than is read at once. */
export class ApiTooLong extends Error {
  override readonly name = 'ApiTooLong';
}

/** An operator's sentence about why no answer came; `code` is what Node says of sockets and certificates. */
export function unreachable(server: string, error: unknown): ApiUnreachable {
  if (error instanceof ApiUnreachable) return error;
  const { code, reason } = detailsOf(error);
  const says = reason.includes(code) ? reason : `${code}: ${reason}`;
  const message = /CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO_/u.test(code)
    ? `${server} shows a certificate that is not trusted (${says}); check the certificate authority of the credentials`
    : `${server} is unreachable (${says}); check the address and the network`;
  return new ApiUnreachable(message, { cause: error });
}

function detailsOf(error: unknown): { readonly code: string; readonly reason: string } {
  // Node reports a host with several addresses as one error with an empty message around the real ones.
  const real: unknown = error instanceof AggregateError ? (error.errors.at(-1) ?? error) : error;
  if (!(real instanceof Error)) return { code: '', reason: String(real) };
  const code = 'code' in real && typeof real.code === 'string' ? real.code : '';
  return { code, reason: real.message === '' ? real.name : real.message };
}
