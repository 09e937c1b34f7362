import type { Command } from 'commander';
import { collected } from './collected.ts';
import { addPolicyOption } from './policy-option.ts';

/** The flags of every command that judges manifests. */
export function addManifestOptions(command: Command): Command {
  return addWorldOptions(
    command.argument(
      '[path...]',
      'files, directories, globs, charts, kustomizations, or - for standard input; default: .',
    ),
  )
    .option('--exclude <glob>', 'files to leave out, repeatable', collected)
    .option('--stdin-filename <name>', 'what to call standard input in reports')
    .option('--no-render', 'do not run helm and kustomize, read their directories as plain files');
}

/** What a Service is judged against, and where it is when it does not say so. */
export function addWorldOptions(command: Command): Command {
  return addPolicyOption(command)
    .option(
      '--inventory <file>',
      'Services that hold ports, from kubectl get services -A -o json, repeatable',
      collected,
    )
    .option('-n, --namespace <name>', 'namespace of manifests that name none; default: default');
}
