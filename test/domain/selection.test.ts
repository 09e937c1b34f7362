import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LabelSelector,
  matchesAnyGlob,
  matchesGlob,
  matchesLabels,
  matchesNamespace,
} from '../../src/domain/selection.ts';

/** What a glob means, by definition: a star is some prefix of the rest, anything else is itself. */
function matchesByDefinition(glob: string, name: string): boolean {
  if (glob === '') return name === '';
  if (glob.startsWith('*')) {
    return Array.from({ length: name.length + 1 }, (_, from) => name.slice(from)).some((rest) =>
      matchesByDefinition(glob.slice(1), rest),
    );
  }
  return glob[0] === name[0] && name !== '' && matchesByDefinition(glob.slice(1), name.slice(1));
}

function selector(
  matchLabels: Readonly<Record<string, string>>,
  ...matchExpressions: LabelSelector['matchExpressions']
): LabelSelector {
  return { matchLabels, matchExpressions };
}

describe('matchesGlob', () => {
  it.each([
    ['team-a', 'team-a', true],
    ['team-a', 'team-ab', false],
    ['team-a', 'my-team-a', false],
    ['team-*', 'team-', true],
    ['team-*', 'team', false],
    ['*-prod', 'shop-prod', true],
    ['*-prod', 'shop-prod-eu', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*a*a*', 'xax', false],
    ['a*b*c', 'a-c-b-c', true],
    ['a*bc*c', 'abc', false],
    ['*', '', true],
    ['**', 'shop', true],
    ['', '', true],
    ['', 'shop', false],
    ['shop?', 'shops', false],
    ['sho[p]', 'shop', false],
    ['sh.p', 'shop', false],
    ['Shop', 'shop', false],
    ['*.+$^', 'x.+$^', true],
  ])('%j and %j: %j', (glob, name, wanted) => {
    expect(matchesGlob(glob, name)).toBe(wanted);
  });

  it('means what a glob means', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 7 });
    fc.assert(
      fc.property(glob, text, (pattern, name) => {
        expect(matchesGlob(pattern, name)).toBe(matchesByDefinition(pattern, name));
      }),
      { numRuns: 2_000 },
    );
  });

  it('matches what it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 5 }), fc.string(), (pieces, end) => {
        const literal = (piece: string): string => piece.replaceAll('*', '');
        const glob = `${pieces.map(([piece]) => `${literal(piece)}*`).join('')}${literal(end)}`;
        const name = `${pieces.map(([piece, run]) => `${literal(piece)}${run}`).join('')}${literal(end)}`;
        expect(matchesGlob(glob, name)).toBe(true);
      }),
    );
  });

  it('takes no longer for a hostile pattern', () => {
    const started = performance.now();
    expect(matchesGlob(`${'*a'.repeat(2_000)}*b`, 'a'.repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('matchesAnyGlob', () => {
  it('needs one of them', () => {
    expect(matchesAnyGlob(['a', 'b*'], 'b1')).toBe(true);
    expect(matchesAnyGlob(['a', 'b*'], 'c')).toBe(false);
    expect(matchesAnyGlob([], 'a')).toBe(false);
  });
});

describe('matchesLabels', () => {
  const labels = { team: 'a', tier: '' };
  it.each<[string, LabelSelector, boolean]>([
    ['nothing asked', selector({}), true],
    ['an equal label', selector({ team: 'a' }), true],
    ['another value', selector({ team: 'b' }), false],
    ['one of two missing', selector({ team: 'a', env: 'prod' }), false],
    ['an empty value is a value', selector({ tier: '' }), true],
    ['In', selector({}, { key: 'team', operator: 'In', values: ['b', 'a'] }), true],
    ['In, another value', selector({}, { key: 'team', operator: 'In', values: ['b'] }), false],
    ['In, key missing', selector({}, { key: 'env', operator: 'In', values: ['prod'] }), false],
    ['NotIn', selector({}, { key: 'team', operator: 'NotIn', values: ['b'] }), true],
    ['NotIn, the value', selector({}, { key: 'team', operator: 'NotIn', values: ['a'] }), false],
    ['NotIn, key missing', selector({}, { key: 'env', operator: 'NotIn', values: ['prod'] }), true],
    ['Exists', selector({}, { key: 'tier', operator: 'Exists', values: [] }), true],
    ['Exists, key missing', selector({}, { key: 'env', operator: 'Exists', values: [] }), false],
    ['DoesNotExist', selector({}, { key: 'env', operator: 'DoesNotExist', values: [] }), true],
    ['DoesNotExist, key there', selector({}, { key: 'tier', operator: 'DoesNotExist', values: [] }), false],
    ['both parts must hold', selector({ team: 'a' }, { key: 'team', operator: 'NotIn', values: ['a'] }), false],
    ['a key of every object', selector({}, { key: 'constructor', operator: 'Exists', values: [] }), false],
    ['the prototype', selector({}, { key: '__proto__', operator: 'Exists', values: [] }), false],
  ])('%s', (_, asked, wanted) => {
    expect(matchesLabels(asked, labels)).toBe(wanted);
  });
});

describe('matchesNamespace', () => {
  const gold = selector({ plan: 'gold' });
  it.each([
    ['no criteria', { namespaces: undefined, namespaceSelector: undefined }, undefined, 'yes'],
    ['a name', { namespaces: ['shop'], namespaceSelector: undefined }, undefined, 'yes'],
    ['another name', { namespaces: ['store'], namespaceSelector: undefined }, { plan: 'gold' }, 'no'],
    ['labels', { namespaces: undefined, namespaceSelector: gold }, { plan: 'gold' }, 'yes'],
    ['other labels', { namespaces: undefined, namespaceSelector: gold }, {}, 'no'],
    ['labels that nobody knows', { namespaces: undefined, namespaceSelector: gold }, undefined, 'unknown'],
    [
      'an empty selector still needs the labels',
      { namespaces: undefined, namespaceSelector: selector({}) },
      undefined,
      'unknown',
    ],
    [
      'a wrong name decides before labels that nobody knows',
      { namespaces: ['store'], namespaceSelector: gold },
      undefined,
      'no',
    ],
    ['a name and labels that nobody knows', { namespaces: ['sh*'], namespaceSelector: gold }, undefined, 'unknown'],
    ['a name and other labels', { namespaces: ['sh*'], namespaceSelector: gold }, { plan: 'free' }, 'no'],
    ['a name and labels', { namespaces: ['sh*'], namespaceSelector: gold }, { plan: 'gold' }, 'yes'],
    ['no name at all', { namespaces: [], namespaceSelector: undefined }, undefined, 'no'],
  ] as const)('%s', (_, criteria, labels, wanted) => {
    expect(matchesNamespace(criteria, 'shop', labels)).toBe(wanted);
  });
});
