import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { policyJsonSchema } from '../../src/policy/json-schema.ts';
import { rules } from '../../src/rules/index.ts';
import { sha256 } from '../support/policy.ts';
import { compiled } from './readable-policy.ts';

const reference = readFileSync('docs/policy.md', 'utf8');

/** The contents of the fenced blocks with this info string. */
function blocks(info: string): readonly string[] {
  return reference
    .split('\n```')
    .flatMap((block) => (block.startsWith(`${info}\n`) ? [block.slice(info.length + 1)] : []));
}

describe('docs/policy.md', () => {
  it('shows documents that compile', () => {
    const { policy, warnings } = compiled(...blocks('yaml'));
    expect(policy.documents.map(({ kind }) => kind)).toEqual([
      'ClusterProfile',
      'NodePortException',
      'NodePortPolicy',
      'NodePortPool',
    ]);
    expect(warnings).toEqual([]);
  });

  it('shows the problems of its wrong document', () => {
    const result = compilePolicy([{ file: 'policy.yaml', text: blocks('yaml wrong').join('') }], sha256);
    const printed = result.ok ? [] : result.problems.map(formatProblem);
    expect(printed.join('\n')).toBe(blocks('text').at(-1));
  });

  it('names every key of every kind', () => {
    const schema = JSON.parse(policyJsonSchema(rules)) as Schema;
    const names = schema.oneOf.flatMap((kind) => Object.keys(kind.properties.spec.properties));
    expect(names.length).toBe(28);
    expect(names.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
  });
});

interface Schema {
  readonly oneOf: readonly { readonly properties: { readonly spec: { readonly properties: JsonObject } } }[];
}
