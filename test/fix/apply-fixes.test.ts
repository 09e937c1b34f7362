import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../src/fix/apply-fixes.ts';
import { unifiedDiff } from '../../src/fix/unified-diff.ts';
import { expectGenerated } from '../support/generated-file.ts';
import { documentExtents, editsOf, serviceExtents } from './asked-edits.ts';
import { SITUATIONS } from './situations.ts';

const FIXTURES = 'test/fixtures/fix';

describe('applyFixes', () => {
  it.each(SITUATIONS)('changes only the lines it must: $file', ({ file, asked }) => {
    const before = readFileSync(join(FIXTURES, file), 'utf8');
    const edits = editsOf(serviceExtents(before), asked);
    const { text, done, refusals } = applyFixes(before, edits);
    expect({ refusals, done: done.length }).toEqual({ refusals: [], done: edits.flatMap(({ fixes }) => fixes).length });
    const diff = unifiedDiff(file, before, text);
    expectGenerated(join(FIXTURES, `${file}.diff`), diff);
    expect(patched(file, before, diff)).toEqual({ patch: text, git: text });
    expect(applyFixes(text, editsOf(serviceExtents(text), asked))).toEqual({ text, done: [], refusals: [] });
  });

  it.each([
    ['one line without an end', 'kind: Service', 'port', 'kind: Service\nport: 1'],
    ['nothing but braces', '{ }', 'port', '{"port": 1}'],
    ['a last key without a value', '{kind: Service, port}', 'port', '{kind: Service, port: 1}'],
    ['a list of numbers', 'ports: [0, 2]', 'ports.0', 'ports: [1, 2]'],
  ])('writes into %s', (_name, text, path, expected) => {
    const edited = applyFixes(text, editsOf(documentExtents(text), [{ fixes: { [path]: 1 } }]));
    expect({ ...edited, done: edited.done.length }).toEqual({ text: expected, done: 1, refusals: [] });
  });

  it('is shown by every fixture', () => {
    const files = readdirSync(FIXTURES).filter((name) => !name.endsWith('.diff') && name !== '.gitattributes');
    expect(SITUATIONS.map(({ file }) => file)).toEqual(files.toSorted());
  });
});

/** What two programs make of the diff. */
function patched(file: string, before: string, diff: string): { readonly patch: string; readonly git: string } {
  const directory = mkdtempSync(join(tmpdir(), 'fix-'));
  const apply = (program: string, ...options: string[]): string => {
    writeFileSync(join(directory, file), before);
    execFileSync(program, options, { cwd: directory, input: diff, stdio: ['pipe', 'ignore', 'pipe'] });
    return readFileSync(join(directory, file), 'utf8');
  };
  try {
    return {
      patch: apply('patch', '-p1', '--binary', '--fuzz=0'),
      git: apply('git', 'apply', '--whitespace=nowarn', '-'),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
