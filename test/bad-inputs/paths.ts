import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { denied, GOOD, numbered, passed, refused, refusedBeside, type Situation } from './situation.ts';

/** Makes these files, with directories for those that end with a slash. */
function files(contents: Readonly<Record<string, string>>): (directory: string) => void {
  return (directory) => {
    for (const [name, content] of Object.entries(contents)) {
      if (name.endsWith('/')) mkdirSync(join(directory, name), { recursive: true });
      else writeFileSync(join(directory, name), content);
    }
  };
}

function links(targets: Readonly<Record<string, string>>): (directory: string) => void {
  return (directory) => {
    for (const [name, target] of Object.entries(targets)) symlinkSync(target, join(directory, name));
  };
}

function fifo(directory: string): void {
  execFileSync('mkfifo', [join(directory, 'bad.yaml')]);
}

/** Its name is no UTF-8. */
function unnameable(directory: string): void {
  writeFileSync(Buffer.concat([Buffer.from(`${directory}/a`), Buffer.from([0xff]), Buffer.from('.yaml')]), GOOD);
}

const HERE = ['.'];
const BAD = { 'bad.yaml': numbered('22') };

/** What stands at a path, and what does not. */
export const PATHS: readonly Situation[] = [
  { name: 'a file that is not there', given: files({}), gives: refused('bad.yaml: this is not there; check the path') },
  {
    name: 'a file that is not there beside one that is',
    given: files(BAD),
    args: ['gone.yaml', 'bad.yaml'],
    gives: refusedBeside(['web: denied, node-port-range 9:17'], 'gone.yaml: this is not there; check the path'),
  },
  {
    name: 'an empty path',
    given: files(BAD),
    args: ['', 'bad.yaml'],
    gives: refusedBeside(
      ['web: denied, node-port-range 9:17'],
      '"": this path is empty; name a file or directory, or . for this one',
    ),
  },
  { name: 'a path of a space', given: files(BAD), args: [' '], gives: refused(' : this is not there; check the path') },
  {
    name: 'an empty directory',
    given: files({}),
    args: HERE,
    gives: refused(
      '.: no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests',
    ),
  },
  {
    name: 'a directory without manifests',
    given: files({ 'README.md': 'x' }),
    args: HERE,
    gives: refused(
      '.: no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests',
    ),
  },
  {
    name: 'a directory with hidden manifests only',
    given: files({ '.bad.yaml': GOOD }),
    args: HERE,
    gives: refused(
      '.: no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests',
    ),
  },
  {
    name: 'no path at all',
    given: files({}),
    args: [],
    gives: refused(
      '.: no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests',
    ),
  },
  {
    name: 'a directory with the name of a manifest',
    given: files({ 'bad.yaml/': '' }),
    gives: refused(
      'bad.yaml: no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests',
    ),
  },
  {
    name: 'a directory with the name of a manifest in another',
    given: files({ 'bad.yaml/': '', 'bad.yaml/a.yaml': numbered('22') }),
    args: HERE,
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a file as a directory',
    given: files(BAD),
    args: ['bad.yaml/a.yaml'],
    gives: refused('bad.yaml/a.yaml: a part of the path is no directory; check the path'),
  },
  {
    name: 'a slash behind a file',
    given: files(BAD),
    args: ['bad.yaml/'],
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a link that leads to itself',
    given: links({ 'bad.yaml': 'bad.yaml' }),
    gives: refused('bad.yaml: symbolic links lead in a circle here; correct or remove them'),
  },
  {
    name: 'a link that leads to itself, in a directory',
    given: links({ 'bad.yaml': 'bad.yaml' }),
    args: HERE,
    gives: refused('bad.yaml: symbolic links lead in a circle here; correct or remove them'),
  },
  {
    name: 'two links that lead to each other',
    given: links({ 'bad.yaml': 'worse.yaml', 'worse.yaml': 'bad.yaml' }),
    args: HERE,
    gives: refused(
      'bad.yaml: symbolic links lead in a circle here; correct or remove them',
      'worse.yaml: symbolic links lead in a circle here; correct or remove them',
    ),
  },
  {
    name: 'a link that leads to nothing',
    given: links({ 'bad.yaml': 'gone' }),
    args: HERE,
    gives: refused('bad.yaml: this link leads to nothing; correct or remove it'),
  },
  {
    name: 'a link to the directory that it stands in',
    given: links({ here: '.', 'bad.yaml': '/dev/null' }),
    args: HERE,
    gives: refused('bad.yaml: this is a device, not a file; pipe its content in and name - as the path'),
  },
  {
    name: 'a link to the root',
    given: links({ root: '/' }),
    args: HERE,
    gives: refused(
      '.: no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests',
    ),
  },
  {
    name: 'a FIFO',
    given: fifo,
    gives: refused('bad.yaml: this is a FIFO, not a file; pipe its content in and name - as the path'),
  },
  {
    name: 'a FIFO in a directory',
    given: fifo,
    args: HERE,
    gives: refused('bad.yaml: this is a FIFO, not a file; pipe its content in and name - as the path'),
  },
  {
    name: '/dev/zero',
    args: ['/dev/zero'],
    gives: refused('/dev/zero: this is a device, not a file; pipe its content in and name - as the path'),
  },
  {
    name: '/dev/null',
    args: ['/dev/null'],
    gives: refused('/dev/null: this is a device, not a file; pipe its content in and name - as the path'),
  },
  {
    name: '/dev/full',
    args: ['/dev/full'],
    gives: refused('/dev/full: this is a device, not a file; pipe its content in and name - as the path'),
  },
  {
    name: '/proc/self/mem',
    args: ['/proc/self/mem'],
    gives: refused('/proc/self/mem: this cannot be read from its beginning to its end; name another file'),
  },
  {
    name: 'a number of an open file that is not',
    args: ['/dev/fd/999'],
    gives: refused('/dev/fd/999: nothing is open under this number; check the redirection'),
  },
  {
    name: 'a path that is too long',
    args: ['a'.repeat(300)],
    gives: refused(
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: the path is too long; shorten it',
    ),
  },
  {
    name: 'a path with NUL',
    args: ['a\0b.yaml'],
    gives: refused('a\u0000b.yaml: there is a NUL character in the path; remove it'),
  },
  {
    name: 'a name that is no UTF-8',
    given: unnameable,
    args: HERE,
    gives: refused('a�.yaml: the name is not UTF-8, so this cannot be opened; rename it'),
  },
  {
    name: 'a name with a line end',
    given: files({ 'a\nb.yaml': numbered('"22"') }),
    args: HERE,
    gives: refused('a\nb.yaml:9:17: spec.ports[0].nodePort: "22" is a string; write a whole number'),
  },
  {
    name: 'a name with an escape sequence',
    given: files({ 'a\u001b[31m.yaml': numbered('22') }),
    args: HERE,
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a name that is an order to CI',
    given: files({ '::error::a.yaml': numbered('22') }),
    args: HERE,
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a name that looks like a flag',
    given: files({ '-x.yaml': numbered('22') }),
    args: ['--', '-x.yaml'],
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a name that looks like a glob',
    given: files({ '[a].yaml': numbered('22') }),
    args: ['[a].yaml'],
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a glob that matches nothing',
    given: files(BAD),
    args: ['*.json'],
    gives: refused('*.json: no file matches this; check the pattern and the working directory'),
  },
  {
    name: 'a glob that is none',
    given: files(BAD),
    args: ['[*.yaml'],
    gives: refused('[*.yaml: no file matches this; check the pattern and the working directory'),
  },
  {
    name: 'a glob that would go back and forth',
    given: files({ [`${'a'.repeat(100)}.yaml`]: GOOD }),
    args: [`${'*a'.repeat(30)}b.yaml`],
    gives: refused(
      '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab.yaml: no file matches this; check the pattern and the working directory',
    ),
  },
  {
    name: 'one file three times',
    given: files(BAD),
    args: ['bad.yaml', './bad.yaml', '.'],
    gives: denied('web: denied, node-port-range 9:17'),
  },
  { name: 'everything left out', given: files(BAD), args: ['.', '--exclude', '**'], gives: passed() },
  {
    name: 'an empty glob to leave out',
    given: files(BAD),
    args: ['.', '--exclude', ''],
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'an empty pipe',
    args: ['-'],
    stdin: '',
    gives: refused('stdin: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'a pipe with an error message in it',
    args: ['-'],
    stdin: 'The connection to the server was refused\n',
    gives: refused('stdin: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'a pipe with another name',
    args: ['-', '--stdin-filename', 'a\nb.yaml'],
    stdin: numbered('"22"'),
    gives: refused('a\nb.yaml:9:17: spec.ports[0].nodePort: "22" is a string; write a whole number'),
  },
  { name: 'a pipe twice', args: ['-', '-'], stdin: numbered('22'), gives: denied('web: denied, node-port-range 9:17') },
  {
    name: 'a chart that is none',
    given: files({ 'Chart.yaml': 'name: [', 'bad.yaml': numbered('22') }),
    args: ['.', '--no-render'],
    gives: refusedBeside(
      ['web: denied, node-port-range 9:17'],
      'Chart.yaml:1:8: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket',
    ),
  },
];
