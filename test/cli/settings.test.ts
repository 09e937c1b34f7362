import { describe, expect, it } from 'vitest';
import { type ServeFlags, type Settings, settingsFrom } from '../../src/cli/settings.ts';

const DEFAULT: Settings = {
  host: '127.0.0.1',
  port: 8443,
  operationsPort: 9090,
  doorsPort: 9091,
  policy: [],
  inventory: undefined,
  cluster: undefined,
  certificate: { kind: 'directory', directory: 'certs' },
  clientCa: undefined,
  auditIntervalMs: 0,
  shutdownDelayMs: 0,
  logLevel: 'info',
};

const FLAGS: ServeFlags = {
  host: '0.0.0.0',
  port: '1',
  operationsPort: '2',
  doorsPort: '3',
  policy: ['a', 'b,c'],
  inventory: 'inventory.json',
  certDir: '/tls',
  clientCa: 'client.crt',
  auditInterval: '90s',
  shutdownDelay: '7',
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
  NODEPORT_GATE_AUDIT_INTERVAL: '10m',
  NODEPORT_GATE_SHUTDOWN_DELAY: '3',
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
        cluster: undefined,
        certificate: { kind: 'directory', directory: '/env' },
        clientCa: 'env.crt',
        auditIntervalMs: 600_000,
        shutdownDelayMs: 3_000,
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
        cluster: undefined,
        certificate: { kind: 'directory', directory: '/tls' },
        clientCa: 'client.crt',
        auditIntervalMs: 90_000,
        shutdownDelayMs: 7_000,
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
    const shutdownDelayMs = host === 'gate.example.com' ? 5_000 : 0;
    expect(settingsFrom({ host }, {})).toEqual({ ok: true, value: { ...DEFAULT, host: read, shutdownDelayMs } });
  });

  it.each([
    ['0', 0],
    ['10s', 10_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
  ])('reads an audit interval of %s', (auditInterval, auditIntervalMs) => {
    expect(settingsFrom({ inCluster: true, auditInterval }, {})).toEqual({
      ok: true,
      value: { ...DEFAULT, cluster: 'in-cluster', auditIntervalMs },
    });
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
      problems: [`--port: ${port || '""'} is no port; use 1 to 65535, or 0 for any free one`],
    });
  });

  it.each(['256.1.1.1', '1.2.3', 'a b', 'http://x', '-x', '::g', ''])('refuses host "%s"', (host) => {
    expect(settingsFrom({ host }, {})).toEqual({
      ok: false,
      problems: [`--host: ${host || '""'} is no address; use an IP address or a host name, as in 0.0.0.0`],
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

describe('settings of a cluster', () => {
  const secret = {
    kind: 'secret',
    namespace: 'gates',
    name: 'certs',
    service: 'nodeport-gate',
    webhookConfiguration: 'zz-nodeport-gate',
  };

  it.each<readonly [string, ServeFlags, Readonly<Record<string, string>>, Partial<Settings>]>([
    ['a kubeconfig', { kubeconfig: 'admin.conf' }, {}, { cluster: { kubeconfig: 'admin.conf' } }],
    ['the pod itself', { inCluster: true }, {}, { cluster: 'in-cluster' }],
    ['the pod itself, by variable', {}, { NODEPORT_GATE_IN_CLUSTER: 'true' }, { cluster: 'in-cluster' }],
    ['no cluster, by variable', {}, { NODEPORT_GATE_IN_CLUSTER: 'false' }, {}],
    [
      'a Secret for the certificate',
      { inCluster: true, certSecret: 'gates/certs' },
      {},
      { cluster: 'in-cluster', certificate: { ...secret, kind: 'secret' } },
    ],
    [
      'a Secret, Service and webhooks of other names',
      { inCluster: true },
      {
        NODEPORT_GATE_CERT_SECRET: 'gates/certs',
        NODEPORT_GATE_SERVICE: 'gate',
        NODEPORT_GATE_WEBHOOK_CONFIGURATION: 'zz-gate.example.com',
      },
      {
        cluster: 'in-cluster',
        certificate: { ...secret, kind: 'secret', service: 'gate', webhookConfiguration: 'zz-gate.example.com' },
      },
    ],
  ])('reads %s', (_, flags, env, expected) => {
    expect(settingsFrom(flags, env)).toEqual({ ok: true, value: { ...DEFAULT, ...expected } });
  });

  it.each<readonly [ServeFlags, readonly string[]]>([
    [
      { kubeconfig: 'a', inCluster: true },
      ['--kubeconfig: the gate has one cluster; leave out either this or --in-cluster'],
    ],
    [
      { inCluster: true, certSecret: 'a/b', certDir: 'certs' },
      ['--cert-secret: the certificate has one place; leave out either this or --cert-dir'],
    ],
    [
      { certSecret: 'a/b' },
      ['--cert-secret: a Secret needs a cluster; add --in-cluster or --kubeconfig FILE, or use --cert-dir'],
    ],
    [
      { inCluster: true, inventory: 'dump.json' },
      ['--inventory: with a cluster the holders come from there; leave out this, or --kubeconfig and --in-cluster'],
    ],
    ...['certs', 'a/b/c', '/b', 'a/', 'A/b', 'a/b\n', 'a b/c'].map(
      (certSecret) =>
        [
          { inCluster: true, certSecret },
          [`--cert-secret: ${certSecret.replace('\n', '\\u000a')} names no Secret; write NAMESPACE/NAME`],
        ] as const,
    ),
    [
      { inCluster: true, certSecret: 'a/b', service: 'A' },
      ['--service: A is no name of an object; use a-z, 0-9, - and .'],
    ],
    [
      { auditInterval: '10m' },
      ['--audit-interval: there is nothing to audit; add --in-cluster, --kubeconfig FILE or --inventory FILE'],
    ],
    ...['9s', '25h', '2d', '10', '-1', '1.5h', '10m\n', ''].map(
      (auditInterval) =>
        [
          { inCluster: true, auditInterval },
          [
            `--audit-interval: ${auditInterval.replace('\n', '\\u000a') || '""'} is no time from 10s to 1d; use one such as 10m, or 0 for none`,
          ],
        ] as const,
    ),
    [
      { policy: ['p', ''], inventory: '', certDir: '', clientCa: '' },
      ['--policy', '--inventory', '--cert-dir', '--client-ca'].map(
        (flag) => `${flag}: the path is empty; name a file, or leave the flag out`,
      ),
    ],
    [{ kubeconfig: '' }, ['--kubeconfig: the path is empty; name a file, or leave the flag out']],
    [{ shutdownDelay: '16' }, ['--shutdown-delay: 16 is no delay; use 0 to 15 seconds']],
    [{ shutdownDelay: '5s' }, ['--shutdown-delay: 5s is no delay; use 0 to 15 seconds']],
  ])('refuses %j', (flags, problems) => {
    expect(settingsFrom(flags, {})).toEqual({ ok: false, problems });
  });

  it('takes no names for a certificate that is in no Secret', () => {
    const env = { NODEPORT_GATE_WEBHOOK_CONFIGURATION: 'mine' };
    const why = 'it is only for a certificate in a Secret; add --cert-secret, or leave out this';
    expect(settingsFrom({ service: 'mine', certDir: 'certs' }, env)).toEqual({
      ok: false,
      problems: [`--service: ${why}`, `NODEPORT_GATE_WEBHOOK_CONFIGURATION: ${why}`],
    });
  });

  it('takes only true and false for a switch', () => {
    expect(settingsFrom({}, { NODEPORT_GATE_IN_CLUSTER: 'yes' })).toEqual({
      ok: false,
      problems: ['NODEPORT_GATE_IN_CLUSTER: yes is no switch; use true or false'],
    });
  });
});
