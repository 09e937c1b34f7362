import fc from 'fast-check';
import { ENFORCEMENTS } from '../../src/domain/finding.ts';
import type { CheckReport } from '../../src/report/check-report.ts';
import type { VerdictItem } from '../../src/report/verdict-list.ts';
import { checkReport } from './check-reports.ts';

/** What somebody would write who wants to be taken for the reporter, for markup, or for a command of CI. */
const NASTY = [
  '',
  ' ',
  '::error::x',
  '\n::stop-commands::x\n',
  '##[group]x',
  '##vso[task.setvariable variable=x]y',
  '\r\n',
  '%0A::warning::x',
  ']]>',
  '<!-- & "\'',
  '</testcase>',
  '| a | b |\n| - | - |',
  '[x](http://evil.example)',
  '[x](1)',
  '{0} {1}',
  '![x](//evil.example/x.png)',
  '`x`',
  '\\',
  '\\|',
  '@everyone',
  '\u001b[2J\u001b]8;;x\u0007',
  '\u202e\u200b\u2028',
  '\ud800',
  '\uffff\ufffe\u0000',
  '日本語 😀',
  '../../etc/passwd',
  './a#b?c%20d:e,f.yaml',
  'C:\\x',
  'constructor',
  '__proto__',
];

export const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.array(fc.constantFrom(...NASTY), { maxLength: 4 }).map((texts) => texts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const line = fc.integer({ min: 1, max: 99 });
const file = nasty.filter((text) => text !== '');
const source = fc
  .record({ file, line, column: line, length: fc.nat(20) })
  .map(({ length, ...rest }) => ({ ...rest, endLine: rest.line, endColumn: rest.column + length }));
const enforcement = fc.constantFrom(...ENFORCEMENTS);
const rule = fc.constantFrom('node-port-range', 'protocols', 'not-in-the-list');
const nodePort = fc.integer({ min: 1, max: 65_535 });

const holder = fc.record(
  { namespace: nasty, name: nasty, port: nasty, protocol: nasty, nodePort, source },
  { requiredKeys: ['namespace', 'name', 'port', 'protocol', 'nodePort'] },
);
const finding = fc.record(
  {
    rule,
    enforcement,
    field: nasty,
    value: fc.oneof(nasty, nodePort, fc.constant(null)),
    message: nasty,
    holder,
    exception: nasty,
    suppressed: nasty,
    baseline: fc.constant(true as const),
    fixable: fc.constant(true as const),
    policies: fc.array(nasty, { maxLength: 2 }),
    docs: fc.constant('docs/rules/x.md'),
    source,
  },
  { requiredKeys: ['rule', 'enforcement', 'field', 'message', 'policies', 'docs'] },
);
const item: fc.Arbitrary<VerdictItem> = fc.record(
  {
    object: fc.record(
      { apiVersion: nasty, kind: nasty, namespace: nasty, name: nasty, generateName: nasty },
      { requiredKeys: ['apiVersion', 'kind'] },
    ),
    allowed: fc.boolean(),
    untouched: nasty,
    findings: fc.array(finding, { maxLength: 3 }),
    undetermined: fc.array(
      fc.record({ rule, needs: fc.constantFrom('inventory', 'namespace'), enforcement, message: nasty }),
      { maxLength: 1 },
    ),
    assigned: fc.array(
      fc.record(
        { port: nasty, protocol: nasty, nodePort, pool: nasty, because: fc.constantFrom('hash', 'explicit') },
        { requiredKeys: ['port', 'protocol', 'nodePort', 'because'] },
      ),
      { maxLength: 1 },
    ),
    patch: fc.constant([{ op: 'add', path: '/spec/x', value: 'y' }] as const),
    notices: fc.array(nasty, { maxLength: 1 }),
  },
  { requiredKeys: ['object', 'allowed', 'findings', 'undetermined', 'assigned', 'patch'] },
);
const problem = fc.record({
  file,
  line: fc.option(line, { nil: undefined }),
  column: fc.option(line, { nil: undefined }),
  message: nasty,
});

/** Reports in which whatever may come from outside is as bad as it can be. */
export const hostileReport: fc.Arbitrary<CheckReport> = fc
  .record({ items: fc.array(item, { maxLength: 4 }), problems: fc.array(problem, { maxLength: 2 }), text: nasty })
  .map(({ items, problems, text }) => {
    const report = checkReport([]);
    const { summary } = report.list;
    const count = (key: 'exception' | 'suppressed' | 'baseline'): number =>
      items.flatMap(({ findings }) => findings).filter((one) => one[key] !== undefined).length;
    const counts = { excused: count('exception'), suppressed: count('suppressed'), baselined: count('baseline') };
    const denied = items.filter(({ allowed }) => !allowed).length;
    return {
      ...report,
      list: { ...report.list, summary: { ...summary, ...counts, objects: items.length, denied }, items },
      problems,
      lineOf: () => text,
    };
  });
