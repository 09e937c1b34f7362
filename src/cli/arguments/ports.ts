import { type Command, Option } from 'commander';
import type { PortsFlags } from '../commands/ports.ts';
import type { Io } from '../io.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';

export function addPorts(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  program
    .command('ports')
    .description('Print which Service holds which node port, in a cluster or in several.')
    .addOption(
      new Option('--inventory <file>', 'a dump of a cluster instead of the cluster itself, repeatable').argParser(
        collected,
      ),
    )
    .option('--kubeconfig <file>', 'the cluster of this kubeconfig; default: KUBECONFIG, else ~/.kube/config')
    .option('--context <name>', 'another context of the kubeconfig than its current one')
    .option('--in-cluster', 'the cluster that this pod runs in')
    .addOption(
      new Option(
        '-p, --policy <path>',
        'policy file or directory, repeatable; default: the nearest nodeport-gate.yaml',
      ).argParser(collected),
    )
    .option('-n, --namespace <name>', 'only what this namespace has')
    .option('--pool <name>', 'only numbers of this pool')
    .option('--free', 'also the numbers that are free, in every cluster')
    .addOption(new Option('-o, --output <format>', 'default: human').choices(['human', 'json', 'csv']))
    .addHelpText(
      'after',
      `
Examples:
  ${name} ports
  ${name} ports -n shop --inventory cluster.json
  ${name} ports --pool shop --free --inventory east.json --inventory west.json
  kubectl get services,nodes,pods,endpointslices,namespaces -A -o json | ${name} ports --inventory - -o csv

Exit codes: 0 printed, 2 something could not be listed or read.`,
    )
    .action(async (flags: PortsFlags) => {
      const { ports } = await import('../commands/ports.ts');
      finish(await ports(flags, io));
    });
}
