import { Readable } from 'node:stream';
import type { Io } from '../../src/cli/io.ts';
import { runProgram } from '../../src/cli/program.ts';
import { NOW } from './now.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, in that directory. */
export async function runCommand(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Io['env'];
    readonly now?: Date;
    readonly stdin?: string | Uint8Array;
    readonly color?: boolean;
  },
): Promise<Ran> {
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err'): Io['out'] => ({
    write: (text) => {
      written[name] += text;
    },
  });
  const code = await runProgram(args, {
    out: sink('out'),
    err: sink('err'),
    env: options.env ?? {},
    cwd: options.cwd,
    stdin: () => Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    now: () => options.now ?? NOW,
    color: options.color ?? false,
    untilStopped: () => Promise.resolve(),
  });
  return { code, ...written };
}
