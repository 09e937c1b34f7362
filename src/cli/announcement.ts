import { join } from 'node:path';
import type { HeldPort } from '../domain/inventory.ts';
import { formatRef } from '../domain/service.ts';
import { counted } from '../domain/text.ts';
import { shellWord } from '../report/shell-word.ts';
import { isLoopback, urlHost } from '../server/host.ts';
import { DOORS_HOST, type OpenPorts } from '../server/server.ts';
import type { Settings } from './settings.ts';
import { VERSION } from './version.ts';

export interface Announced {
  readonly settings: Settings;
  readonly ports: OpenPorts;
  /** Where the policy was read from. */
  readonly policyPaths: readonly string[];
  /** undefined when no valid policy is loaded. */
  readonly policyHash: string | undefined;
  /** Why it is not ready; empty when it is. */
  readonly notReady: readonly string[];
  readonly certificate: string;
  /** The API server; undefined without a cluster. */
  readonly server: string | undefined;
  /** What the inventory lists; undefined without `--inventory`. */
  readonly held: readonly HeldPort[] | undefined;
}

/** A Service that is worth asking about: YAML on one line, so that it can be pasted into any shell. */
const SAMPLE =
  '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, ' +
  'spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}}';

const NO_POLICY = 'none that is valid; /mutate, /validate and /dry-run answer 503';

const FIX_DOCUMENTS = 'Fix the policy documents (the lines above say where); they are read again when they change.';

/** What `serve` says on the terminal once everything listens. */
export function announcement(announced: Announced): string {
  const { settings, ports, policyPaths, policyHash, notReady, certificate } = announced;
  const { host } = settings;
  const webhookDoes = isLoopback(host) ? '/mutate /validate and, on loopback, the doors too' : '/mutate /validate';
  const rows = [
    ['webhook', `https://${urlHost(host)}:${ports.webhook}  ${webhookDoes}`],
    ['doors', `http://${DOORS_HOST}:${ports.doors}  the page, /dry-run /policy /ports /ports/free`],
    ['operations', `http://${urlHost(host)}:${ports.operations}  /livez /readyz /metrics`],
    ['policy', `${policyHash ?? NO_POLICY}  ${policyPaths.join(', ')}`],
    ['certificate', certificate],
    ['holders', holdersText(announced)],
  ];
  const state = notReady.length > 0 ? 'listens, but is not ready yet; /readyz says why' : 'is ready';
  const lines = rows.map(([label = '', text = '']) => `  ${label.padEnd(11)}  ${text}`);
  const next = policyHash === undefined ? [FIX_DOCUMENTS] : ['Try it:', `  ${curlLine(settings, ports)}`];
  return `${[`nodeport-gate ${VERSION} ${state}`, ...lines, '', ...next].join('\n')}\n`;
}

function holdersText({ settings, server, held }: Announced): string {
  if (server !== undefined) return `the cluster at ${server}`;
  if (held === undefined) return 'no cluster and no --inventory: no holders known';
  const holders = new Set(held.map(formatRef));
  return `${counted(held.length, 'node port')} of ${counted(holders.size, 'Service')}, from ${settings.inventory}`;
}

/** Over TLS where the certificate and the routes allow it, else through the doors' own listener. */
function curlLine({ host, certificate, clientCa }: Settings, ports: OpenPorts): string {
  const name = host === '::1' ? '[::1]' : 'localhost';
  const isReachable = (host === '127.0.0.1' || host === '::1') && clientCa === undefined;
  const target =
    isReachable && certificate.kind === 'directory'
      ? `--cacert ${shellWord(join(certificate.directory, 'ca.crt'))} https://${name}:${ports.webhook}/dry-run`
      : `http://${DOORS_HOST}:${ports.doors}/dry-run`;
  return `curl ${target} --data-binary '${SAMPLE}'`;
}
