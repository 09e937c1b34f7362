import type { Command } from 'commander';

/** Which cluster is asked. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the cluster of this kubeconfig; default: KUBECONFIG, else ~/.kube/config')
    .option('--context <name>', 'another context of the kubeconfig than its current one')
    .option('--in-cluster', 'the cluster that this pod runs in');
}
