import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { runTool } from '../../../src/cli/inputs/run-tool.ts';

it('ends a program that does not, and what it has started', async () => {
  const start = performance.now();
  const args = ['-c', 'sleep 30 & sleep 30'];
  expect(await runTool({ command: 'sh', args, cwd: '/', env: process.env, timeoutMs: 200 })).toEqual({
    kind: 'fault',
    reason: 'sh was not done after 0.2 seconds',
  });
  expect(performance.now() - start).toBeLessThan(5000);
});

it('says when a program cannot be run', async () => {
  expect(await runTool({ command: '/etc', args: [], cwd: '/', env: {} })).toEqual({
    kind: 'fault',
    reason: '/etc cannot be run: spawn /etc EACCES',
  });
});
