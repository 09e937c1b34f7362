import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newestAnswer } from '../../../src/page/playground/newest-answer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A gate that takes its time, and says what happens to it. */
function slowGate(millis: number) {
  const events: string[] = [];
  let underWay = 0;
  const asker = newestAnswer<string, string>({
    delayMs: 250,
    ask: (question, signal) =>
      new Promise((resolve) => {
        underWay += 1;
        events.push(`${question} asked${underWay > 1 ? `, ${underWay} under way` : ''}`);
        const end = (how: string): void => {
          underWay -= 1;
          events.push(`${question} ${how}`);
          resolve(question);
        };
        const timer = setTimeout(() => end('done'), millis);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          end('given up');
        });
      }),
    answered: (answer, question) => events.push(`${question} answered: ${answer}`),
  });
  return { asker, events };
}

describe('of many questions', () => {
  it('only the last of a burst is asked', async () => {
    const { asker, events } = slowGate(10);
    for (const question of ['a', 'ab', 'abc']) {
      asker.ask(question);
      await vi.advanceTimersByTimeAsync(249);
    }
    expect(events).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(events).toEqual(['abc asked', 'abc done', 'abc answered: abc']);
  });

  it('an older one is given up before the next is asked, and never answered', async () => {
    const { asker, events } = slowGate(1000);
    asker.ask('a');
    await vi.advanceTimersByTimeAsync(300);
    asker.ask('ab');
    await vi.advanceTimersByTimeAsync(2000);
    expect(events).toEqual(['a asked', 'a given up', 'ab asked', 'ab done', 'ab answered: ab']);
  });

  it('none is asked or answered after the end', async () => {
    const { asker, events } = slowGate(1000);
    asker.ask('a');
    await vi.advanceTimersByTimeAsync(300);
    asker.stop();
    await vi.advanceTimersByTimeAsync(2000);
    asker.ask('b');
    asker.stop();
    await vi.advanceTimersByTimeAsync(2000);
    expect(events).toEqual(['a asked', 'a given up']);
  });
});
