import type { Command } from 'commander';
import { DUMP_COMMAND } from '../../domain/snapshot.ts';
import type { FreeFlags } from '../commands/free.ts';
import type { Io } from '../io.ts';
import { addClusterOptions } from './cluster-options.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';
import { addPolicyOption } from './policy-option.ts';

export function addFree(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  const command = addClusterOptions(
    program
      .command('free')
      .description("Print the next free node ports of a pool, or of a namespace's.")
      .option('-n, --namespace <name>', 'the namespace of the Service; without it name a pool')
      .option('--count <number>', 'how many, 1 to 100; default: 3')
      .option('--pool <name>', 'of this pool; of a namespace it has to be one of its own')
      .option('--inventory <file>', 'a dump of each cluster in which the ports have to be free, repeatable', collected),
  );
  addPolicyOption(command)
    .option('-o, --output <format>', 'human, json, csv; default: human')
    .addHelpText(
      'after',
      `
Examples:
  ${name} free -n shop --context prod
  ${DUMP_COMMAND} > cluster.json
  ${name} free -n shop --inventory cluster.json
  ${name} free -n shop --count 10 --inventory east.json --inventory west.json -o json
  ${name} free --pool shop --inventory east.json

Exit codes: 0 found, 1 none is free, 2 there is no such pool, or something could not be read.`,
    )
    .action(async (flags: FreeFlags) => {
      const { free } = await import('../commands/free.ts');
      finish(await free(flags, io));
    });
}
