import { X509Certificate } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { advance, type KeptChange, makeKept, rewritten } from '../../src/tls/advance.ts';
import { judge, readCertificates } from '../../src/tls/judge.ts';
import { type KeptReading, type KeptSet, type KeptTexts, readKept } from '../../src/tls/kept-set.ts';
import { serviceNames } from '../../src/tls/leaf.ts';
import { NOW } from '../support/now.ts';

const NAMES = serviceNames('nodeport-gate', 'nodeport-gate');
const made = await makeKept(NAMES, NOW);
const REMEDY = 'put in a matching set, or delete all of it to have one made';
const RENEWS_NOTHING = 'so the gate renews nothing; renew it yourself, or delete all of it to have a set made';

function read(change: KeptChange, at = NOW): KeptReading {
  return readKept(change.texts, change.notes, NAMES, at);
}

function setOf(change: KeptChange, at = NOW): KeptSet {
  const { set, problem } = read(change, at);
  if (set === undefined) throw new Error(problem);
  return set;
}

function withTexts(texts: KeptTexts): KeptReading {
  return read({ texts: { ...made.texts, ...texts }, notes: {} });
}

/** Serial numbers of a PEM text. */
function serials(pem: string | undefined): readonly string[] {
  return readCertificates(pem ?? '').map(({ serialNumber }) => serialNumber);
}

async function foreign(): Promise<{ readonly cert: string; readonly key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'example.com' }], {
    keyType: 'ec',
    notBeforeDate: NOW,
  });
  return { cert, key };
}

describe('a set that was made', () => {
  it('is served, is complete, and has nothing to do', () => {
    const { material, set, isEmpty, problem } = read(made);
    expect(material).toEqual({ cert: made.texts['tls.crt'], key: made.texts['tls.key'], ca: made.texts['ca.crt'] });
    expect({ isEmpty, problem, next: set?.next, notes: set?.notes }).toEqual({
      isEmpty: false,
      problem: '',
      next: undefined,
      notes: {},
    });
    expect(set?.state).toEqual({
      leaf: { from: new Date('2026-11-21T11:55:00Z'), to: new Date('2027-11-21T12:00:00Z') },
      leafFault: '',
      active: { from: new Date('2026-11-21T11:55:00Z'), to: new Date('2036-11-21T12:00:00Z') },
      next: undefined,
      hasFormer: false,
      notes: {},
    });
  });

  it('is kept again as it was', () => {
    expect(rewritten(setOf(made))).toEqual(made);
  });
});

