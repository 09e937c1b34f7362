import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { sha256 } from '../support/policy.ts';
import { MANIFESTS, readManifest } from './support/objects.ts';

const files = ['base/policy.yaml', ...readdirSync(join(MANIFESTS, 'samples')).map((name) => `samples/${name}`)];

it.each(files)('%s is a valid policy, of which there is nothing to warn', (file) => {
  const compiled = compilePolicy([{ file, text: readManifest(file) }], sha256);
  expect(compiled.ok ? compiled.value.warnings : compiled.problems.map(formatProblem)).toEqual([]);
});
