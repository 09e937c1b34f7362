import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, startChild, waitFor } from './child.ts';
import { freePort } from './free-port.ts';

/** One replica of the gate: a real `node src/main.ts serve`, or another entry. It keeps its ports when it is started again. */
export interface GateProcess {
  readonly name: string;
  /** Its working directory; `certs/` below it when it keeps its certificate in files. */
  readonly directory: string;
  readonly webhookPort: number;
  readonly doorsPort: number;
  readonly operationsPort: number;
  readonly child: () => Child;
  /** Everything it wrote since the test began: announcement, warnings and decisions. */
  readonly log: () => string;
  readonly readyz: () => Promise<{ readonly status: number; readonly body: unknown } | undefined>;
  readonly metrics: () => Promise<string>;
  /** `ca.crt` of a gate with `--cert-dir`. */
  readonly ca: () => Promise<string>;
  /** Sends a signal; waiting for the end is `child().ended`. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM and the end: the exit code, or the signal that was needed. */
  readonly stop: () => Promise<number | NodeJS.Signals>;
  /** When it has ended: the same flags unless others are given, and ready again. */
  readonly start: (flags?: readonly string[]) => Promise<void>;
  /** The same, but it need not become ready. */
  readonly launch: (flags?: readonly string[]) => void;
}

export interface GateOptions {
  /** Of the replica: names its directory and its log. */
  readonly name: string;
  readonly directory: string;
  /** All but the ports; the certificate is kept in its directory unless a flag says where. */
  readonly flags: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The file that Node runs; src/main.ts unless given. */
  readonly entry?: string;
}

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

/** Starts a gate and waits until /readyz says so. */
export async function startGate(options: GateOptions): Promise<GateProcess> {
  const gate = await launchGate(options);
  await whenReady(gate);
  return gate;
}

/** Starts a gate that need not become ready. */
export async function launchGate(options: GateOptions): Promise<GateProcess> {
  const { name, directory: parent, flags, env = {}, entry = MAIN } = options;
  const directory = join(parent, name);
  const [webhookPort, doorsPort, operationsPort] = [await freePort(), await freePort(), await freePort()];
  const ports = [`--port=${webhookPort}`, `--doors-port=${doorsPort}`, `--operations-port=${operationsPort}`];
  const run = (now: readonly string[]): Child => {
    const args = [entry, 'serve', ...ports, ...now];
    return startChild({ name, command: process.execPath, args, directory, env });
  };
  const operations = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${operationsPort}${path}`, { signal: AbortSignal.timeout(2000) });
  let child = run(flags);
  const gate: GateProcess = {
    name,
    directory,
    webhookPort,
    doorsPort,
    operationsPort,
    child: () => child,
    log: () => child.log(),
    async readyz() {
      try {
        const answer = await operations('/readyz');
        return { status: answer.status, body: await answer.json() };
      } catch {
        return undefined;
      }
    },
    metrics: async () => (await operations('/metrics')).text(),
    ca: () => readFile(join(directory, 'certs/ca.crt'), 'utf8'),
    kill: (signal) => child.kill(signal),
    stop: () => child.stop(),
    launch(changed = flags) {
      child = run(changed);
    },
    async start(changed) {
      gate.launch(changed);
      await whenReady(gate);
    },
  };
  return gate;
}

export async function whenReady(gate: GateProcess): Promise<void> {
  const isReady = async (): Promise<boolean> => (await gate.readyz())?.status === 200;
  await waitFor(`${gate.name} ready`, isReady, { child: gate.child() });
}