describe('a rotation', () => {
  it('goes through its states, and every certificate that is served is trusted before and after', async () => {
    const published = await advance({ ...setOf(made), notes: { overlap: '1m' } }, 'start', NAMES, NOW);
    const next = published.texts['next-ca.crt'];
    const former = serials(made.texts['ca.crt']);
    expect(published.notes).toEqual({ overlap: '1m', started: '2026-11-21T12:00:00.000Z' });
    expect(serials(published.texts['ca.crt'])).toEqual([...former, ...serials(next)]);
    expect(published.texts['tls.crt']).toBe(made.texts['tls.crt']);

    const switched = await advance(setOf(published), 'switch', NAMES, NOW);
    expect(switched.notes).toEqual({ ...published.notes, switched: '2026-11-21T12:00:00.000Z' });
    expect(serials(switched.texts['ca.crt'])).toEqual([...serials(next), ...former]);
    expect(switched.texts['ca.key']).toBe(published.texts['next-ca.key']);
    expect(Object.keys(switched.texts).toSorted()).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
    expect(setOf(switched).state.hasFormer).toBe(true);

    const dropped = await advance(setOf(switched), 'drop-former', NAMES, NOW);
    expect(dropped.notes).toEqual({});
    expect(serials(dropped.texts['ca.crt'])).toEqual(serials(next));
    expect(dropped.texts['tls.crt']).toBe(switched.texts['tls.crt']);
    expect(setOf(dropped).state.hasFormer).toBe(false);

    const leaves = [made, published, switched, dropped].map(({ texts }) => texts['tls.crt'] ?? '');
    const pairs = [
      [leaves[0], published],
      [leaves[2], published],
      [leaves[2], dropped],
    ] as const;
    for (const [cert = '', { texts }] of pairs) {
      const bundle = readCertificates(texts['ca.crt'] ?? '');
      expect(bundle.some((ca) => new X509Certificate(cert).verify(ca.publicKey))).toBe(true);
    }
  });

  it('leaves an authority alone that somebody added', async () => {
    const added = (await foreign()).cert;
    const bundle = `${made.texts['ca.crt']}${added}`;
    const first = setOf({ texts: { ...made.texts, 'ca.crt': bundle }, notes: {} });
    expect(first.state.hasFormer).toBe(false);
    const published = await advance(first, 'start', NAMES, NOW);
    const switched = await advance(setOf(published), 'switch', NAMES, NOW);
    const dropped = await advance(setOf(switched), 'drop-former', NAMES, NOW);
    expect(serials(dropped.texts['ca.crt'])).toEqual([...serials(published.texts['next-ca.crt']), ...serials(added)]);
  });

  it('starts anew without what an earlier start left', async () => {
    const published = await advance(setOf(made), 'start', NAMES, NOW);
    const again = await advance(setOf(published), 'start', NAMES, NOW);
    expect(serials(again.texts['ca.crt'])).toEqual([
      ...serials(made.texts['ca.crt']),
      ...serials(again.texts['next-ca.crt']),
    ]);
  });

  it.skipIf(!hasOpenssl())('convinces OpenSSL by both authorities in either order', async () => {
    const published = await advance(setOf(made), 'start', NAMES, NOW);
    const switched = await advance(setOf(published), 'switch', NAMES, NOW);
    const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-kept-'));
    try {
      for (const [bundle, leaf] of [
        [published, made],
        [published, switched],
        [switched, made],
        [switched, switched],
      ] as const) {
        await writeFile(join(directory, 'ca.crt'), bundle.texts['ca.crt'] ?? '');
        await writeFile(join(directory, 'tls.crt'), leaf.texts['tls.crt'] ?? '');
        const args = ['verify', '-attime', String(NOW.getTime() / 1000), '-CAfile', 'ca.crt', 'tls.crt'];
        expect(openssl(args, directory)).toBe('tls.crt: OK\n');
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

/** Most machines have it; the chain is checked by `verify` above all the same. */
function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}

function openssl(args: readonly string[], cwd: string): string {
  return execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('a set that is not', () => {
  it.each<[string, KeptTexts]>([
    ['absent', {}],
    ['blank', { 'tls.crt': '', 'tls.key': ' \n', 'ca.crt': '' }],
  ])('%s is empty', (_, texts) => {
    expect(readKept(texts, {}, NAMES, NOW)).toEqual({
      material: undefined,
      set: undefined,
      isEmpty: true,
      problem: '',
    });
  });

  it.each<[string, KeptTexts, string]>([
    ['without its key', { 'tls.key': '' }, `of tls.crt and tls.key only one is there; ${REMEDY}`],
    ['garbled', { 'tls.crt': 'hello' }, `tls.crt is not a PEM certificate; ${REMEDY}`],
    [
      'with the key of another',
      { 'tls.key': made.texts['ca.key'] ?? '' },
      `tls.key is not the key of tls.crt; ${REMEDY}`,
    ],
    ['with a garbled ca.crt', { 'ca.crt': 'hello' }, `ca.crt is not a PEM certificate; ${REMEDY}`],
  ])('usable (%s) is never replaced', (_, texts, problem) => {
    expect(withTexts(texts)).toEqual({ material: undefined, set: undefined, isEmpty: false, problem });
  });

  it.each<[string, KeptTexts, string]>([
    ['ca.key is absent', { 'ca.key': '' }, `there is no ca.key, ${RENEWS_NOTHING}`],
    [
      'ca.key is another',
      { 'ca.key': made.texts['tls.key'] ?? '' },
      `ca.key is not the key of a certificate in ca.crt, ${RENEWS_NOTHING}`,
    ],
    [
      'half of a next one is there',
      { 'next-ca.crt': made.texts['ca.crt'] ?? '' },
      `the gate did not make next-ca.crt and next-ca.key, ${RENEWS_NOTHING}`,
    ],
  ])('entirely the gate’s (%s) is served, but never replaced', (_, texts, problem) => {
    const { material, set, ...rest } = withTexts(texts);
    expect(rest).toEqual({ isEmpty: false, problem });
    expect({ cert: material?.cert, set }).toEqual({ cert: made.texts['tls.crt'], set: undefined });
  });

  it('the gate’s at all is served without ca.crt, and its end is told', async () => {
    const { cert, key } = await foreign();
    const at = new Date('2027-11-20T12:00:00Z');
    const reading = readKept({ 'tls.crt': cert, 'tls.key': key }, {}, NAMES, at);
    expect(reading.problem).toBe(
      'there is no ca.key, so the gate renews nothing, and the certificate expires on 2027-11-21; ' +
        'renew it yourself, or delete all of it to have a set made',
    );
    expect(reading.material && judge(reading.material, at).state).toBe('renew');
  });
});

describe('a leaf that must be replaced', () => {
  it('is for other names', () => {
    const { set, material } = readKept(made.texts, {}, serviceNames('gate', 'web'), NOW);
    expect(set?.state.leafFault).toBe('the certificate is not for gate.web.svc');
    expect(material?.cert).toBe(made.texts['tls.crt']);
  });

  it('is of a former authority', async () => {
    const other = await makeKept(NAMES, NOW);
    const { 'tls.crt': cert = '', 'tls.key': key = '' } = other.texts;
    const { set, material } = withTexts({ 'tls.crt': cert, 'tls.key': key });
    expect(set?.state.leafFault).toBe('the certificate is of a former authority');
    expect(material).toBe(undefined);
  });

  it('is not there', () => {
    const { set, material } = withTexts({ 'tls.crt': '', 'tls.key': '' });
    expect({ leaf: set?.state.leaf, material }).toEqual({ leaf: undefined, material: undefined });
  });
});
