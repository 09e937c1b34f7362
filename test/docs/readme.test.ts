import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { doorsOf } from '../support/doors.ts';
import { sha256 } from '../support/policy.ts';

const readme = readFileSync('README.md', 'utf8');

/** The contents of the fenced blocks of a language that contain this text, in order. */
function blocks(language: string, containing: string): readonly string[] {
  const fences = readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...fences]
    .filter(([, tag]) => tag === language)
    .flatMap(([, , text = '']) => (text.includes(containing) ? [text] : []));
}

async function dryRun(body: string): Promise<string> {
  const text = readFileSync('manifests/policies/default.yaml', 'utf8');
  const compiled = compilePolicy([{ file: 'manifests/policies/default.yaml', text }], sha256);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await doorsOf(compiled.value.policy).inject({
    method: 'POST',
    url: '/dry-run',
    headers,
    payload: body,
  });
  return answer.body;
}

describe('the README', () => {
  const [announcement = ''] = blocks('text', 'Try it:');
  const [heredoc = ''] = blocks('sh', "<<'EOF'");
  const outputs = blocks('text', 'shop/web: ');

  it('shows what the printed curl line answers', async () => {
    const [, body = ''] = /--data-binary '(.*)'$/m.exec(announcement) ?? [];
    expect(await dryRun(body)).toBe(outputs[0]);
  });

  it('shows what the corrected manifest answers', async () => {
    const [, body = ''] = /<<'EOF'\n([\s\S]*)^EOF$/m.exec(heredoc) ?? [];
    expect(await dryRun(body)).toBe(outputs[1]);
  });
});
