import { Command, CommanderError } from 'commander';
import { escaped } from '../domain/text.ts';
import { addAudit } from './arguments/audit.ts';
import { addCerts } from './arguments/certs.ts';
import { addCheck } from './arguments/check.ts';
import { addExplain } from './arguments/explain.ts';
import type { Finish } from './arguments/finish.ts';
import { addFix } from './arguments/fix.ts';
import { addFree } from './arguments/free.ts';
import { addInit } from './arguments/init.ts';
import { addPolicy } from './arguments/policy.ts';
import { addPorts } from './arguments/ports.ts';
import { refuseRepeats } from './arguments/refuse-repeats.ts';
import { addServe } from './arguments/serve.ts';
import { type ExitCode, type Io, programOf } from './io.ts';
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

function makeProgram(io: Io, finish: Finish): Command {
  const name = programOf(io);
  const program = new Command(name)
    .description('Admission gate for Kubernetes Service node ports: one verdict through every door.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: (text, write) =>
        write(
          text
            .replace(/^error: /, '')
            .split('\n')
            .map(escaped)
            .join('\n'),
        ),
    })
    .showHelpAfterError(`Run ${name} --help for the commands and flags.`);
  addCheck(program, io, finish);
  addFix(program, io, finish);
  addAudit(program, io, finish);
  addExplain(program, io, finish);
  addPorts(program, io, finish);
  addFree(program, io, finish);
  addInit(program, io, finish);
  addServe(program, io, finish);
  addPolicy(program, io, finish);
  addCerts(program, io, finish);
  refuseRepeats(program);
  return program;
}
