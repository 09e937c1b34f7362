import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { Finish } from './finish.ts';

export function addInit(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  program
    .command('init')
    .description('Write a commented starter policy. Nothing is overwritten.')
    .argument('[path]', 'directory, or a file that ends in .yaml; default: nodeport-gate.yaml in the working directory')
    .addHelpText(
      'after',
      `
Examples:
  ${name} init
  ${name} init policies/node-ports.yaml

Exit codes: 0 written, 2 not written.`,
    )
    .action(async (path: string | undefined) => {
      const { init } = await import('../commands/init.ts');
      finish(await init(path, io));
    });
}
