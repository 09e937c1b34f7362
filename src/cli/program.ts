import { Command, CommanderError, Option } from 'commander';
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
    .addOption(flag('--cert-dir <dir>', 'tls.crt, tls.key and ca.crt; made there when absent', DEFAULTS.certDir))
    .addOption(flag('--client-ca <file>', 'admit only callers with a certificate of this authority'))
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
