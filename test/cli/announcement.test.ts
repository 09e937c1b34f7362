import { describe, expect, it } from 'vitest';
import { type Announced, announcement } from '../../src/cli/announcement.ts';
import { type ServeFlags, settingsFrom } from '../../src/cli/settings.ts';
import { VERSION } from '../../src/cli/version.ts';

const HASH = `sha256:${'ab'.repeat(32)}`;

function announced(flags: ServeFlags = {}, overrides: Partial<Announced> = {}): string {
  const settings = settingsFrom(flags, {});
  if (!settings.ok) throw new Error(settings.problems.join('\n'));
  return announcement({
    settings: settings.value,
    ports: { webhook: 8443, doors: 9091, operations: 9090 },
    policyPaths: ['manifests/policies/default.yaml'],
    policyHash: HASH,
    notReady: [],
    server: undefined,
    certificate: 'certs/tls.crt until 2027-11-21',
    held: undefined,
    ...overrides,
  });
}

function curlOf(text: string): string | undefined {
  return /^ {2}(curl .*) --data-binary/m.exec(text)?.[1];
}

describe('announcement', () => {
  it('says where it listens, by which policy, with which holders, and what to paste', () => {
    expect(announced()).toBe(`nodeport-gate ${VERSION} is ready
  webhook      https://127.0.0.1:8443  /mutate /validate and, on loopback, the doors too
  doors        http://127.0.0.1:9091  the page, /dry-run /policy /ports /ports/free
  operations   http://127.0.0.1:9090  /livez /readyz /metrics
  policy       ${HASH}  manifests/policies/default.yaml
  certificate  certs/tls.crt until 2027-11-21
  holders      no cluster and no --inventory: no holders known

Try it:
  curl --cacert certs/ca.crt https://localhost:8443/dry-run --data-binary '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}}'
`);
  });

  it('says that it is not ready without a policy, and has nothing to paste', () => {
    const text = announced({}, { policyHash: undefined, notReady: ['a.yaml: …'], policyPaths: ['a.yaml', 'b'] });
    expect([text.split('\n')[0], /^ {2}policy .*$/m.exec(text)?.[0], text.split('\n').slice(-3)]).toEqual([
      `nodeport-gate ${VERSION} listens, but is not ready yet; /readyz says why`,
      '  policy       none that is valid; /mutate, /validate and /dry-run answer 503  a.yaml, b',
      ['', 'Fix the policy documents (the lines above say where); they are read again when they change.', ''],
    ]);
  });

  it('names the cluster, and offers the doors where the certificate is in a Secret', () => {
    const flags = { kubeconfig: 'admin.conf', certSecret: 'gates/certs' };
    const text = announced(flags, {
      server: 'https://10.0.0.1:6443',
      certificate: 'Secret gates/certs until 2027-11-21',
    });
    expect([/^ {2}holders .*$/m.exec(text)?.[0], curlOf(text)]).toEqual([
      '  holders      the cluster at https://10.0.0.1:6443',
      'curl http://127.0.0.1:9091/dry-run',
    ]);
  });

  it('counts holders, not ports, of an inventory', () => {
    const port = { namespace: 'shop', protocol: 'TCP', port: '80', servicePort: 80 };
    const held = [
      { ...port, name: 'web', nodePort: 30100 },
      { ...port, name: 'web', nodePort: 30101 },
      { ...port, name: 'api', nodePort: 30102 },
    ];
    expect(announced({ inventory: 'services.json' }, { held })).toContain(
      '\n  holders      3 node ports of 2 Services, from services.json\n',
    );
  });

  it.each<[string, ServeFlags, string]>([
    [
      'through the doors listener when the webhook is not on loopback',
      { host: '0.0.0.0' },
      'curl http://127.0.0.1:9091/dry-run',
    ],
    [
      'through the doors listener when callers need a certificate',
      { clientCa: 'ca.crt' },
      'curl http://127.0.0.1:9091/dry-run',
    ],
    [
      'through the doors listener where the certificate has no such name',
      { host: '127.0.0.2' },
      'curl http://127.0.0.1:9091/dry-run',
    ],
    ['over IPv6', { host: '::1' }, 'curl --cacert certs/ca.crt https://[::1]:8443/dry-run'],
    [
      'with a directory that needs quotes',
      { certDir: "it's here" },
      `curl --cacert 'it'\\''s here/ca.crt' https://localhost:8443/dry-run`,
    ],
  ])('pastes a line that works %s', (_, flags, line) => {
    expect(curlOf(announced(flags))).toBe(line);
  });
});
