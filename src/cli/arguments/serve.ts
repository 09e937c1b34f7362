import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { DEFAULTS, LOG_LEVELS, variableOf } from '../serve-defaults.ts';
import type { ServeFlags } from '../settings.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';

export function addServe(program: Command, io: Io, finish: Finish): void {
  const flag = (flags: string, description: string, fallback?: string | number): Option => {
    const shown = fallback === undefined ? '' : `; default: ${fallback}`;
    return new Option(flags, `${description} (${variableOf(/--([a-z-]+)/.exec(flags)?.[1] ?? '')}${shown})`);
  };
  program
    .command('serve')
    .description('Run the server: /mutate and /validate over HTTPS, the doors and the probes.')
    .addOption(flag('--host <address>', 'address of the webhook and operations listeners', DEFAULTS.host))
    .addOption(flag('--port <number>', 'webhook listener, HTTPS', DEFAULTS.port))
    .addOption(flag('--operations-port <number>', '/livez, /readyz, /metrics, HTTP', DEFAULTS.operationsPort))
    .addOption(
      flag('--doors-port <number>', 'the page, /dry-run, /policy, /ports, HTTP on loopback', DEFAULTS.doorsPort),
    )
    .addOption(
      flag(
        '-p, --policy <path>',
        'policy file or directory, repeatable',
        'the policy that comes with the gate',
      ).argParser(collected),
    )
    .addOption(flag('--inventory <file>', 'Services that hold ports, from kubectl get services -A -o json'))
    .addOption(flag('--kubeconfig <file>', 'follow the cluster of this kubeconfig'))
    .addOption(flag('--in-cluster', 'follow the cluster that this pod runs in'))
    .addOption(flag('--cert-dir <dir>', 'tls.crt, tls.key and ca.crt; made there when absent', DEFAULTS.certDir))
    .addOption(
      flag('--cert-secret <namespace/name>', 'keep the certificate in this Secret instead, shared by all replicas'),
    )
    .addOption(flag('--service <name>', 'Service by which API servers call, for --cert-secret', DEFAULTS.service))
    .addOption(
      flag(
        '--webhook-configuration <name>',
        'webhook configurations whose caBundle the gate keeps, for --cert-secret',
        DEFAULTS.webhookConfiguration,
      ),
    )
    .addOption(flag('--client-ca <file>', 'admit only callers with a certificate of this authority'))
    .addOption(
      flag('--audit-interval <duration>', 'judges what runs in the cluster that often: 10s to 1d; 0: never', '0'),
    )
    .addOption(flag('--shutdown-delay <seconds>', 'goes on answering that long after SIGTERM', '0 on loopback, else 5'))
    .addOption(flag('--log-level <level>', LOG_LEVELS.join(', '), DEFAULTS.logLevel))
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('../commands/serve.ts');
      finish(await serve(flags, io));
    });
}
