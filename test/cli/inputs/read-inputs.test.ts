import { execFileSync } from 'node:child_process';
import { chmod, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { told, useScratch } from './scratch.ts';

const scratch = useScratch();
/** A program that prints what it reads. */
const PRINT = `
  const { readInputs } = await import('${new URL('../../../src/cli/inputs/read-inputs.ts', import.meta.url).href}');
  const options = { exclude: [], stdinName: 'stdin', render: true };
  const io = { cwd: process.cwd(), env: {}, stdin: () => process.stdin };
  for await (const { file, bytes, message } of readInputs(process.argv.slice(1), options, io)) {
    console.log(message === undefined ? file + ' = ' + Buffer.from(bytes) : file + ': ' + message);
  }`;

const at = (name: string): string => join(scratch.directory, name);

describe('files', () => {
  it('reads what is named, whatever it is called, as bytes', async () => {
    await scratch.write({ 'svc.tpl': 'a: ü', 'b.yaml': '' });
    expect(await scratch.read(['./svc.tpl', at('b.yaml')])).toEqual([
      { file: 'svc.tpl', bytes: Buffer.from('a: ü'), isNamed: true, isEditable: true },
      { file: 'b.yaml', bytes: Buffer.from(''), isNamed: true, isEditable: true },
    ]);
  });

  it('shows files outside of the working directory as they were given', async () => {
    await scratch.write({ '../other/a.yaml': 'a' });
    expect(told(await scratch.read(['../other/a.yaml', '../other//']))).toEqual(['../other/a.yaml = a']);
    expect(told(await scratch.read(['../other//']))).toEqual(['../other/a.yaml = a']);
    expect(told(await scratch.read([at('../other')]))).toEqual([`${at('../other')}/a.yaml = a`]);
  });

  it('reads a file once, whichever ways lead to it', async () => {
    await scratch.write({ 'd/a.yaml': 'a' });
    await symlink('d/a.yaml', at('link.yaml'));
    await symlink('d', at('e'));
    expect(told(await scratch.read(['link.yaml', 'd/a.yaml', 'e', '.', 'd/*.yaml', '-', '-'], {}, ['x']))).toEqual([
      'link.yaml = a',
      'stdin = x',
    ]);
  });

  it('reads what has no size, as files in /proc', async () => {
    const [found] = await scratch.read(['/proc/self/environ', '/proc/self/mountinfo']);
    expect(found).toMatchObject({ file: '/proc/self/environ' });
    expect(found !== undefined && 'bytes' in found && found.bytes.length).toBeGreaterThan(0);
  });

  it('says why each of the others is not read', async () => {
    await scratch.write({ 'a.yaml': 'a', 'huge.yaml': '' });
    await truncate(at('huge.yaml'), 64 * 1024 * 1024 + 1);
    await symlink('self', at('self'));
    await symlink('nowhere', at('dangling'));
    execFileSync('mkfifo', [at('pipe.yaml')]);
    const paths = ['', 'none.yaml', 'a.yaml/b', 'self', 'dangling', 'huge.yaml', 'pipe.yaml', '/dev/null', 'a\0b'];
    expect(told(await scratch.read([...paths, 'no-*.yaml', 'x'.repeat(300)]))).toEqual([
      '"": this path is empty; name a file or directory, or . for this one',
      'none.yaml: this is not there; check the path',
      'a.yaml/b: a part of the path is no directory; check the path',
      'self: symbolic links lead in a circle here; correct or remove them',
      'dangling: this is not there; check the path',
      'huge.yaml: this is longer than 64 mebibytes; split it',
      'pipe.yaml: this is a FIFO, not a file; pipe its content in and name - as the path',
      '/dev/null: this is a device, not a file; pipe its content in and name - as the path',
      expect.stringMatching(/^a\0b: /),
      'no-*.yaml: no file matches this; check the pattern and the working directory',
      `${'x'.repeat(300)}: the path is too long; shorten it`,
    ]);
  });

  it('says that a file or directory may not be read', async () => {
    await writeFile(at('a.yaml'), 'a', { mode: 0 });
    await scratch.write({ 'd/e/b.yaml': 'b' });
    await chmod(at('d/e'), 0);
    await chmod(at('..'), 0o755);
    // To root, nothing is forbidden.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const args = ['--input-type=module', '-e', PRINT, 'a.yaml', 'd', '*.yaml'];
    const options = { ...user, cwd: scratch.directory, encoding: 'utf8' } as const;
    const lines = ['a.yaml', 'd/e'].map((file) => `${file}: this may not be read; change its permissions\n`);
    expect(execFileSync(process.execPath, args, options)).toBe(lines.join(''));
  });
});

describe('directories', () => {
  it('has the manifests in it by name, and passes by what others wrote', async () => {
    await scratch.write({
      'b/c.yml': 'c',
      'b.yaml': 'b',
      'a.JSON': 'a',
      'l.jsonl': 'l',
      'n.ndjson': 'n',
      'README.md': '-',
      'd.yaml.bak': '-',
      '.gitlab-ci.yml': '-',
      '.git/x.yaml': '-',
      'node_modules/x.yaml': '-',
      'b/node_modules/x.yaml': '-',
      'deep/er/still/z.yaml': 'z',
      'ä\n.yaml': 'ä',
    });
    const all = ['a.JSON = a', 'b/c.yml = c', 'b.yaml = b', 'deep/er/still/z.yaml = z', 'l.jsonl = l', 'n.ndjson = n'];
    expect(told(await scratch.read(['.']))).toEqual([...all, 'ä\n.yaml = ä']);
    expect((await scratch.read(['b'])).map((found) => 'isNamed' in found && found.isNamed)).toEqual([false]);
    expect(told(await scratch.read(['node_modules', '.git']))).toEqual(['node_modules/x.yaml = -', '.git/x.yaml = -']);
  });

  it('says when nothing is in one', async () => {
    await scratch.write({ 'empty/README.md': '-', 'out/a.yaml': 'a' });
    const message =
      'no *.yaml, *.yml, *.json, *.jsonl or *.ndjson file is in it; name the directory with the manifests';
    expect(told(await scratch.read(['empty', 'out'], { exclude: ['out/a.yaml'] }))).toEqual([`empty: ${message}`]);
  });

  it('follows links to files, not to directories, and never in circles', async () => {
    await scratch.write({ 'd/a.yaml': 'a', '../outside/o.yaml': 'o', '../outside/p.yaml': 'p' });
    await symlink('..', at('d/up'));
    await symlink('/', at('d/root.yaml'));
    await symlink('../../outside', at('d/out'));
    await symlink('../../outside/o.yaml', at('d/o.yaml'));
    await symlink('gone', at('d/gone.yaml'));
    await symlink('loop.yaml', at('d/loop.yaml'));
    expect(told(await scratch.read(['d']))).toEqual([
      'd/a.yaml = a',
      'd/gone.yaml: this link leads to nothing; correct or remove it',
      'd/loop.yaml: symbolic links lead in a circle here; correct or remove them',
      'd/o.yaml = o',
    ]);
    expect(told(await scratch.read(['d/out/']))).toEqual(['d/out/o.yaml = o', 'd/out/p.yaml = p']);
  });

  it('opens neither FIFO nor socket', async () => {
    execFileSync('mkfifo', [at('a.yaml'), at('other')]);
    const server = createServer();
    await new Promise<void>((listening) => server.listen(at('s.yaml'), listening));
    expect(told(await scratch.read(['.']))).toEqual([
      'a.yaml: this is a FIFO, not a file; pipe its content in and name - as the path',
      's.yaml: this is a socket, not a file; pipe its content in and name - as the path',
    ]);
    await new Promise((closed) => server.close(closed));
  });

  it('says when a name cannot be spelt', async () => {
    execFileSync('sh', ['-c', `echo a > "$(printf 'f\\377.yaml')"`], { cwd: scratch.directory });
    expect(told(await scratch.read(['.']))).toEqual([
      'f\uFFFD.yaml: the name is not UTF-8, so this cannot be opened; rename it',
    ]);
  });
});

describe('globs and --exclude', () => {
  it('expands what no shell has expanded', async () => {
    await scratch.write({
      'apps/a/svc.yaml': '1',
      'apps/a/b/svc.yaml': '2',
      'apps/.hidden/svc.yaml': '-',
      'apps/node_modules/svc.yaml': '-',
      'apps/README.md': '-',
      'apps/x.tpl': 'x',
      'a[1].yaml': 'literal',
    });
    const read = async (...paths: readonly string[]): Promise<readonly string[]> => told(await scratch.read(paths));
    const [first, second] = ['apps/a/svc.yaml = 1', 'apps/a/b/svc.yaml = 2'];
    expect(await read('apps/**/*.yaml')).toEqual([second, first]);
    expect(await read('apps/**')).toEqual([second, first]);
    expect(await read('**')).toEqual(['a[1].yaml = literal', second, first]);
    expect(await read('apps/*')).toEqual([second, first]);
    expect(await read('apps/*.tpl')).toEqual(['apps/x.tpl = x']);
    expect(await read('apps/[a-b]/{svc,other}.yaml', '*/.h*/*.yaml')).toEqual([first, 'apps/.hidden/svc.yaml = -']);
    expect(await read('a[1].yaml')).toEqual(['a[1].yaml = literal']);
    expect(await read(`${at('apps')}/?/svc.y*ml`)).toEqual([first]);
    expect(await read('../w?rk/apps/a/s*.yaml')).toEqual([first]);
  });

  it.each([
    [['d/**'], ['a.json', 'a.yaml']],
    [['d'], ['a.json', 'a.yaml']],
    [['./d/'], ['a.json', 'a.yaml']],
    [['*.yaml'], ['a.json', 'd/b.yaml', 'd/e/c.yaml']],
    [['**/*.yaml'], ['a.json']],
    [['**/e'], ['a.json', 'a.yaml', 'd/b.yaml']],
    [['d/*/*'], ['a.json', 'a.yaml', 'd/b.yaml']],
    [['a.[jx]son'], ['a.yaml', 'd/b.yaml', 'd/e/c.yaml']],
    [['a.[!j]*'], ['a.json', 'd/b.yaml', 'd/e/c.yaml']],
    [
      ['[z-a]', '{', 'a?yam', '(a)'],
      ['a.json', 'a.yaml', 'd/b.yaml', 'd/e/c.yaml'],
    ],
    [['**'], []],
    [['*.{json,yaml}'], ['d/b.yaml', 'd/e/c.yaml']],
    [
      ['a', 'yaml', 'b.yaml'],
      ['a.json', 'a.yaml', 'd/b.yaml', 'd/e/c.yaml'],
    ],
  ])('leaves out %j', async (exclude, expected) => {
    await scratch.write({ 'a.yaml': '', 'a.json': '', 'd/b.yaml': '', 'd/e/c.yaml': '' });
    const paths = ['.', 'a.yaml', 'd', 'd/e/*.yaml'];
    expect((await scratch.read(paths, { exclude })).map(({ file }) => file)).toEqual(expected);
  });
});

describe('standard input and pipes', () => {
  it('reads - and its other names once, and calls it what it is told to', async () => {
    const paths = ['/dev/stdin', '-', '/dev/fd/0', '/proc/self/fd/0'];
    expect(await scratch.read(paths, { stdinName: 'svc.yaml' }, ['a: ', '1'])).toEqual([
      { file: 'svc.yaml', bytes: Buffer.from('a: 1'), isNamed: true, isEditable: false },
    ]);
  });

  it('does not keep more of it than it may', async () => {
    const chunk = 'x'.repeat(1024 * 1024);
    expect(
      told(
        await scratch.read(
          ['-'],
          {},
          Array.from({ length: 65 }, () => chunk),
        ),
      ),
    ).toEqual(['stdin: this is longer than 64 mebibytes; split it']);
  });

  it('reads what the shell passes on as an open file', () => {
    const bash = `exec "$0" --input-type=module -e "$1" -- <(sleep 0.2; echo late) <(echo b) - /dev/fd/99999 <<< in`;
    const printed = execFileSync('bash', ['-c', bash, process.execPath, PRINT], { encoding: 'utf8' });
    expect(printed.replaceAll(/fd\/\d+/g, 'fd/N')).toBe(
      '/dev/fd/N = late\n\n/dev/fd/N = b\n\nstdin = in\n\n' +
        '/dev/fd/N: nothing is open under this number; check the redirection\n',
    );
  });
});
