import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/fix/unified-diff.ts';

/** What `git apply`, and `patch` in the second place, make of the diff in a directory with that file. */
function patched(file: string, before: string, diff: string): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'diff-'));
  const path = join(directory, file);
  const apply = (program: string, ...options: string[]): string => {
    writeFileSync(path, before);
    execFileSync(program, options, { cwd: directory, input: diff, stdio: ['pipe', 'ignore', 'pipe'] });
    return readFileSync(path, 'utf8');
  };
  try {
    mkdirSync(dirname(path), { recursive: true });
    return [apply('git', 'apply', '--whitespace=nowarn', '-'), apply('patch', '-p1', '--binary', '--fuzz=0')];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('unifiedDiff', () => {
  it.each([
    ['a/b.yaml', '--- a/a/b.yaml'],
    ['two words.yaml', '--- a/two words.yaml\t'],
    ['sa"id\\so.yaml', '--- "a/sa\\"id\\\\so.yaml"'],
    ['tab\tand\nline.yaml', '--- "a/tab\\011and\\012line.yaml"'],
    ['größe 🚪.yaml', '--- "a/gr\\303\\266\\303\\237e \\360\\237\\232\\252.yaml"'],
    ['-rf', '--- a/-rf'],
  ])('names %s as git does', (file, header) => {
    const diff = unifiedDiff(file, 'a\nb\n', 'a\nc\n');
    expect(diff).toBe(`${header}\n${header.replace('---', '+++').replace('a/', 'b/')}\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n`);
    expect(patched(file, 'a\nb\n', diff)).toEqual(['a\nc\n', 'a\nc\n']);
  });

  it.each(['./web.yaml', '/web.yaml', './/web.yaml'])('%s is web.yaml in the directory', (file) => {
    expect(unifiedDiff(file, '', 'a\n')).toBe('--- a/web.yaml\n+++ b/web.yaml\n@@ -0,0 +1 @@\n+a\n');
  });

  it.each([
    ['a line end that is missing before', 'a\nb', 'a\nb\n'],
    ['a line end that is missing after', 'a\nb\n', 'a\nb'],
    ['a line end that is missing both times', 'a\nb', 'a\nc'],
    ['CRLF', 'a\r\nb\r\nc\r\n', 'a\r\nx\r\nc\r\n'],
    ['CRLF that becomes LF', 'a\r\nb\r\n', 'a\nb\r\n'],
    ['a lone CR', 'a\rb\nc\n', 'a\rd\nc\n'],
    ['changes far apart', `a\n${'x\n'.repeat(20)}b\n`, `A\n${'x\n'.repeat(20)}B\n`],
    ['changes close together', `a\n${'x\n'.repeat(6)}b\n`, `A\n${'x\n'.repeat(6)}B\n`],
    ['only additions', 'a\n', 'a\nb\nc\n'],
    ['only removals', 'a\nb\nc\n', 'c\n'],
    ['a new first line', 'b\n', 'a\nb\n'],
    ['lines that look like a diff', '--- a\n+++ b\n@@ -1 +1 @@\n', '--- a\n+++ c\n@@ -1 +1 @@\n'],
  ])('can be applied: %s', (_name, before, after) => {
    expect(patched('web.yaml', before, unifiedDiff('web.yaml', before, after))).toEqual([after, after]);
  });

  it('is nothing when nothing changes', () => {
    expect(unifiedDiff('web.yaml', 'a\n', 'a\n')).toBe('');
  });
});
