import { Command, CommanderError, Option } from 'commander';
import type { IssueCertsFlags, RotateCertsFlags, ShowCertsFlags } from './commands/certs.ts';
import type { ExitCode, Io } from './io.ts';
import { DEFAULTS, LOG_LEVELS, type ServeFlags, variableOf } from './settings.ts';
import { VERSION } from './version.ts';

/** Reads the arguments (without `node` and the script), runs the command, gives back the exit code. Never exits itself. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = makeProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander throws for --help and --version, too, with exit code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function makeProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('nodeport-gate')
    .description('Admission gate for Kubernetes Service node ports: one verdict through every door.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, '')),
    })
    .showHelpAfterError('Run nodeport-gate --help for the commands and flags.');
  addServe(program, io, finish);
  addPolicy(program, io, finish);
  addCerts(program, io, finish);
  return program;
}

function addServe(program: Command, io: Io, finish: (code: ExitCode) => void): void {
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
    .addOption(flag('--doors-port <number>', '/dry-run, /policy, /ports, HTTP on loopback', DEFAULTS.doorsPort))
    .addOption(
      flag(
        '-p, --policy <path>',
        'policy file or directory, repeatable',
        'the policy that comes with the gate',
      ).argParser((path: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), path]),
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
    .addOption(flag('--shutdown-delay <seconds>', 'goes on answering that long after SIGTERM', '0 on loopback, else 5'))
    .addOption(flag('--log-level <level>', LOG_LEVELS.join(', '), DEFAULTS.logLevel))
    .action(async (flags: ServeFlags) => {
      const { serve } = await import('./commands/serve.ts');
      finish(await serve(flags, io));
    });
}

function addPolicy(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const policy = program.command('policy').description('Work with policy documents.');
  policy
    .command('validate')
    .description('Check policy documents; print every problem with file, line and column.')
    .argument('<path...>', 'files and directories')
    .action(async (paths: readonly string[]) => {
      const { validatePolicy } = await import('./commands/policy.ts');
      finish(await validatePolicy(paths, io));
    });
  policy
    .command('schema')
    .description('Print the JSON Schema of policy documents.')
    .action(async () => {
      const { printPolicySchema } = await import('./commands/policy.ts');
      finish(printPolicySchema(io));
    });
}

function addCerts(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const certs = program.command('certs').description('Work with the server certificate and its authority.');
  const inSecret = new Option('--cert-secret <namespace/name>', 'the Secret that the gates share');
  const byKubeconfig = new Option('--kubeconfig <file>', 'default: $KUBECONFIG, else ~/.kube/config');
  const inCluster = new Option('--in-cluster', 'as the service account of this pod');
  certs
    .command('show')
    .description('Print what is served and trusted, until when, and how far a rotation is.')
    .option('--cert-dir <dir>', `directory of tls.crt, tls.key and ca.crt; default: ${DEFAULTS.certDir}`)
    .addOption(inSecret)
    .addOption(byKubeconfig)
    .addOption(inCluster)
    .action(async (flags: ShowCertsFlags) => {
      const { showCerts } = await import('./commands/certs.ts');
      finish(await showCerts(flags, io));
    });
  certs
    .command('issue')
    .description('Make an authority and a certificate as files, for --cert-dir of serve. Nothing is overwritten.')
    .option('--cert-dir <dir>', `where to; default: ${DEFAULTS.certDir}`)
    .addOption(
      new Option('--name <name>', 'DNS name or address of the gate, repeatable').argParser(
        (name: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), name],
      ),
    )
    .action(async (flags: IssueCertsFlags) => {
      const { issueCerts } = await import('./commands/certs.ts');
      finish(await issueCerts(flags, io));
    });
  certs
    .command('rotate')
    .description('Renew the certificate in the Secret now, or with --ca begin to replace its authority.')
    .addOption(inSecret)
    .option('--ca', 'replace the authority: publish the new one, then use it, then drop the old one')
    .option('--overlap <duration>', 'how long each of these phases lasts, 5s to 30d; default: 10m')
    .addOption(byKubeconfig)
    .addOption(inCluster)
    .action(async (flags: RotateCertsFlags) => {
      const { rotateCerts } = await import('./commands/certs.ts');
      finish(await rotateCerts(flags, io));
    });
}
