import { isIP } from 'node:net';
import { durationMsOf } from '../domain/duration.ts';
import { isNamespaceName } from '../domain/object-ref.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { isLoopback } from '../server/host.ts';
import { emptyPath } from './flag-faults.ts';
import { shownFlag } from './report-settings.ts';
import { DEFAULTS, LOG_LEVELS, type LogLevel, variableOf } from './serve-defaults.ts';

/** Flags of `serve` as commander gives them: texts, absent when not used. */
export interface ServeFlags {
  readonly host?: string;
  readonly port?: string;
  readonly operationsPort?: string;
  readonly doorsPort?: string;
  readonly policy?: readonly string[];
  readonly inventory?: string;
  readonly kubeconfig?: string;
  readonly inCluster?: boolean;
  readonly certDir?: string;
  readonly certSecret?: string;
  readonly service?: string;
  readonly webhookConfiguration?: string;
  readonly clientCa?: string;
  readonly auditInterval?: string;
  readonly shutdownDelay?: string;
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
  /** Where the API server is; undefined: there is no cluster. */
  readonly cluster: ClusterAccess | undefined;
  readonly certificate: CertificatePlace;
  readonly clientCa: string | undefined;
  /** From one audit of the cluster to the next; 0: none. */
  readonly auditIntervalMs: number;
  readonly shutdownDelayMs: number;
  readonly logLevel: LogLevel;
}

/** Through a kubeconfig file, or with the pod's own service account. */
export type ClusterAccess = { readonly kubeconfig: string } | 'in-cluster';

/** Files of a directory, or a Secret that the gate keeps itself, with the webhooks that trust it. */
export type CertificatePlace =
  | { readonly kind: 'directory'; readonly directory: string }
  | {
      readonly kind: 'secret';
      readonly namespace: string;
      readonly name: string;
      /** The Service by which API servers reach the gate, in the Secret's namespace. */
      readonly service: string;
      readonly webhookConfiguration: string;
    };

type Environment = Readonly<Record<string, string | undefined>>;

/** A value with the place it comes from, for messages: `--port` or `NODEPORT_GATE_PORT`. */
interface Given {
  readonly text: string;
  readonly source: string;
}

/** Long enough for kube-proxy to hear that the pod is leaving; the pod has 30 s from SIGTERM to the end. */
const DEFAULT_SHUTDOWN_DELAY_S = 5;
const LONGEST_SHUTDOWN_DELAY_S = 15;

/** An audit lists most of what the cluster has. */
const SHORTEST_AUDIT_INTERVAL_MS = 10_000;
const LONGEST_AUDIT_INTERVAL_MS = 86_400_000;

/** RFC 1123 subdomain. */
const OBJECT_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

/** Flag before environment before default. Every problem is reported, each with the flag or variable to change. */
export function settingsFrom(flags: ServeFlags, env: Environment): Result<Settings, string> {
  const problems: string[] = [];
  const given = (flag: string, value: string | undefined): Given | undefined => pick(flag, value, env);
  const port = (flag: PortFlag, value: string | undefined): number =>
    readPort(given(flag, value), DEFAULTS[PORT_FIELDS[flag]], problems);

  const host = readHost(given('host', flags.host), problems);
  const settings: Settings = {
    host,
    port: port('port', flags.port),
    operationsPort: port('operations-port', flags.operationsPort),
    doorsPort: port('doors-port', flags.doorsPort),
    policy: flags.policy ?? listOf(given('policy', undefined)),
    inventory: given('inventory', flags.inventory)?.text,
    cluster: readCluster(
      given('kubeconfig', flags.kubeconfig),
      given('in-cluster', flags.inCluster ? 'true' : undefined),
      problems,
    ),
    certificate: readCertificate(given, flags, problems),
    clientCa: given('client-ca', flags.clientCa)?.text,
    auditIntervalMs: readInterval(given('audit-interval', flags.auditInterval), problems),
    shutdownDelayMs: readDelay(given('shutdown-delay', flags.shutdownDelay), host, problems),
    logLevel: readLogLevel(given('log-level', flags.logLevel), problems),
  };
  problems.push(...emptyPaths(flags), ...sharedPorts(settings), ...clashes(settings));
  return problems.length === 0 ? ok(settings) : failed(problems);
}

/** A variable that is empty counts as not set, but a flag was meant. */
function emptyPaths({ policy, inventory, kubeconfig, certDir, clientCa }: ServeFlags): readonly string[] {
  const single = {
    '--inventory': inventory,
    '--kubeconfig': kubeconfig,
    '--cert-dir': certDir,
    '--client-ca': clientCa,
  };
  return [
    ...emptyPath('--policy', policy),
    ...Object.entries(single).flatMap(([flag, path]) => emptyPath(flag, path === undefined ? [] : [path])),
  ];
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
  problems.push(`${given.source}: ${shownFlag(given.text)} is no port; use 1 to 65535, or 0 for any free one`);
  return fallback;
}

function readHost(given: Given | undefined, problems: string[]): string {
  if (given === undefined) return DEFAULTS.host;
  const host = given.text.replace(/^\[(.*)\]$/, '$1');
  if (host.toLowerCase() === 'localhost') return DEFAULTS.host;
  // A name whose last part is a number would be an IPv4 address, and isIP has just refused it.
  if (isIP(host) !== 0 || (HOST_NAME.test(host) && !/(?:^|\.)\d+$/.test(host))) return host;
  problems.push(
    `${given.source}: ${shownFlag(given.text)} is no address; use an IP address or a host name, as in 0.0.0.0`,
  );
  return DEFAULTS.host;
}

