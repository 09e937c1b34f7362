import type { Command } from 'commander';
import { DUMP_COMMAND } from '../../domain/snapshot.ts';
import type { PortsFlags } from '../commands/ports.ts';
import type { Io } from '../io.ts';
import { addClusterOptions } from './cluster-options.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';
import { addPolicyOption } from './policy-option.ts';

export function addPorts(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  const command = addClusterOptions(
    program
      .command('ports')
      .description('Print which Service holds which node port, in a cluster or in several.')
      .option('--inventory <file>', 'a dump of a cluster instead of the cluster itself, repeatable', collected),
  );
  addPolicyOption(command)
    .option('-n, --namespace <name>', 'only what this namespace has')
    .option('--pool <name>', 'only numbers of this pool')
    .option('--free', 'also the numbers that are free, in every cluster')
    .option('-o, --output <format>', 'human, json, csv; default: human')
    .addHelpText(
      'after',
      `
Examples:
  ${name} ports
  ${name} ports -n shop --inventory cluster.json
  ${name} ports --pool shop --free --inventory east.json --inventory west.json
  ${DUMP_COMMAND} | ${name} ports --inventory - -o csv

Exit codes: 0 printed, 2 something could not be listed or read.`,
    )
    .action(async (flags: PortsFlags) => {
      const { ports } = await import('../commands/ports.ts');
      finish(await ports(flags, io));
    });
}
