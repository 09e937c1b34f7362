import { expect, it } from 'vitest';
import { rules } from '../src/rules/index.ts';
import { tables } from './support/case-tables.ts';
import { testRule } from './support/rule-tester.ts';

it('has a table for every rule', () => {
  expect(tables.map(({ rule }) => rule.meta.name)).toEqual(rules.map(({ meta }) => meta.name));
});

for (const table of tables) testRule(table);
