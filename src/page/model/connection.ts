import { clockTime } from './moment.ts';

/** How the page stands with its gate. */
export interface Connection {
  /** When the gate last answered; milliseconds since 1970. */
  readonly answeredAt: number | undefined;
  /** Questions in a row without an answer. */
  readonly failures: number;
}

export const UNASKED: Connection = { answeredAt: undefined, failures: 0 };

const POLL_MS = 5000;
const LONGEST_WAIT_MS = 60_000;

/** How long to wait before the next question: doubled with each failure. */
export function waitBefore({ failures }: Pick<Connection, 'failures'>): number {
  return Math.min(POLL_MS * 2 ** failures, LONGEST_WAIT_MS);
}

/** `connection lost, showing 12:03:10 UTC`; undefined while the gate answers. */
export function connectionText({ answeredAt, failures }: Connection): string | undefined {
  if (failures === 0) return undefined;
  return answeredAt === undefined
    ? 'the gate does not answer; asking again'
    : `connection lost, showing ${clockTime(answeredAt)}`;
}
