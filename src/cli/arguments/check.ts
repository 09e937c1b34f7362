import type { Command } from 'commander';
import type { CheckFlags } from '../check-settings.ts';
import type { Io } from '../io.ts';
import type { Finish } from './finish.ts';
import { addManifestOptions } from './manifest-options.ts';
import { addReportOptions } from './report-options.ts';

const FORMAT_NAMES = 'human, json, sarif, junit, github, gitlab';

export function addCheck(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  const command = addManifestOptions(
    program.command('check').description('Judge manifests as the gate would: in an editor, a commit hook or CI.'),
  );
  const outputs = addReportOptions(command, FORMAT_NAMES, 'human, in GitHub Actions github');
  command
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
