/** What a command may touch of the outside. Tests give their own. */
export interface Io {
  /** How the user calls the program; absent: nodeport-gate. */
  readonly programName?: string;
  /** Reports. */
  readonly out: TextSink;
  /** Everything else. */
  readonly err: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Standard input, from its beginning; asked for at most once. */
  stdin(): AsyncIterable<Uint8Array>;
  /** Whether the reports may be coloured: a terminal shows them, and NO_COLOR does not forbid it. */
  readonly color: boolean;
  now(): Date;
  /** Resolves when the operator asks the process to stop (SIGTERM, SIGINT). */
  untilStopped(): Promise<void>;
}

export interface TextSink {
  write(text: string): unknown;
}

/** 0: clean. 1: findings. 2: usage, configuration or input error. */
export type ExitCode = 0 | 1 | 2;

/** How the user calls the program. */
export function programOf({ programName = 'nodeport-gate' }: Pick<Io, 'programName'>): string {
  return programName;
}
