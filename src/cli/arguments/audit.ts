import type { Command } from 'commander';
import { DUMP_COMMAND } from '../../domain/snapshot.ts';
import type { AuditFlags } from '../commands/audit.ts';
import type { Io } from '../io.ts';
import { addClusterOptions } from './cluster-options.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';
import { addPolicyOption } from './policy-option.ts';
import { addReportOptions } from './report-options.ts';

const FORMAT_NAMES = 'human, json, sarif, csv, html';

export function addAudit(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  const command = addClusterOptions(
    program
      .command('audit')
      .description('Judge what runs in a cluster: its node ports, who holds them, who can reach them, what is free.')
      .argument('[dump...]', 'what kubectl get ... -o json printed, of one cluster, or - for standard input'),
  );
  addPolicyOption(command).option(
    '--compare <path>',
    'tell what would change by this other policy, repeatable',
    collected,
  );
  const outputs = addReportOptions(command, FORMAT_NAMES, 'human');
  command
    .option('--print-rbac', 'print the ClusterRole that it needs, and end')
    .addHelpText(
      'after',
      `
It reads only. Without a dump it asks the API server; several dumps are parts of one cluster.

Examples:
  ${name} audit
  ${name} audit --context prod -o html --output-file ports.html
  ${DUMP_COMMAND} | ${name} audit -
  ${name} audit cluster.json --compare next.yaml
  ${name} audit --print-rbac | kubectl apply -f -

Exit codes: 0 clean, 1 findings, 2 something could not be listed or read.`,
    )
    .action(async (dumps: readonly string[], flags: Omit<AuditFlags, 'outputs'>) => {
      const { audit } = await import('../commands/audit.ts');
      finish(await audit(dumps, { ...flags, outputs }, io));
    });
}
