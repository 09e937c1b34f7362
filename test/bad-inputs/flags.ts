import { complained, GOOD, numbered, refused, type Situation } from './situation.ts';

const FILE = 'bad.yaml';

/** What somebody may type. */
export const FLAGS: readonly Situation[] = [
  {
    name: 'an unknown flag',
    given: GOOD,
    args: [FILE, '--polcy', 'x'],
    gives: complained(
      "unknown option '--polcy'",
      '(Did you mean --policy?)',
      'Run nodeport-gate --help for the commands and flags.',
    ),
  },
  {
    name: 'an unknown letter',
    given: GOOD,
    args: [FILE, '-x'],
    gives: complained("unknown option '-x'", 'Run nodeport-gate --help for the commands and flags.'),
  },
  {
    name: 'an unknown format',
    given: GOOD,
    args: [FILE, '-o', 'yaml'],
    gives: complained('--output: yaml is no format; use human, json, sarif, junit, github or gitlab'),
  },
  {
    name: 'a format that every object has',
    given: GOOD,
    args: [FILE, '-o', 'constructor'],
    gives: complained('--output: constructor is no format; use human, json, sarif, junit, github or gitlab'),
  },
  {
    name: 'a format with an escape sequence',
    given: GOOD,
    args: [FILE, '-o', '\u001b[31m'],
    gives: complained('--output: \\u001b[31m is no format; use human, json, sarif, junit, github or gitlab'),
  },
  {
    name: 'an empty format',
    given: GOOD,
    args: [FILE, '-o', ''],
    gives: complained('--output: "" is no format; use human, json, sarif, junit, github or gitlab'),
  },
  {
    name: 'two formats for one output',
    given: GOOD,
    args: [FILE, '-o', 'json', '-o', 'sarif'],
    gives: complained('--output: only one format can go to standard output; add --output-file FILE after the others'),
  },
  {
    name: 'an output file where none can be',
    given: GOOD,
    args: [FILE, '-o', 'json', '--output-file', 'gone/report.json'],
    gives: complained('gone/report.json: its directory is not there; make it first'),
  },
  {
    name: 'an output file that is a directory',
    given: GOOD,
    args: [FILE, '-o', 'json', '--output-file', '.'],
    gives: complained('.: this is a directory; name a file'),
  },
  {
    name: 'an output file on a full disk',
    given: GOOD,
    args: [FILE, '-o', 'json', '--output-file', '/dev/full'],
    gives: complained('/dev/full: there is no space left on the disk; make some'),
  },
  {
    name: 'an output file without a name',
    given: GOOD,
    args: [FILE, '-o', 'json', '--output-file', ''],
    gives: complained('--output-file: the path is empty; name a file'),
  },
  {
    name: 'two output files that are one',
    given: GOOD,
    args: [FILE, '-o', 'json', '--output-file', 'a', '-o', 'sarif', '--output-file', './a'],
    gives: complained('--output-file: two formats go to the same file; name one for each'),
  },
  {
    name: 'an unknown level',
    given: GOOD,
    args: [FILE, '--fail-on', 'bananas'],
    gives: complained('--fail-on: bananas is no level; use deny or warn'),
  },
  {
    name: 'a level that cannot be failed on',
    given: GOOD,
    args: [FILE, '--fail-on', 'audit'],
    gives: complained('--fail-on: audit is no level; use deny or warn'),
  },
  {
    name: 'an empty level',
    given: GOOD,
    args: [FILE, '--fail-on', ''],
    gives: complained('--fail-on: "" is no level; use deny or warn'),
  },
  {
    name: 'an empty namespace',
    given: GOOD,
    args: [FILE, '-n', ''],
    gives: complained('--namespace: "" is no namespace; use lower case letters, digits and -, at most 63'),
  },
  {
    name: 'a namespace in upper case',
    given: GOOD,
    args: [FILE, '-n', 'Shop'],
    gives: complained('--namespace: Shop is no namespace; use lower case letters, digits and -, at most 63'),
  },
  {
    name: 'a namespace that is too long',
    given: GOOD,
    args: [FILE, '-n', 'a'.repeat(64)],
    gives: complained(
      '--namespace: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is no namespace; use lower case letters, digits and -, at most 63',
    ),
  },
  {
    name: 'a namespace with a line end',
    given: GOOD,
    args: [FILE, '-n', 'a\nb'],
    gives: complained('--namespace: a\\u000ab is no namespace; use lower case letters, digits and -, at most 63'),
  },
  {
    name: '--policy without a value',
    given: GOOD,
    args: [FILE, '--policy'],
    gives: complained(
      "option '-p, --policy <path>' argument missing",
      'Run nodeport-gate --help for the commands and flags.',
    ),
  },
  {
    name: '--inventory without a value',
    given: GOOD,
    args: [FILE, '--inventory'],
    gives: complained(
      "option '--inventory <file>' argument missing",
      'Run nodeport-gate --help for the commands and flags.',
    ),
  },
  {
    name: '-o without a value',
    given: GOOD,
    args: [FILE, '-o'],
    gives: complained(
      "option '-o, --output <format>' argument missing",
      'Run nodeport-gate --help for the commands and flags.',
    ),
  },
  {
    name: '--fail-on without a value',
    given: GOOD,
    args: [FILE, '--fail-on'],
    gives: complained(
      "option '--fail-on <level>' argument missing",
      'Run nodeport-gate --help for the commands and flags.',
    ),
  },
  {
    name: '--exit-zero with a value',
    given: numbered('"22"'),
    args: [FILE, '--exit-zero=no'],
    gives: complained(
      "unknown option '--exit-zero=no'",
      '(Did you mean --exit-zero?)',
      'Run nodeport-gate --help for the commands and flags.',
    ),
  },
  {
    name: 'a baseline made and used',
    given: GOOD,
    args: [FILE, '--baseline', 'a', '--create-baseline', 'a'],
    gives: complained('--create-baseline: it cannot be made and used at once; leave out --baseline'),
  },
  {
    name: 'a baseline of an empty path',
    given: GOOD,
    args: [FILE, '--baseline', ''],
    gives: complained('--baseline: the path is empty; name a file'),
  },
  {
    name: 'an inventory of an empty path',
    given: GOOD,
    args: [FILE, '--inventory', ''],
    gives: complained('--inventory: the path is empty; name a file, or leave the flag out'),
  },
  {
    name: 'an unknown flag with an escape sequence',
    given: GOOD,
    args: [FILE, '--\u001b[31m'],
    gives: complained("unknown option '--\\u001b[31m'", 'Run nodeport-gate --help for the commands and flags.'),
  },
  {
    name: 'everything wrong at once',
    given: GOOD,
    args: [FILE, '-o', 'x', '--fail-on', 'y', '-n', 'Z'],
    gives: complained(
      '--output: x is no format; use human, json, sarif, junit, github or gitlab',
      '--fail-on: y is no level; use deny or warn',
      '--namespace: Z is no namespace; use lower case letters, digits and -, at most 63',
    ),
  },
  {
    name: '--exit-zero, and a file that cannot be read',
    given: numbered('"22"'),
    args: [FILE, '--exit-zero'],
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "22" is a string; write a whole number'),
  },
];
