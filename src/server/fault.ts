/** Everything an error answer says; `code` is for programs, kebab-case, and never changes its meaning. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Thrown by a door to answer `{"error":{"code","message"}}` with its status. */
export class RequestFault extends Error {
  readonly fault: Fault;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'RequestFault';
    this.fault = { status, code, message };
  }
}

export const JSON_TYPE = 'application/json; charset=utf-8';

const NO_POLICY = 'no policy is loaded; see /readyz on the operations port or the log of the gate';

/** Without a policy there is no verdict: the caller's failurePolicy decides. */
export function noPolicy(): RequestFault {
  return new RequestFault(503, 'no-policy', NO_POLICY);
}

/** One line of JSON. */
export function faultBody({ code, message }: Pick<Fault, 'code' | 'message'>): string {
  return `${JSON.stringify({ error: { code, message } })}\n`;
}
