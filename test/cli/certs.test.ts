import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueCerts, rotateCerts, showCerts } from '../../src/cli/commands/certs.ts';
import type { Io } from '../../src/cli/io.ts';
import { judge } from '../../src/tls/judge.ts';
import { NOW } from '../support/now.ts';

let directory = '';
let out = '';
let err = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-certs-'));
  out = '';
  err = '';
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function io(now = NOW): Io {
  return {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    env: {},
    cwd: directory,
    stdin: () => Readable.from([]),
    now: () => now,
    color: false,
    untilStopped: () => Promise.resolve(),
  };
}

describe('certs issue', () => {
  it('makes a set for the names, which the gate does not take for its own', async () => {
    expect(await issueCerts({ certDir: 'pki', name: ['gate.example.com', '192.0.2.1'] }, io())).toBe(0);
    expect(out).toContain(
      '  names        DNS:gate.example.com, DNS:localhost, DNS:nodeport-gate.nodeport-gate.svc, ' +
        'DNS:nodeport-gate.nodeport-gate.svc.cluster.local, IP Address:192.0.2.1, IP Address:127.0.0.1, ' +
        'IP Address:0:0:0:0:0:0:0:1\n',
    );
    expect(out).toContain('pki has tls.crt, tls.key and ca.crt; callers need ca.crt\n');
    const [ca = '', cert = '', key = ''] = await Promise.all(
      ['ca.crt', 'tls.crt', 'tls.key'].map((name) => readFile(join(directory, 'pki', name), 'utf8')),
    );
    expect(judge({ ca, cert, key }, NOW)).toEqual({
      state: 'good',
      reason: '',
      ours: false,
      expiresAt: new Date('2027-11-21T12:00:00Z'),
    });
    expect((await stat(join(directory, 'pki', 'tls.key'))).mode & 0o777).toBe(0o600);
  });

  it.each(['tls.key', 'tls.crt', 'ca.crt'])('never overwrites %s, and leaves nothing beside it', async (name) => {
    await writeFile(join(directory, name), 'mine');
    expect(await issueCerts({ certDir: '.' }, io())).toBe(2);
    expect(err).toBe(`${join(directory, name)} is there already; name another directory, or move it away\n`);
    expect(await readdir(directory)).toEqual([name]);
    expect(await readFile(join(directory, name), 'utf8')).toBe('mine');
  });

  it('refuses what is no name', async () => {
    expect(await issueCerts({ certDir: 'pki', name: ['a b', 'ok.example.com', 'x'.repeat(300)] }, io())).toBe(2);
    expect(err.split('\n')).toEqual([
      '--name: a b is neither a DNS name nor an address; use one such as gate.example.com',
      `--name: ${'x'.repeat(63)}… is neither a DNS name nor an address; use one such as gate.example.com`,
      '',
    ]);
  });
});

describe('certs show', () => {
  it('prints certificate and authority, and how long they last', async () => {
    await issueCerts({ certDir: '.' }, io());
    out = '';
    expect(await showCerts({ certDir: '.' }, io(new Date('2027-11-11T12:00:00Z')))).toBe(0);
    expect(out.replaceAll(/[0-9A-F]{14,18}\n|SHA-256 .*/g, 'X\n').replaceAll(/CA [0-9a-f]{8}/g, 'CA 0'))
      .toMatchInlineSnapshot(`
      "tls.crt
        subject      CN=nodeport-gate
        issuer       CN=nodeport-gate issued CA 0
        names        DNS:localhost, DNS:nodeport-gate.nodeport-gate.svc, DNS:nodeport-gate.nodeport-gate.svc.cluster.local, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1
        valid        2026-11-21T11:55:00.000Z to 2027-11-21T12:00:00.000Z (10 days left)
        serial       X
        fingerprint  X

      ca.crt
        subject      CN=nodeport-gate issued CA 0
        issuer       CN=nodeport-gate issued CA 0
        names        none
        valid        2026-11-21T11:55:00.000Z to 2036-11-21T12:00:00.000Z (3298 days left)
        serial       X
        fingerprint  X

      "
    `);
    expect(err).toBe('.: the certificate expires on 2027-11-21\n');
  });

  it('ends with 1 when it cannot be served any longer, with 2 when there is nothing', async () => {
    await issueCerts({ certDir: '.' }, io());
    expect(await showCerts({ certDir: '.' }, io(new Date('2028-01-01T00:00:00Z')))).toBe(1);
    expect(err).toBe('.: the certificate expired on 2027-11-21\n');
    err = '';
    expect(await showCerts({ certDir: 'nowhere' }, io())).toBe(2);
    expect(err).toBe('nowhere/tls.crt: this is not there; check the path\n');
  });
});

describe('certs rotate', () => {
  it.each([
    [{}, '--cert-secret NAMESPACE/NAME is missing; say what to rotate'],
    [{ certSecret: 'certs' }, '--cert-secret: certs names no Secret; write NAMESPACE/NAME'],
    [{ certSecret: 'a/b', overlap: '1m' }, '--overlap is for a new authority; add --ca'],
    [{ certSecret: 'a/b', ca: true, overlap: '1' }, '--overlap 1 is no time from 5s to 30d; use one such as 10m'],
    [
      { certSecret: 'a/b', kubeconfig: 'x', inCluster: true },
      '--kubeconfig and --in-cluster exclude each other; use one',
    ],
  ])('%j is a usage error', async (flags, message) => {
    expect(await rotateCerts(flags, io())).toBe(2);
    expect({ out, err }).toEqual({ out: '', err: `${message}\n` });
  });
});
