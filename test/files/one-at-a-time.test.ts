import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { oneAtATime } from '../../src/files/one-at-a-time.ts';

describe('oneAtATime', () => {
  it('never runs twice at once, and once more after calls that came meanwhile', async () => {
    const steps: string[] = [];
    let state = 'a';
    const look = oneAtATime(
      async () => {
        const seen = state;
        steps.push(`begin ${seen}`);
        await setImmediate();
        steps.push(`end ${seen}`);
      },
      (error) => steps.push(String(error)),
    );
    look();
    state = 'b';
    look();
    state = 'c';
    look();
    await expect.poll(() => steps.length).toBe(4);
    look();
    await expect.poll(() => steps.length).toBe(6);
    expect(steps).toEqual(['begin a', 'end a', 'begin c', 'end c', 'begin c', 'end c']);
  });

  it('goes on after a run that failed, and tells why', async () => {
    const steps: string[] = [];
    const look = oneAtATime(
      async () => {
        await setImmediate();
        steps.push('run');
        if (steps.length === 1) throw new Error('torn');
      },
      (error) => steps.push(String(error)),
    );
    look();
    look();
    await expect.poll(() => steps).toEqual(['run', 'Error: torn', 'run']);
    look();
    await expect.poll(() => steps.length).toBe(4);
  });
});
