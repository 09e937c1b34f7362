import { compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { sha256 } from '../support/policy.ts';

export const HEAD = 'apiVersion: nodeport-gate.dev/v1alpha1\n';
export const POLICY = `${HEAD}kind: NodePortPolicy\nmetadata: {name: default}\nspec: {preset: baseline}\n`;

/** Every problem of the texts, `file:line:column: path: message`; the files are called a.yaml, b.yaml and so on. */
export function problemsOf(...texts: readonly string[]): readonly string[] {
  const sources = texts.map((text, index) => ({ file: `${'abcdef'.charAt(index)}.yaml`, text }));
  const compiled = compilePolicy(sources, sha256);
  return compiled.ok ? [] : compiled.problems.map(formatProblem);
}

/** The problems of one document of this kind beside a valid policy; line 1 is apiVersion. */
export function problemsIn(kind: string, rest: string): readonly string[] {
  return problemsOf(`${HEAD}kind: ${kind}\n${rest}`, POLICY.replace('default', 'other'));
}
