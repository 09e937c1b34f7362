import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeAuthority } from '../../src/tls/authority.ts';
import { judge, type Material } from '../../src/tls/judge.ts';
import { DEVELOPMENT_NAMES, makeLeaf, serviceNames } from '../../src/tls/leaf.ts';
import { NOW } from '../support/now.ts';

const authority = await makeAuthority(NOW);
const leaf = await makeLeaf(authority, DEVELOPMENT_NAMES, NOW);
const material: Material = { cert: leaf.cert, key: leaf.key, ca: authority.cert };

function at(date: string): Date {
  return new Date(date);
}

describe('authority', () => {
  it('is a CA for ten years, backdated by five minutes', () => {
    const ca = new X509Certificate(authority.cert);
    expect({
      subject: ca.subject,
      issuer: ca.issuer,
      isCa: ca.ca,
      from: new Date(ca.validFrom),
      to: new Date(ca.validTo),
      curve: ca.publicKey.asymmetricKeyDetails?.namedCurve,
      algorithm: ca.signatureAlgorithm,
    }).toEqual({
      subject: expect.stringMatching(/^CN=nodeport-gate development CA [0-9a-f]{8}$/),
      issuer: ca.subject,
      isCa: true,
      from: at('2026-11-21T11:55:00Z'),
      to: at('2036-11-21T12:00:00Z'),
      curve: 'prime256v1',
      algorithm: 'ecdsa-with-SHA256',
    });
  });

  it('has a random serial number and a subject of its own', async () => {
    const other = new X509Certificate((await makeAuthority(NOW)).cert);
    expect(other.subject).not.toBe(new X509Certificate(authority.cert).subject);
    expect(other.serialNumber).not.toBe(new X509Certificate(authority.cert).serialNumber);
    expect(other.serialNumber).toMatch(/^[0-9A-F]{14,18}$/);
  });
});

describe('leaf', () => {
  it('is a server certificate for a year, signed by the authority', () => {
    const cert = new X509Certificate(leaf.cert);
    expect({
      names: cert.subjectAltName,
      isCa: cert.ca,
      usage: cert.keyUsage,
      from: new Date(cert.validFrom),
      to: new Date(cert.validTo),
      isSigned: cert.verify(new X509Certificate(authority.cert).publicKey),
      hasKey: cert.checkPrivateKey(createPrivateKey(leaf.key)),
      algorithm: cert.signatureAlgorithm,
    }).toEqual({
      names:
        'DNS:localhost, DNS:nodeport-gate.nodeport-gate.svc, DNS:nodeport-gate.nodeport-gate.svc.cluster.local, ' +
        'IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      isCa: false,
      // id-kp-serverAuth, RFC 5280 section 4.2.1.12
      usage: ['1.3.6.1.5.5.7.3.1'],
      from: at('2026-11-21T11:55:00Z'),
      to: at('2027-11-21T12:00:00Z'),
      isSigned: true,
      hasKey: true,
      algorithm: 'ecdsa-with-SHA256',
    });
  });

  it('is for the names it is asked for, and ends with its authority', async () => {
    const cluster = await makeAuthority(NOW, 'cluster');
    const made = await makeLeaf(cluster, serviceNames('gate', 'web'), at('2036-06-01T00:00:00Z'));
    const cert = new X509Certificate(made.cert);
    expect({ names: cert.subjectAltName, to: new Date(cert.validTo), issuer: cert.issuer, key: made.key }).toEqual({
      names:
        'DNS:localhost, DNS:gate.web.svc, DNS:gate.web.svc.cluster.local, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      to: at('2036-11-21T12:00:00Z'),
      issuer: expect.stringMatching(/^CN=nodeport-gate CA [0-9a-f]{8}$/),
      key: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
    });
  });

  it.each(['localhost', '127.0.0.1', '[::1]'])('convinces a TLS client that asks for %s', async (host) => {
    const now = new Date();
    const ca = await makeAuthority(now);
    const { cert, key } = await makeLeaf(ca, DEVELOPMENT_NAMES, now);
    const server = createServer({ cert, key }, (_, response) => response.end('hello'));
    const bind = host === '[::1]' ? '::1' : '127.0.0.1';
    await new Promise<void>((resolve) => server.listen(0, bind, resolve));
    const { port } = server.address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      const asked = request(
        { host: bind, servername: host === 'localhost' ? host : '', port, ca: ca.cert },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      asked.on('error', reject);
      asked.end();
    });
    server.closeAllConnections();
    server.close();
    expect(status).toBe(200);
  });
});

describe('judge', () => {
  const expiresAt = at('2027-11-21T12:00:00Z');

  it.each([
    ['a minute after it was made', '2026-11-21T12:01:00Z', 'good', ''],
    ['when the clock of the caller is four minutes behind', '2026-11-21T11:56:00Z', 'good', ''],
    ['with 30 days left', '2027-10-22T12:00:00Z', 'good', ''],
    ['with less', '2027-10-22T12:00:01Z', 'renew', 'the certificate expires on 2027-11-21'],
    ['in its last second', '2027-11-21T11:59:59Z', 'renew', 'the certificate expires on 2027-11-21'],
    ['after it', '2027-11-21T12:00:00Z', 'stale', 'the certificate expired on 2027-11-21'],
    [
      'before it is valid',
      '2026-11-21T11:54:59Z',
      'stale',
      'the certificate is not valid before 2026-11-21T11:55:00.000Z',
    ],
  ])('%s', (_, moment, state, reason) => {
    expect(judge(material, at(moment))).toEqual({ state, reason, ours: true, expiresAt });
  });

  it('goes by the authority when that one ends first', async () => {
    const long = await makeLeaf(authority, DEVELOPMENT_NAMES, at('2036-06-01T00:00:00Z'));
    expect(judge({ ...long, ca: authority.cert }, at('2036-11-01T00:00:00Z'))).toEqual({
      state: 'renew',
      reason: 'the certificate expires on 2036-11-21',
      ours: true,
      expiresAt: at('2036-11-21T12:00:00Z'),
    });
  });

  it.each<[string, Partial<Material>, string]>([
    ['a certificate that is none', { cert: 'hello' }, 'tls.crt is not a PEM certificate'],
    ['an empty authority', { ca: '' }, 'ca.crt is not a PEM certificate'],
    [
      'a cut certificate',
      { cert: leaf.cert.replace(/\n[^\n]+\n-----END/, '\n-----END') },
      'tls.crt is not a PEM certificate',
    ],
    ['a key that is none', { key: leaf.cert }, 'tls.key is not a PEM private key without passphrase'],
    ['the key of the authority', { key: authority.key }, 'tls.key is not the key of tls.crt'],
  ])('%s is broken', (_, change, reason) => {
    expect(judge({ ...material, ...change }, NOW)).toEqual({
      state: 'broken',
      reason,
      ours: false,
      expiresAt: undefined,
    });
  });

  it('another authority of the same name is broken, but the gate made all of it', async () => {
    const other = await makeAuthority(NOW);
    expect(judge({ ...material, ca: other.cert }, NOW)).toEqual({
      state: 'broken',
      reason: 'tls.crt is not signed by ca.crt',
      ours: true,
      expiresAt: undefined,
    });
  });

  it('needs no ca.crt, and then takes nothing for its own', () => {
    expect(judge({ ...material, ca: undefined }, NOW)).toEqual({ state: 'good', reason: '', ours: false, expiresAt });
  });

  it('accepts a bundle that holds the old authority beside the new one', async () => {
    const old = await makeAuthority(NOW);
    expect(judge({ ...material, ca: `${old.cert}\n${authority.cert}` }, NOW).state).toBe('good');
  });
});
