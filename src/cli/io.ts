/** What a command may touch of the outside. Tests give their own. */
export interface Io {
  /** Reports. */
  readonly out: TextSink;
  /** Everything else. */
  readonly err: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  now(): Date;
  /** Resolves when the operator asks the process to stop (SIGTERM, SIGINT). */
  untilStopped(): Promise<void>;
}

export interface TextSink {
  write(text: string): unknown;
}

/** 0: clean. 1: findings. 2: usage, configuration or input error. */
export type ExitCode = 0 | 1 | 2;
