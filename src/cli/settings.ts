import { isIP } from 'node:net';
import { failed, ok, type Result } from '../domain/result.ts';
import { printable } from '../domain/text.ts';

/** Flags of `serve` as commander gives them: texts, absent when not used. */
export interface ServeFlags {
  readonly host?: string;
  readonly port?: string;
  readonly operationsPort?: string;
  readonly doorsPort?: string;
  readonly policy?: readonly string[];
  readonly inventory?: string;
  readonly certDir?: string;
  readonly clientCa?: string;
  readonly logLevel?: string;
}

/** Checked: nobody behind this looks at flags or the environment. */
export interface Settings {
  /** An IP address or a host name; never `localhost`, which can mean two addresses. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly operationsPort: number;
  readonly doorsPort: number;
  /** Files and directories; empty: the policy that comes with the gate. */
  readonly policy: readonly string[];
  readonly inventory: string | undefined;
  readonly certDir: string;
  readonly clientCa: string | undefined;
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 8443,
  operationsPort: 9090,
  doorsPort: 9091,
  certDir: 'certs',
  logLevel: 'info',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** A value with the place it comes from, for messages: `--port` or `NODEPORT_GATE_PORT`. */
interface Given {
  readonly text: string;
  readonly source: string;
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

/** `cert-dir`: NODEPORT_GATE_CERT_DIR. */
export function variableOf(flag: string): string {
  return `NODEPORT_GATE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** Flag before environment before default. Every problem is reported, each with the flag or variable to change. */
export function settingsFrom(flags: ServeFlags, env: Environment): Result<Settings, string> {
  const problems: string[] = [];
  const given = (flag: string, value: string | undefined): Given | undefined => pick(flag, value, env);
  const port = (flag: PortFlag, value: string | undefined): number =>
    readPort(given(flag, value), DEFAULTS[PORT_FIELDS[flag]], problems);

  const settings: Settings = {
    host: readHost(given('host', flags.host), problems),
    port: port('port', flags.port),
    operationsPort: port('operations-port', flags.operationsPort),
    doorsPort: port('doors-port', flags.doorsPort),
    policy: flags.policy ?? listOf(given('policy', undefined)),
    inventory: given('inventory', flags.inventory)?.text,
    certDir: given('cert-dir', flags.certDir)?.text ?? DEFAULTS.certDir,
    clientCa: given('client-ca', flags.clientCa)?.text,
    logLevel: readLogLevel(given('log-level', flags.logLevel), problems),
  };
  problems.push(...sharedPorts(settings));
  return problems.length === 0 ? ok(settings) : failed(problems);
}

const PORT_FIELDS = { port: 'port', 'operations-port': 'operationsPort', 'doors-port': 'doorsPort' } as const;
type PortFlag = keyof typeof PORT_FIELDS;

function pick(flag: string, value: string | undefined, env: Environment): Given | undefined {
  if (value !== undefined) return { text: value, source: `--${flag}` };
  const variable = variableOf(flag);
  const text = env[variable];
  if (text === undefined || text === '' || isServiceLink(text)) return undefined;
  return { text, source: variable };
}

/**
 * In a namespace with a Service called `nodeport-gate` the kubelet sets NODEPORT_GATE_PORT=tcp://10.96.7.1:443 in every
 * pod (kubernetes.io/docs, "Discovering services": environment variables). Nobody wrote that for the gate.
 */
function isServiceLink(text: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//.test(text);
}

function listOf(given: Given | undefined): readonly string[] {
  const parts = given?.text.split(',') ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function readPort(given: Given | undefined, fallback: number, problems: string[]): number {
  if (given === undefined) return fallback;
  const number = /^\d{1,5}$/.test(given.text) ? Number(given.text) : Number.NaN;
  if (number <= 65_535) return number;
  problems.push(`${given.source}: ${printable(given.text)} is no port; use 1 to 65535, or 0 for any free one`);
  return fallback;
}

function readHost(given: Given | undefined, problems: string[]): string {
  if (given === undefined) return DEFAULTS.host;
  const host = given.text.replace(/^\[(.*)\]$/, '$1');
  if (host.toLowerCase() === 'localhost') return DEFAULTS.host;
  // A name whose last part is a number would be an IPv4 address, and isIP has just refused it.
  if (isIP(host) !== 0 || (HOST_NAME.test(host) && !/(?:^|\.)\d+$/.test(host))) return host;
  problems.push(
    `${given.source}: ${printable(given.text)} is no address; use an IP address or a host name, as in 0.0.0.0`,
  );
  return DEFAULTS.host;
}

function readLogLevel(given: Given | undefined, problems: string[]): LogLevel {
  if (given === undefined) return DEFAULTS.logLevel;
  const level = LOG_LEVELS.find((name) => name === given.text);
  if (level !== undefined) return level;
  problems.push(`${given.source}: ${printable(given.text)} is no log level; use ${LOG_LEVELS.join(', ')}`);
  return DEFAULTS.logLevel;
}

function sharedPorts({ port, operationsPort, doorsPort }: Settings): readonly string[] {
  const listeners: readonly (readonly [string, number])[] = [
    ['--port', port],
    ['--operations-port', operationsPort],
    ['--doors-port', doorsPort],
  ];
  return listeners.flatMap(([flag, number], index) => {
    const earlier = listeners.slice(0, index).find(([, other]) => other === number);
    return number === 0 || earlier === undefined ? [] : [`${flag}: ${number} is also ${earlier[0]}; use another port`];
  });
}
