import type { ExitCode } from '../io.ts';

/** Tells with which code the command ended. */
export type Finish = (code: ExitCode) => void;
