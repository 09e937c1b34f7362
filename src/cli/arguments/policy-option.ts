import type { Command } from 'commander';
import { collected } from './collected.ts';

/** Whose verdicts are asked for. */
export function addPolicyOption(command: Command): Command {
  return command.option(
    '-p, --policy <path>',
    'policy file or directory, repeatable; default: the nearest nodeport-gate.yaml',
    collected,
  );
}
