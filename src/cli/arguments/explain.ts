import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { RunFlags } from '../run-flags.ts';
import type { Finish } from './finish.ts';
import { addWorldOptions } from './manifest-options.ts';

export function addExplain(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  addWorldOptions(
    program
      .command('explain')
      .description('Print the page of a rule, or why a Service gets the verdict and the ports that it gets.')
      .argument('[rule|namespace/name]', 'a rule, or a Service; without: the list of all rules')
      .argument('[path...]', 'where the Service is looked for: files, directories, charts; default: .'),
  )
    .addHelpText(
      'after',
      `
Examples:
  ${name} explain node-port-conflict
  ${name} explain shop/web manifests/
  ${name} explain shop/web --inventory services.json

Exit codes: 0 explained, 2 not found, or something could not be read.`,
    )
    .action(async (subject: string | undefined, paths: readonly string[], flags: RunFlags) => {
      const { explain } = await import('../commands/explain.ts');
      finish(await explain(subject, paths, flags, io));
    });
}
