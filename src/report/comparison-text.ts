import { counted, firstOf } from '../domain/text.ts';
import { aligned } from './aligned.ts';
import type { ComparedItem, Comparison } from './comparison.ts';
import { harmless } from './harmless.ts';
import { objectTitle } from './object-title.ts';
import type { Paint } from './paint.ts';
import { rulesByLevel } from './rules-by-level.ts';
import { shortHash } from './short-hash.ts';

/** Of Services that would be stopped, of those that would be let in, and of rules. */
const MOST = 10;
const MOST_FINDINGS = 3;

/** What another policy would change. First whom it would stop, because that is why somebody asks. */
export function comparisonText({ policy, summary, items }: Comparison, paint: Paint): string {
  const { objects, changed } = summary;
  const title = paint('file', `with policy ${harmless(shortHash(policy.hash))} instead`);
  const count = changed === 0 ? 'nothing would change' : `${changed} of ${counted(objects, 'object')} would change`;
  const lines = [
    ...strandedLines(items, paint),
    ...freedLines(items),
    ...ruleLines(items, 'appearing', 'findings that it adds'),
    ...ruleLines(items, 'disappearing', 'findings that it takes away'),
  ];
  return [`${title}: ${count}`, ...indented(lines)].join('\n');
}

function strandedLines(items: readonly ComparedItem[], paint: Paint): readonly string[] {
  const stranded = items.filter(({ allowed }) => allowed.current && !allowed.other);
  if (stranded.length === 0) return [];
  const head = `${stranded.length} could not be created again as ${stranded.length === 1 ? 'it is' : 'they are'} (stranded)`;
  const blocks = stranded.map((item) => strandedBlock(item, paint));
  return [head, ...indented(firstOf(blocks, MOST))];
}

function strandedBlock({ object, updatable, appearing }: ComparedItem, paint: Paint): string {
  const denials = appearing
    .filter(({ enforcement }) => enforcement === 'deny')
    .map(
      ({ message, rule }) => `${paint('deny', 'deny')}  ${harmless(message)}  ${paint('dim', `[${harmless(rule)}]`)}`,
    );
  const title = `${harmless(objectTitle(object))}${updatable ? '' : ', nor updated'}`;
  return [title, ...indented(firstOf(denials, MOST_FINDINGS))].join('\n');
}

function freedLines(items: readonly ComparedItem[]): readonly string[] {
  const freed = items
    .filter(({ allowed }) => !allowed.current && allowed.other)
    .map(({ object }) => objectTitle(object));
  if (freed.length === 0) return [];
  return [`${freed.length} could be created again (freed)`, `  ${firstOf(freed.map(harmless), MOST).join(', ')}`];
}

function ruleLines(
  items: readonly ComparedItem[],
  which: 'appearing' | 'disappearing',
  title: string,
): readonly string[] {
  const rows = rulesByLevel(items.flatMap((item) => item[which]));
  return rows.length === 0 ? [] : [title, ...indented(firstOf(aligned(rows), MOST))];
}

function indented(blocks: readonly string[]): readonly string[] {
  return blocks.flatMap((block) => block.split('\n')).map((line) => `  ${line}`);
}
