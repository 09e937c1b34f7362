import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputProblem } from '../../src/domain/source.ts';
import type { VerdictItem, VerdictList } from '../../src/report/verdict-list.ts';
import { type Ran, runCommand } from '../support/command-line.ts';
import type { Outcome, Situation } from './situation.ts';

type Report = VerdictList & { readonly problems?: readonly InputProblem[] };

/** Every rule here has one thing to say about node ports, and none is about anything else that the inputs lack. */
export const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: strict}
spec:
  preset: none
  rules:
    node-port-range: {enforcement: deny}
    node-port-conflict: {enforcement: deny}
    external-name-node-port: {enforcement: deny}
    null-node-port: {enforcement: deny}
    host-port: {enforcement: deny}
    api-server-rejects: {enforcement: deny}
`;

/** Runs it through the command line, for machines and for people. */
export async function runSituation(situation: Situation): Promise<{ readonly outcome: Outcome; readonly text: Ran }> {
  const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-bad-'));
  try {
    const { given = '', file = 'bad.yaml', stdin } = situation;
    await writeFile(join(directory, '.policy'), POLICY);
    if (typeof given === 'function') given(directory);
    else await writeFile(join(directory, file), given);
    const args = [...policyFlag(situation), ...(situation.args ?? [file])];
    const options = { cwd: directory, ...(stdin !== undefined && { stdin }) };
    const asJson = args.includes('-o') ? [] : ['-o', 'json'];
    const forMachines = await runCommand(['check', ...asJson, ...args], options);
    return { outcome: outcomeOf(forMachines), text: await runCommand(['check', ...args], options) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function policyFlag({ args = [] }: Situation): readonly string[] {
  return args.some((arg) => arg === '-p' || arg.startsWith('--policy')) ? [] : ['-p', '.policy'];
}

function outcomeOf({ code, out, err }: Ran): Outcome {
  const complaints = err.split('\n').filter((line) => line !== '');
  if (!out.startsWith('{')) return { code: exitCode(code), problems: [], items: [], complaints };
  const report = JSON.parse(out) as Report;
  return {
    code: exitCode(code),
    problems: (report.problems ?? []).map(problemText),
    items: report.items.map(itemText),
    complaints,
  };
}

function exitCode(code: number): Outcome['code'] {
  if (code === 0 || code === 1 || code === 2) return code;
  throw new Error(`the exit code is ${code}`);
}

function problemText({ file, line, column, message }: InputProblem): string {
  return line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;
}

function itemText({ object, allowed, untouched, findings }: VerdictItem): string {
  const found = findings.map(({ rule, source }) => `${rule} ${source?.line}:${source?.column}`);
  const said = untouched === undefined ? found : [untouched];
  const answer = allowed ? 'allowed' : 'denied';
  return [`${object.name ?? object.generateName ?? 'nameless'}: ${answer}`, ...said].join(', ');
}
