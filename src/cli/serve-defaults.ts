// Apart from settings.ts, because the help of every command shows them, and nothing else of it.

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 8443,
  operationsPort: 9090,
  doorsPort: 9091,
  certDir: 'certs',
  service: 'nodeport-gate',
  webhookConfiguration: 'zz-nodeport-gate',
  logLevel: 'info',
} as const;

/** `cert-dir`: NODEPORT_GATE_CERT_DIR. */
export function variableOf(flag: string): string {
  return `NODEPORT_GATE_${flag.toUpperCase().replaceAll('-', '_')}`;
}
