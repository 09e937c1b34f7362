import { expect, it } from 'vitest';
import { oldNode } from '../../src/cli/node-version.ts';

it.each(['v22.19.0', 'v22.20.1', 'v23.0.0', 'v24.1.0-nightly20261101', 'v100.0.0'])('%s is new enough', (running) => {
  expect(oldNode(running, '>=22.19')).toBeUndefined();
});

it.each(['v22.18.9', 'v22.9.0', 'v20.20.2', 'v9.99.0'])('%s is too old', (running) => {
  expect(oldNode(running, '>=22.19')).toBe(
    `nodeport-gate needs Node 22.19 or later, this is ${running}; install one, or run integrations/nodeport-gate.sh of a checkout, which brings its own`,
  );
});
