import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

const LIMIT_MS = 10_000;
const STEP_MS = 10;

/** Waits until `read` gives `expected`, and says what it gave at last when that takes too long. */
export async function expectSoon<Value>(read: () => Value | Promise<Value>, expected: Value): Promise<void> {
  await expect.poll(read, { timeout: LIMIT_MS, interval: STEP_MS }).toEqual(expected);
}

/** For what must not happen: as long as it would take several times over. */
export function aWhile(ms: number): Promise<void> {
  return sleep(ms);
}
