import type { Message, Rule } from '../../src/rules/define.ts';
import { type OptionDoc, optionsOf } from './rule-docs.ts';

const HEADINGS = ['Why', 'What to do', 'When not to use it', 'Options'];

/** What is wrong with a message; it should be `<value> is <what is wrong>; <what to do>`. */
export function messageFaults({ text, limit }: Message): readonly string[] {
  const words = text.replaceAll(/\{[a-z]\w*\}/g, 'X');
  const faults: readonly (readonly [string, boolean])[] = [
    ['malformed placeholder', /[{}]/.test(words)],
    ['ends with punctuation', /[.!?;:,\s]$/.test(words)],
    ['says please', /\bplease\b/i.test(words)],
    ['says error', /^error\b/i.test(words)],
    ['odd white space', /^\s|\s{2}|[\n\t]/.test(words)],
    // A message that never denies may only inform.
    ['does not say what to do', limit === undefined && !/\S; \S/.test(words)],
  ];
  return faults.filter(([, isFault]) => isFault).map(([fault]) => fault);
}

/** What is missing in, or wrong with, a rule's own page. */
export function docFaults(rule: Rule, doc: string): readonly string[] {
  const lines = doc.split('\n');
  const headings = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice('## '.length));
  const [, described = ''] = doc.split('\n## Options\n');
  const listed = [...described.matchAll(/^- `([^`]+)`/gm)].map(([, name = '']) => name);
  const options = optionsOf(rule)
    .map(({ name }) => name)
    .filter((name) => name !== 'enforcement' && !/[.[]/.test(name));
  const faults: readonly (readonly [string, boolean])[] = [
    [`does not begin with "# ${rule.meta.name}"`, lines[0] !== `# ${rule.meta.name}`],
    [`has the headings ${headings.join(', ')}; want ${HEADINGS.join(', ')}`, headings.join() !== HEADINGS.join()],
    ...options.map((name) => [`does not list option ${name}`, !listed.includes(name)] as const),
    ...listed.map((name) => [`lists ${name}, which is no option`, !options.includes(name)] as const),
  ];
  return faults.filter(([, isFault]) => isFault).map(([fault]) => fault);
}

/** Options without `.describe()`: the schema is their only documentation. */
export function undescribed(options: readonly OptionDoc[]): readonly string[] {
  return options.filter(({ description = '' }) => !/^[A-Z`].*\.$/.test(description)).map(({ name }) => name);
}
