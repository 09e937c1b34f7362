import type { Command } from 'commander';
import type { FixFlags } from '../commands/fix.ts';
import type { Io } from '../io.ts';
import type { Finish } from './finish.ts';
import { addManifestOptions } from './manifest-options.ts';

export function addFix(program: Command, io: Io, finish: Finish): void {
  addManifestOptions(
    program
      .command('fix')
      .description('Write missing node ports, and what else can be put right safely, into the manifests.'),
  )
    .option('--dry-run', 'print a unified diff and write nothing')
    .addHelpText('after', '\nExit codes: 0 nothing is left to fix, 1 something is, 2 something could not be read.')
    .action(async (paths: readonly string[], flags: FixFlags) => {
      const { fix } = await import('../commands/fix.ts');
      finish(await fix(paths, flags, io));
    });
}
