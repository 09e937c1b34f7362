import { expect, it } from 'vitest';
import { gateKeysOf } from '../../../src/page/playground/gate-keys.ts';

it('finds the pools and the suppressions that the policy allows', () => {
  const documents = [
    { kind: 'NodePortPolicy', spec: { allowSuppressions: ['source-cidrs', 'protocols'] } },
    { kind: 'NodePortPolicy', spec: { allowSuppressions: ['protocols'] } },
    { kind: 'NodePortPolicy', spec: {} },
    {
      kind: 'NodePortPool',
      metadata: { name: 'shop' },
      spec: { ports: ['30100-30199', '30500'], contact: 'shop@example.com' },
    },
    { kind: 'NodePortPool', metadata: { name: 'rest' }, spec: { ports: ['31000-31499'] } },
    { kind: 'NodePortException', metadata: { name: 'x' } },
  ];
  expect(gateKeysOf({ hash: 'sha256:0', documents })).toEqual({
    pools: [
      { name: 'shop', description: '30100-30199, 30500 (shop@example.com)' },
      { name: 'rest', description: '31000-31499' },
    ],
    suppressible: ['protocols', 'source-cidrs'],
  });
});

it.each([undefined, null, 'no', {}, { documents: 1 }, { documents: [null, 1, 'x', {}] }])('%j has none', (answer) => {
  expect(gateKeysOf(answer)).toEqual({ pools: [], suppressible: [] });
});
