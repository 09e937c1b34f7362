import { describe, expect, it } from 'vitest';
import { atlasOf } from '../../../src/page/model/atlas.ts';
import { type FindingList, findingList, foundText } from '../../../src/page/model/finding-list.ts';
import { matchText, search } from '../../../src/page/model/search.ts';
import type { Filters } from '../../../src/page/model/view-state.ts';
import { MAP } from '../support/maps.ts';

const atlas = atlasOf(MAP);

/** What is found, in a few letters. */
function found(filters: Partial<Filters>): readonly string[] {
  return search(atlas, { query: '', ...filters }).entries.map(
    ({ number, kind, namespace, name }) => `${number} ${kind} ${namespace}/${name}`,
  );
}

const FREE = ['30004 free /', '30006 free /', '30009 free /'];

describe('a search', () => {
  it.each<[what: string, filters: Partial<Filters>, entries: readonly string[]]>([
    ['a name', { query: 'WEB' }, ['30000 held shop/web']],
    ['a namespace and a name', { query: 'team-a/api' }, ['30001 held team-a/api']],
    ['two words, both', { query: ' api   8080 ' }, ['30001 held shop/api']],
    ['a word too many', { query: 'net@example nobody' }, []],
    [
      'a contact',
      { query: 'net@example' },
      ['30000 held shop/web', '30000 squatted erp/alias', '30001 held shop/api', '30001 held team-a/api'],
    ],
    ['a finding', { query: 'open to' }, ['30000 held shop/web']],
    ['part of a number', { query: '3000 sql' }, ['30005 held team-a/db']],
    ['a number that nothing has', { query: '30006' }, ['30006 free /']],
    ['a number twice', { query: '30002 30002' }, ['30002 reserved /']],
    ['a number outside the range that nothing has', { query: '80' }, ['30001 held shop/api']],
    ['a namespace', { namespace: 'erp' }, ['30000 squatted erp/alias', '30008 squatted erp/old']],
    ['a pool', { pool: 'team-a' }, ['30005 held team-a/db']],
    ['a pool that is not the first to have a number', { pool: 'team-a', trait: 'reserved' }, ['30003 reserved /']],
    ['a pool that there is not', { pool: 'nobody' }, []],
    ['a pool and what is free', { pool: 'team-a', trait: 'free' }, ['30004 free /']],
    ['what is free', { trait: 'free' }, FREE],
    ['what is reserved', { trait: 'reserved' }, ['30002 reserved /', '30003 reserved /']],
    ['host ports', { trait: 'host-port' }, ['30007 host-port monitoring/agent']],
    ['a mark', { trait: 'health-check' }, ['30001 held team-a/api']],
    ['a level', { level: 'deny' }, ['22 held games/lobby']],
    ['a level of another port of the Service', { level: 'audit' }, []],
    ['a rule', { rule: 'source-cidrs' }, ['30000 held shop/web']],
    ['a rule at another level', { rule: 'source-cidrs', level: 'deny' }, []],
  ])('for %s', (_, filters, entries) => {
    expect(found(filters)).toEqual(entries);
  });

  it('highlights what it finds, and without one nothing', () => {
    expect(search(atlas, { query: 'api' }).numbers).toEqual(new Set([30_001]));
    expect(search(atlas, { query: ' ' })).toEqual({ entries: atlas.entries, numbers: undefined });
  });

  it.each<[filters: Partial<Filters>, text: string]>([
    [{ query: 'api' }, '1 port of 2 holders'],
    [{ query: 'sql' }, '1 port of 1 holder'],
    [{ trait: 'free' }, '3 ports'],
    [{ query: 'nobody' }, 'nothing matches'],
  ])('for %o says what it found', (filters, text) => {
    expect(matchText(search(atlas, { query: '', ...filters }))).toBe(text);
  });
});

describe('what has findings', () => {
  const listOf = (filters: Partial<Filters>): FindingList => {
    const all = { query: '', ...filters };
    return findingList(atlas, all, search(atlas, all));
  };
  const names = (filters: Partial<Filters>): readonly string[] =>
    listOf(filters).objects.map(
      ({ title, type, findings, strictest, number }) =>
        `${title} ${type} ${strictest} ${number} ${findings.map(({ rule }) => rule).join()}`,
    );
  const lobby = 'games/lobby NodePort deny 22 node-port-range';
  const web = 'shop/web NodePort warn 30000 source-cidrs,node-port-pool';
  const agent = 'DaemonSet monitoring/agent undefined warn 30007 host-port';

  it.each<[what: string, filters: Partial<Filters>, found: readonly string[]]>([
    ['strictest first', {}, [lobby, web, agent]],
    ['of a level', { level: 'audit' }, ['shop/web NodePort audit 30000 node-port-pool']],
    ['of a rule', { rule: 'node-port-range' }, [lobby]],
    ['of pods', { namespace: 'monitoring' }, [agent]],
    ['of pods on a number of theirs', { trait: 'host-port' }, [agent]],
    ['of a namespace', { namespace: 'shop' }, [web]],
    ['of a pool', { pool: 'edge' }, [web]],
    ['of a state', { trait: 'open-to-world' }, [web]],
    ['with words', { query: 'shop world' }, [web]],
    ['with a word about its number', { query: 'net@example host-port' }, []],
    ['with a word about its number and one of its own', { query: 'net@example source-cidrs' }, [web]],
    ['of a number', { query: '30007' }, [agent]],
  ])('are listed %s', (_, filters, expected) => {
    expect(names(filters)).toEqual(expected);
  });

  it.each<[filters: Partial<Filters>, squatters: readonly string[], hostPorts: readonly string[], text: string]>([
    [{}, ['alias', 'old'], ['agent'], '3 objects with findings, 2 squatters, 1 host port'],
    [{ namespace: 'erp' }, ['alias', 'old'], [], '2 squatters'],
    [{ query: 'alias' }, ['alias'], [], '1 squatter'],
    [{ pool: 'edge' }, ['alias'], [], '1 object with findings, 1 squatter'],
    [{ level: 'warn' }, [], ['agent'], '2 objects with findings, 1 host port'],
    [{ query: 'nobody' }, [], [], 'nothing matches'],
  ])('by %o go with squatters and host ports of the same', (filters, squatters, hostPorts, text) => {
    const list = listOf(filters);
    const namesOf = (all: readonly { readonly name: string }[]): readonly string[] => all.map(({ name }) => name);
    expect([namesOf(list.squatters), namesOf(list.hostPorts), foundText(list)]).toEqual([squatters, hostPorts, text]);
  });

  it('leads to a number that is asked for', () => {
    const [port] = MAP.ports.filter(({ name }) => name === 'web');
    const ports = port === undefined ? [] : [port, { ...port, nodePort: 30_005, pool: 'team-a' }];
    const two = atlasOf({ ...MAP, ports });
    const filters: Filters = { query: '', pool: 'team-a' };
    expect(findingList(two, filters, search(two, filters)).objects.map(({ number }) => number)).toEqual([30_005]);
  });
});

it('counts a Service and a Deployment of one name as two', () => {
  const [host] = MAP.hostPorts;
  const hostPorts = host === undefined ? [] : [{ ...host, kind: 'Deployment', namespace: 'shop', name: 'web' }];
  expect(matchText(search(atlasOf({ ...MAP, hostPorts }), { query: 'shop/web' }))).toBe('2 ports of 2 holders');
});
