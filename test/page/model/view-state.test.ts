import { describe, expect, it } from 'vitest';
import { isFiltered, readHash, type ViewState, writeHash } from '../../../src/page/model/view-state.ts';

const START: ViewState = { tab: 'map', filters: { query: '' } };

const FULL: ViewState = {
  tab: 'findings',
  filters: { query: 'web shop', namespace: 'shop', pool: 'team-a', trait: 'open-to-world', level: 'deny', rule: 'x' },
  port: 30_080,
};

describe('the hash of the address', () => {
  it.each<[hash: string, view: ViewState]>([
    ['', START],
    ['#q=a%26b%23%3C', { ...START, filters: { query: 'a&b#<' } }],
    ['#port=22', { ...START, port: 22 }],
    ['#tab=findings&q=web+shop&namespace=shop&pool=team-a&show=open-to-world&level=deny&rule=x&port=30080', FULL],
  ])('%s is read and written', (hash, view) => {
    expect([readHash(hash), writeHash(view)]).toEqual([view, hash]);
  });

  it.each([
    '#tab=nothing',
    '#show=__proto__&level=fatal',
    '#port=0',
    '#port=65536',
    '#port=1e3',
    '#port=-1',
    '#%',
    '#pool=',
  ])('%s asks for nothing that there is', (hash) => {
    expect(readHash(hash)).toEqual(START);
  });
});

it('knows whether anything is asked for', () => {
  expect([{ query: ' ' }, { query: 'a' }, { query: '', pool: 'a' }].map(isFiltered)).toEqual([false, true, true]);
});
