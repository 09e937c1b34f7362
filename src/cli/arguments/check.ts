import { type Command, Option } from 'commander';
import type { CheckFlags, OutputFlag } from '../check-settings.ts';
import type { Io } from '../io.ts';
import type { Finish } from './finish.ts';
import { addManifestOptions } from './manifest-options.ts';

const FORMAT_NAMES = 'human, json, sarif, junit, github, gitlab';

/** `check`: `-o` and `--output-file` belong together by their order. */
export function addCheck(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  const outputs: OutputFlag[] = [];
  const addFormat = (format: string): void => {
    outputs.push({ format, file: undefined });
  };
  const addFile = (file: string): void => {
    const last = outputs.at(-1);
    if (last === undefined || last.file !== undefined) outputs.push({ format: undefined, file });
    else outputs[outputs.length - 1] = { ...last, file };
  };
  addManifestOptions(
    program.command('check').description('Judge manifests as the gate would: in an editor, a commit hook or CI.'),
  )
    .addOption(
      new Option(
        '-o, --output <format>',
        `repeatable: ${FORMAT_NAMES}; default: human, in GitHub Actions github`,
      ).argParser(addFormat),
    )
    .addOption(new Option('--output-file <file>', 'where the format before it goes').argParser(addFile))
    .option('--fail-on <level>', 'end with 1 for findings of this level: deny, warn; default: deny')
    .option('--baseline <file>', 'do not count what this baseline knows')
    .option('--create-baseline <file>', 'write everything that is found now into a baseline')
    .option('--exit-zero', 'end with 0 whatever is found')
    .addHelpText(
      'after',
      `
Examples:
  ${name} check manifests/
  helm template web charts/web | ${name} check -
  kubectl get services -A -o json > services.json && ${name} check --inventory services.json .
  ${name} check -o human -o sarif --output-file nodeport.sarif .

Exit codes: 0 clean, 1 findings, 2 something could not be read.`,
    )
    .action(async (paths: readonly string[], flags: Omit<CheckFlags, 'outputs'>) => {
      const { check } = await import('../commands/check.ts');
      finish(await check(paths, { ...flags, outputs }, io));
    });
}
