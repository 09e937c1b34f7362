import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENFORCEMENTS } from '../src/domain/finding.ts';
import { defineRule } from '../src/rules/define.ts';
import { rules } from '../src/rules/index.ts';
import { expectGenerated } from './support/generated-file.ts';
import { optionsOf, renderRuleDoc, renderRuleIndex } from './support/rule-docs.ts';
import { docFaults, messageFaults, undescribed } from './support/rule-style.ts';

const names = rules.map(({ meta }) => meta.name);
const folders = readdirSync('src/rules', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const FILES = ['rule.ts', 'cases.ts', 'doc.md'];
const missing = folders
  .flatMap((folder) => FILES.map((file) => `src/rules/${folder}/${file}`))
  .filter((path) => !existsSync(path));
const complete = folders.filter((folder) => !missing.some((path) => path.startsWith(`src/rules/${folder}/`)));
const parts = await Promise.all(
  complete.map(async (folder): Promise<RuleFolder> => {
    const exported: Readonly<Record<string, unknown>> = await import(`../src/rules/${folder}/rule.ts`);
    const { cases }: { readonly cases?: { readonly rule: unknown } } = await import(`../src/rules/${folder}/cases.ts`);
    return { folder, exported: Object.values(exported), tested: cases?.rule };
  }),
);

interface RuleFolder {
  readonly folder: string;
  readonly exported: readonly unknown[];
  /** The rule that the case table is about. */
  readonly tested: unknown;
}

describe('the registry of rules', () => {
  it('is the folders of src/rules, sorted, each name once', () => {
    expect(names).toEqual(folders);
  });

  it('finds every part of a rule in its folder', () => {
    expect(missing).toEqual([]);
  });

  it('has the rule that the folder exports, and cases for that very rule', () => {
    const strangers = parts.filter(({ folder, exported, tested }) => {
      const rule = rules.find(({ meta }) => meta.name === folder);
      return rule === undefined || !exported.includes(rule) || tested !== rule;
    });
    expect(strangers.map(({ folder }) => folder)).toEqual([]);
  });

  it('yields to rules that exist', () => {
    expect(rules.flatMap(({ meta }) => meta.yieldsTo ?? []).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe.each(rules.map((rule) => [rule.meta.name, rule] as const))('%s', (name, rule) => {
  it('has a kebab-case name, a summary and a reason', () => {
    expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(rule.meta.summary).toMatch(/^[A-Z].+[^.]\.$/);
    expect(rule.meta.why).toMatch(/^[A-Z].+[^.]\.$/);
  });

  it('has messages that say what is wrong and what to do', () => {
    const faults = Object.entries(rule.messages).flatMap(([id, message]) =>
      messageFaults(message).map((fault) => `${id}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it('describes every option in its schema', () => {
    expect(undescribed(optionsOf(rule))).toEqual([]);
  });

  it('has presets that its own schema accepts and that say how strict they are', () => {
    const faults = Object.entries(rule.presets).filter(
      ([, preset]) =>
        !rule.entry.safeParse(preset).success || !ENFORCEMENTS.some((level) => level === preset['enforcement']),
    );
    expect(faults).toEqual([]);
  });

  it('has a page with every heading and option', () => {
    expect(docFaults(rule, readDoc(name))).toEqual([]);
  });

  it('is published in docs/rules', () => {
    expectGenerated(`docs/rules/${name}.md`, renderRuleDoc(rule, readDoc(name)));
  });
});

describe('docs/rules', () => {
  it('has a table of contents', () => {
    expectGenerated('docs/rules/README.md', renderRuleIndex(rules));
  });

  it('has no page without a rule', () => {
    const pages = globSync('docs/rules/*').map((path) => path.replaceAll('\\', '/'));
    const wanted = ['README', ...names].map((page) => `docs/rules/${page}.md`);
    expect(pages.toSorted()).toEqual(wanted.toSorted());
  });
});

describe('the conformance checks report', () => {
  it.each([
    ['{value} is outside {range}; use {free}', []],
    ['{value} is outside {range}', ['does not say what to do']],
    ['{value} is outside; use {free}.', ['ends with punctuation']],
    ['{value is outside; use {free}', ['malformed placeholder']],
    ['{} is outside; use {free}', ['malformed placeholder']],
    ['error: {value} is outside; please use another', ['says please', 'says error']],
    ['{value}  is outside; use another', ['odd white space']],
  ])('%s', (text, faults) => {
    expect(messageFaults({ text })).toEqual(faults);
  });

  it('nothing about a remark that cannot deny and only informs', () => {
    expect(messageFaults({ text: '{value} is odd', limit: 'warn' })).toEqual([]);
  });

  it('a page that does not fit its rule', () => {
    const rule = defineRule({
      name: 'a-rule',
      summary: 'Demands.',
      why: 'Because.',
      subject: 'every-service',
      options: z.strictObject({
        kept: z.boolean().default(true).describe('Whether it is kept.'),
        lost: z.strictObject({ inner: z.int().min(0).max(32) }).describe('no sentence'),
      }),
      messages: {},
      presets: {},
      check: () => undefined,
    });
    const doc = '# another\n\n## Why\n\n## Options\n\n- `kept`: yes.\n- `gone`: no.\n';
    expect(docFaults(rule, doc)).toEqual([
      'does not begin with "# a-rule"',
      'has the headings Why, Options; want Why, What to do, When not to use it, Options',
      'does not list option lost',
      'lists gone, which is no option',
    ]);
    expect(undescribed(optionsOf(rule))).toEqual(['lost', 'lost.inner']);
    expect(optionsOf(rule).slice(0, 3)).toEqual([
      { name: 'kept', values: 'boolean', required: false, default: 'true', description: 'Whether it is kept.' },
      { name: 'lost', values: 'object', required: true, default: undefined, description: 'no sentence' },
      { name: 'lost.inner', values: 'integer 0-32', required: true, default: undefined, description: undefined },
    ]);
  });
});

function readDoc(name: string): string {
  return readFileSync(`src/rules/${name}/doc.md`, 'utf8');
}
