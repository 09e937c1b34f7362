import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Ended, ROOT, runProcess } from './run-process.ts';

/** What GitHub's metadata syntax has for a composite action, as far as ours may use it. */
const schema = z.strictObject({
  name: z.string(),
  description: z.string().max(125),
  branding: z.strictObject({ icon: z.string(), color: z.enum(['blue']) }),
  inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({
    using: z.literal('composite'),
    steps: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        shell: z.literal('bash'),
        env: z.record(z.string(), z.string()),
        run: z.string(),
      }),
    ),
  }),
});

export const action = schema.parse(parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')));

export interface ActionEnded extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the action in a workspace as a runner does: its steps in order, up to the first that fails. */
export async function runAction(workspace: string, inputs: Readonly<Record<string, string>>): Promise<ActionEnded> {
  const unknown = Object.keys(inputs).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join()}`);
  const context = new Map(
    Object.entries(action.inputs).map(([name, input]) => [`inputs.${name}`, inputs[name] ?? input.default]),
  );
  const runner = join(workspace, '.runner');
  const files = { GITHUB_OUTPUT: `${runner}-output`, GITHUB_STEP_SUMMARY: `${runner}-summary` };
  const written = { code: 0 as number | null, out: '', err: '' };
  let summary = '';
  for (const { id, env, run } of action.runs.steps) {
    const script = `${runner}-script.sh`;
    await Promise.all([script, ...Object.values(files)].map((file) => writeFile(file, file === script ? run : '')));
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, resolved(value, context)]));
    const ended = await runProcess('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd: workspace,
      env: { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: ROOT, RUNNER_TEMP: workspace, ...files, ...own },
    });
    for (const [name, value] of outputsIn(await readFile(files.GITHUB_OUTPUT, 'utf8'))) {
      context.set(`steps.${id}.outputs.${name}`, value);
    }
    summary += await readFile(files.GITHUB_STEP_SUMMARY, 'utf8');
    written.code = ended.code;
    written.out += ended.out;
    written.err += ended.err;
    if (ended.code !== 0) break;
  }
  await Promise.all(Object.values(files).map((file) => rm(file)));
  await rm(`${runner}-script.sh`);
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, resolved(value, context)]);
  return { ...written, outputs: Object.fromEntries(outputs) as Record<string, string>, summary };
}

/** An expression of which nothing is known is empty, as on GitHub. */
function resolved(text: string, context: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_expression, name: string) => context.get(name) ?? '');
}

function outputsIn(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`a runner does not understand: ${line}`);
      return [name, value];
    });
}
