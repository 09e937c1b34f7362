import { type Command, Option } from 'commander';
import type { FreeFlags } from '../commands/free.ts';
import type { Io } from '../io.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';

export function addFree(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  program
    .command('free')
    .description("Print the next free node ports of a namespace's pool.")
    .requiredOption('-n, --namespace <name>', 'the namespace of the Service')
    .option('--count <number>', 'how many, 1 to 100; default: 3')
    .option('--pool <name>', 'of this pool, where the namespace has several')
    .addOption(
      new Option(
        '-p, --policy <path>',
        'policy file or directory, repeatable; default: the nearest nodeport-gate.yaml',
      ).argParser(collected),
    )
    .addOption(
      new Option(
        '--inventory <file>',
        'a dump of each cluster in which the ports have to be free, repeatable',
      ).argParser(collected),
    )
    .addOption(new Option('-o, --output <format>', 'default: human').choices(['human', 'json']))
    .addHelpText(
      'after',
      `
Examples:
  kubectl get namespaces,services -A -o json > cluster.json
  ${name} free -n shop --inventory cluster.json
  ${name} free -n shop --count 10 --inventory east.json --inventory west.json -o json

Exit codes: 0 found, 1 none is free, 2 the namespace has no pool, or something could not be read.`,
    )
    .action(async (flags: FreeFlags) => {
      const { free } = await import('../commands/free.ts');
      finish(await free(flags, io));
    });
}
