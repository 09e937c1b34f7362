import { afterEach } from 'vitest';
import { lastLogLines } from './child.ts';

afterEach(({ task }) => {
  if (task.result?.state === 'fail') process.stderr.write(`${task.name}\n${lastLogLines(6)}\n`);
});
