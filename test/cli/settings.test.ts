import { describe, expect, it } from 'vitest';
import { type ServeFlags, type Settings, settingsFrom } from '../../src/cli/settings.ts';

const DEFAULT: Settings = {
  host: '127.0.0.1',
  port: 8443,
  operationsPort: 9090,
  doorsPort: 9091,
  policy: [],
  inventory: undefined,
  certDir: 'certs',
  clientCa: undefined,
  logLevel: 'info',
};

const FLAGS: Required<ServeFlags> = {
  host: '0.0.0.0',
  port: '1',
  operationsPort: '2',
  doorsPort: '3',
  policy: ['a', 'b,c'],
  inventory: 'inventory.json',
  certDir: '/tls',
  clientCa: 'client.crt',
  logLevel: 'warn',
};

const ENV = {
  NODEPORT_GATE_HOST: '::',
  NODEPORT_GATE_PORT: '11',
  NODEPORT_GATE_OPERATIONS_PORT: '12',
  NODEPORT_GATE_DOORS_PORT: '13',
  NODEPORT_GATE_POLICY: 'x, y,,z',
  NODEPORT_GATE_INVENTORY: 'env.json',
  NODEPORT_GATE_CERT_DIR: '/env',
  NODEPORT_GATE_CLIENT_CA: 'env.crt',
  NODEPORT_GATE_LOG_LEVEL: 'debug',
};

describe('settingsFrom', () => {
  it('has defaults for everything', () => {
    expect(settingsFrom({}, {})).toEqual({ ok: true, value: DEFAULT });
  });

  it('takes the environment before the defaults', () => {
    expect(settingsFrom({}, ENV)).toEqual({
      ok: true,
      value: {
        host: '::',
        port: 11,
        operationsPort: 12,
        doorsPort: 13,
        policy: ['x', 'y', 'z'],
        inventory: 'env.json',
        certDir: '/env',
        clientCa: 'env.crt',
        logLevel: 'debug',
      },
    });
  });

  it('takes flags before the environment', () => {
    expect(settingsFrom(FLAGS, ENV)).toEqual({
      ok: true,
      value: {
        host: '0.0.0.0',
        port: 1,
        operationsPort: 2,
        doorsPort: 3,
        policy: ['a', 'b,c'],
        inventory: 'inventory.json',
        certDir: '/tls',
        clientCa: 'client.crt',
        logLevel: 'warn',
      },
    });
  });

  it('ignores empty variables, and the one that the kubelet sets for a Service of the same name', () => {
    const env = { NODEPORT_GATE_PORT: 'tcp://10.96.7.1:443', NODEPORT_GATE_HOST: '', NODEPORT_GATE_POLICY: ',' };
    expect(settingsFrom({}, env)).toEqual({ ok: true, value: DEFAULT });
  });

  it.each([
    ['localhost', '127.0.0.1'],
    ['LocalHost', '127.0.0.1'],
    ['[::1]', '::1'],
    ['gate.example.com', 'gate.example.com'],
  ])('reads host %s as %s', (host, read) => {
    expect(settingsFrom({ host }, {})).toEqual({ ok: true, value: { ...DEFAULT, host: read } });
  });

  it('takes 0 for any free port, more than once', () => {
    const flags = { port: '0', operationsPort: '0', doorsPort: '0' };
    expect(settingsFrom(flags, {})).toEqual({
      ok: true,
      value: { ...DEFAULT, port: 0, operationsPort: 0, doorsPort: 0 },
    });
  });

  it.each(['99999', '65536', '-1', '8443.5', '1e3', '0x50', '', ' 80', '٨٠'])('refuses port "%s"', (port) => {
    expect(settingsFrom({ port }, {})).toEqual({
      ok: false,
      problems: [`--port: ${port} is no port; use 1 to 65535, or 0 for any free one`],
    });
  });

  it.each(['256.1.1.1', '1.2.3', 'a b', 'http://x', '-x', '::g', ''])('refuses host "%s"', (host) => {
    expect(settingsFrom({ host }, {})).toEqual({
      ok: false,
      problems: [`--host: ${host} is no address; use an IP address or a host name, as in 0.0.0.0`],
    });
  });

  it('reports every problem with the flag or variable to change', () => {
    const env = { NODEPORT_GATE_DOORS_PORT: 'x\n', NODEPORT_GATE_LOG_LEVEL: 'loud' };
    expect(settingsFrom({ port: '9090' }, env)).toEqual({
      ok: false,
      problems: [
        'NODEPORT_GATE_DOORS_PORT: x\\u000a is no port; use 1 to 65535, or 0 for any free one',
        'NODEPORT_GATE_LOG_LEVEL: loud is no log level; use trace, debug, info, warn, error, fatal, silent',
        '--operations-port: 9090 is also --port; use another port',
      ],
    });
  });
});