function readCluster(
  kubeconfig: Given | undefined,
  inCluster: Given | undefined,
  problems: string[],
): ClusterAccess | undefined {
  const isInside = readSwitch(inCluster, problems);
  if (kubeconfig !== undefined && isInside) {
    problems.push(`${kubeconfig.source}: the gate has one cluster; leave out either this or ${inCluster?.source}`);
  }
  if (kubeconfig !== undefined) return { kubeconfig: kubeconfig.text };
  return isInside ? 'in-cluster' : undefined;
}

function readSwitch(given: Given | undefined, problems: string[]): boolean {
  if (given === undefined || given.text === 'false') return false;
  if (given.text !== 'true') problems.push(`${given.source}: ${shownFlag(given.text)} is no switch; use true or false`);
  return true;
}

type Picker = (flag: string, value: string | undefined) => Given | undefined;

function readCertificate(given: Picker, flags: ServeFlags, problems: string[]): CertificatePlace {
  const directory = given('cert-dir', flags.certDir);
  const secret = given('cert-secret', flags.certSecret);
  const calledAs = given('service', flags.service);
  const trustedIn = given('webhook-configuration', flags.webhookConfiguration);
  const service = readName(calledAs, DEFAULTS.service, problems);
  const webhookConfiguration = readName(trustedIn, DEFAULTS.webhookConfiguration, problems);
  if (secret === undefined) {
    for (const { source } of [calledAs, trustedIn].filter((name) => name !== undefined)) {
      problems.push(`${source}: it is only for a certificate in a Secret; add --cert-secret, or leave out this`);
    }
    return { kind: 'directory', directory: directory?.text ?? DEFAULTS.certDir };
  }
  if (directory !== undefined) {
    problems.push(`${secret.source}: the certificate has one place; leave out either this or ${directory.source}`);
  }
  const place = secretPlace(secret.text);
  if (place === undefined) {
    problems.push(`${secret.source}: ${shownFlag(secret.text)} names no Secret; write NAMESPACE/NAME`);
  }
  return { kind: 'secret', namespace: '', name: '', ...place, service, webhookConfiguration };
}

/** `NAMESPACE/NAME`; undefined when it is anything else. */
export function secretPlace(text: string): { readonly namespace: string; readonly name: string } | undefined {
  const [namespace = '', name = '', ...more] = text.split('/');
  return isNamespaceName(namespace) && OBJECT_NAME.test(name) && more.length === 0 ? { namespace, name } : undefined;
}

function readName(given: Given | undefined, fallback: string, problems: string[]): string {
  if (given === undefined) return fallback;
  if (OBJECT_NAME.test(given.text)) return given.text;
  problems.push(`${given.source}: ${shownFlag(given.text)} is no name of an object; use a-z, 0-9, - and .`);
  return fallback;
}

/** Seconds in, milliseconds out. On loopback nobody has to hear first that the gate is about to stop. */
function readDelay(given: Given | undefined, host: string, problems: string[]): number {
  if (given === undefined) return isLoopback(host) ? 0 : DEFAULT_SHUTDOWN_DELAY_S * 1000;
  const seconds = /^\d{1,2}$/.test(given.text) ? Number(given.text) : Number.NaN;
  if (seconds <= LONGEST_SHUTDOWN_DELAY_S) return seconds * 1000;
  problems.push(`${given.source}: ${shownFlag(given.text)} is no delay; use 0 to ${LONGEST_SHUTDOWN_DELAY_S} seconds`);
  return 0;
}

function readInterval(given: Given | undefined, problems: string[]): number {
  if (given === undefined || given.text === '0') return 0;
  const ms = durationMsOf(given.text) ?? 0;
  if (ms >= SHORTEST_AUDIT_INTERVAL_MS && ms <= LONGEST_AUDIT_INTERVAL_MS) return ms;
  problems.push(
    `${given.source}: ${shownFlag(given.text)} is no time from 10s to 1d; use one such as 10m, or 0 for none`,
  );
  return 0;
}

/** Combinations that cannot all be meant. */
function clashes({ cluster, certificate, inventory, auditIntervalMs }: Settings): readonly string[] {
  return [
    ...(cluster !== undefined && inventory !== undefined
      ? ['--inventory: with a cluster the holders come from there; leave out this, or --kubeconfig and --in-cluster']
      : []),
    ...(cluster === undefined && certificate.kind === 'secret'
      ? ['--cert-secret: a Secret needs a cluster; add --in-cluster or --kubeconfig FILE, or use --cert-dir']
      : []),
    ...(cluster === undefined && inventory === undefined && auditIntervalMs > 0
      ? ['--audit-interval: there is nothing to audit; add --in-cluster, --kubeconfig FILE or --inventory FILE']
      : []),
  ];
}

function readLogLevel(given: Given | undefined, problems: string[]): LogLevel {
  if (given === undefined) return DEFAULTS.logLevel;
  const level = LOG_LEVELS.find((name) => name === given.text);
  if (level !== undefined) return level;
  problems.push(`${given.source}: ${shownFlag(given.text)} is no log level; use ${LOG_LEVELS.join(', ')}`);
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
