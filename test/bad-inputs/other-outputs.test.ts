import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';
import { POLICY } from './run-situation.ts';
import { changed, numbered } from './situation.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-outputs-'));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const UNSEEN =
  /[\0-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;

await writeFile(join(directory, '.policy'), POLICY);

it.each(['human', 'json', 'sarif', 'junit', 'github', 'gitlab'])('shows in %s what it cannot print', async (format) => {
  const hostile = String.raw`"\e[31m\u009b32m\u202eweb\u200b\n::error::x\ud800"`;
  const broken = changed(['30080', hostile]);
  await writeFile(join(directory, 'a\u001b[31m.yaml'), `${changed(['web', hostile], ['30080', '22'])}---\n${broken}`);
  const { code, out, err } = await runCommand(['check', '-p', '.policy', '-o', format, '.'], { cwd: directory });
  expect([code, UNSEEN.exec(out + err), out.includes('web')]).toEqual([2, null, true]);
});

it.each([
  ['that is no YAML', numbered('"22'), 'this is not YAML: Missing closing "quote; close the quote', 2],
  ['that is a template', numbered('{{ .Values.port }}'), 'this is a template that was not rendered', 2],
  ['in Latin-1', Buffer.from(numbered('0 # für alle'), 'latin1'), 'this is not UTF-8 from here on', 2],
  ['in UTF-16', Buffer.from(`\ufeff${numbered('0')}`, 'utf16le'), 'this is UTF-16; save it as UTF-8', 2],
  ['with NUL', `${numbered('0')}\0`, 'the character U+0000 is no text', 2],
  ['with a text for a number', numbered('"22"'), 'spec.ports[0].nodePort: "22" is a string', 2],
])('does not fix a file %s', async (_, content, said, code) => {
  const path = join(directory, 'bad.yaml');
  await writeFile(path, content);
  const ran = await runCommand(['fix', '-p', '.policy', 'bad.yaml'], { cwd: directory });
  expect([ran.code, ran.out, ran.err.includes(said)]).toEqual([code, '', true]);
  expect(await readFile(path)).toEqual(Buffer.from(content));
});
