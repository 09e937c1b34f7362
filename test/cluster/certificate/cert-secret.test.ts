import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiRefused } from '../../../src/cluster/api/api-errors.ts';
import { type CertSecret, openCertSecret } from '../../../src/cluster/certificate/cert-secret.ts';
import { changedSecret, readSecret } from '../../../src/cluster/certificate/secret-object.ts';
import { orderRotation } from '../../../src/cluster/certificate/secret-rotation.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { makeKept } from '../../../src/tls/advance.ts';
import { type Material, readCertificates } from '../../../src/tls/judge.ts';
import { serviceNames } from '../../../src/tls/leaf.ts';
import { aWhile, expectSoon } from '../../support/eventually.ts';
import { NOW } from '../../support/now.ts';
import { type ApiStore, makeApiStore } from '../support/api-store.ts';

const REF = { namespace: 'gate', name: 'certs' };
const PATH = '/api/v1/namespaces/gate/secrets/certs';
/** Not the Service of the shipped manifests: who orders a rotation does not know it. */
const SERVICE = 'edge-gate';
const NAMES = serviceNames(SERVICE, 'gate');

const opened: CertSecret[] = [];
afterEach(() => {
  for (const secret of opened.splice(0)) secret.close();
});

interface Replica {
  readonly secret: CertSecret;
  readonly changes: readonly Material[];
  readonly said: readonly string[];
  /** Moves its clock. */
  at(date: Date): void;
  trust(ms: number | undefined): void;
}

function start(store: ApiStore, from = NOW): Replica {
  const changes: Material[] = [];
  const said: string[] = [];
  let clock = from;
  let trusted: number | undefined = Infinity;
  const secret = openCertSecret(store.client, {
    ...REF,
    serviceName: SERVICE,
    now: () => clock,
    trustedForMs: () => trusted,
    onChange: (material) => changes.push(material),
    onProblem: (lines) => said.push(...lines),
  });
  opened.push(secret);
  return {
    secret,
    changes,
    said,
    at: (date) => {
      clock = date;
    },
    trust: (ms) => {
      trusted = ms;
    },
  };
}

function after(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

/** Somebody touches the Secret: every replica looks. */
function touch(store: ApiStore): void {
  store.put(PATH, store.get(PATH) ?? {});
}

function subjects(ca: string | undefined): readonly string[] {
  return readCertificates(ca ?? '').map(({ subject }) => subject);
}

function served(replica: Replica): string {
  return new X509Certificate(replica.changes.at(-1)?.cert ?? '').serialNumber;
}

describe('openCertSecret', () => {
  it('makes the Secret where there is none; of several replicas one wins and all serve the same', async () => {
    const store = makeApiStore();
    const replicas = [start(store), start(store), start(store)];
    const sources = await Promise.all(replicas.map(({ secret }) => secret.ready));
    const [first] = sources;
    expect(sources.map((source) => source.material())).toEqual(sources.map(() => first?.material()));
    expect(first?.expiresAt()).toEqual(new Date('2027-11-21T12:00:00Z'));
    expect(store.writes.filter((write) => write.endsWith(' 201'))).toEqual([
      'POST /api/v1/namespaces/gate/secrets 201',
    ]);
    const secret = store.get(PATH);
    expect({ type: secret?.['type'], keys: Object.keys(secret?.['data'] as JsonObject).toSorted() }).toEqual({
      type: 'kubernetes.io/tls',
      keys: ['ca.crt', 'ca.key', 'tls.crt', 'tls.key'],
    });
    expect(new X509Certificate(first?.material().cert ?? '').subjectAltName).toContain('DNS:edge-gate.gate.svc,');
    expect(replicas.flatMap(({ said }) => said)).toEqual([]);
  });

  it('fills one that is empty and keeps what else is in it', async () => {
    const store = makeApiStore();
    store.put(PATH, { kind: 'Secret', metadata: { name: 'certs', labels: { team: 'a' } }, data: { other: 'eA==' } });
    await start(store).secret.ready;
    const secret = store.get(PATH);
    expect(secret?.['metadata']).toMatchObject({ labels: { team: 'a' } });
    expect(secret?.['data']).toMatchObject({ other: 'eA==' });
    expect(store.writes).toEqual([`PUT ${PATH} 200`]);
  });

  it('puts a deleted one back with the same set', async () => {
    const store = makeApiStore();
    const replicas = [start(store), start(store)];
    await Promise.all(replicas.map(({ secret }) => secret.ready));
    const data = store.get(PATH)?.['data'];
    store.remove(PATH);
    await expectSoon(() => store.get(PATH)?.['data'], data);
    await aWhile(100);
    expect(replicas.map(({ changes }) => changes.length)).toEqual([1, 1]);
  });

  it('says why it has nothing while the API server is silent, and goes on by itself', async () => {
    const store = makeApiStore();
    store.breakDown('silence');
    const { secret, said } = start(store);
    await expectSoon(() => secret.problems(), ['Secret gate/certs: https://store is unreachable']);
    expect(said).toEqual(['Secret gate/certs: https://store is unreachable']);
    store.breakDown({ status: 403, body: { message: 'no' } });
    await expectSoon(
      () => secret.problems(),
      ['Secret gate/certs: get secrets is forbidden (403: no); grant the verb get on secrets by RBAC'],
    );
    store.breakDown(undefined);
    await secret.ready;
    expect(secret.problems()).toEqual([]);
  });

  it('serves what it has while the Secret is of no use, and leaves that alone', async () => {
    const store = makeApiStore();
    const { secret, changes } = start(store);
    const source = await secret.ready;
    const broken = { ...store.get(PATH), data: { 'tls.crt': 'aGVsbG8=', 'tls.key': 'aGVsbG8=' } };
    store.put(PATH, broken);
    await expectSoon(
      () => source.problems(),
      [
        'Secret gate/certs: tls.crt is not a PEM certificate; put in a matching set, or delete all of it to have one made',
      ],
    );
    expect(await secret.bundle()).toBe(undefined);
    expect(changes).toEqual([source.material()]);
    expect(store.get(PATH)?.['data']).toEqual(broken.data);
  });

  it('renews the leaf in time; of several replicas one wins', async () => {
    const store = makeApiStore();
    const replicas = [start(store), start(store)];
    await Promise.all(replicas.map(({ secret }) => secret.ready));
    for (const replica of replicas) replica.at(new Date('2027-11-01T00:00:00Z'));
    touch(store);
    await expectSoon(() => replicas.map(({ changes }) => changes.length), [2, 2]);
    expect(store.writes.filter((write) => write === `PUT ${PATH} 200`)).toHaveLength(1);
    const [a, b] = replicas.map((replica) => served(replica));
    expect(a).toBe(b);
    expect(subjects(replicas[0]?.changes[1]?.ca)).toEqual(subjects(replicas[0]?.changes[0]?.ca));
  });

  it('reads again when somebody else was faster', async () => {
    const store = makeApiStore();
    const replica = start(store);
    await replica.secret.ready;
    const other = changedSecret(store.get(PATH) ?? {}, await makeKept(NAMES, new Date('2027-11-01T00:00:00Z')));
    replica.at(new Date('2027-11-01T00:00:00Z'));
    store.beforeNext('PUT', () => store.put(PATH, other));
    touch(store);
    const { material } = readSecret(other, NAMES, NOW);
    await expectSoon(() => replica.changes.at(-1), material);
    expect(store.writes.slice(1)).toEqual([`PUT ${PATH} 409`]);
  });

  it('never serves a certificate from a clock that is ahead, and makes one that is valid now', async () => {
    const store = makeApiStore();
    const replica = start(store);
    await replica.secret.ready;
    const ahead = await makeKept(NAMES, after(3_600_000));
    store.put(PATH, changedSecret(store.get(PATH) ?? {}, ahead));
    await expectSoon(() => replica.changes.length, 2);
    const [first, second] = replica.changes;
    expect(second?.ca).toBe(ahead.texts['ca.crt']);
    expect(new Date(new X509Certificate(second?.cert ?? '').validFrom)).toEqual(after(-300_000));
    expect(first?.ca).not.toBe(second?.ca);
    expect(replica.changes.map(({ cert }) => cert)).not.toContain(ahead.texts['tls.crt']);
  });
});

const UNTRUSTED =
  'Secret gate/certs: the rotation waits, because a webhook configuration does not have the next authority in its caBundle';

/** The subjects of what callers are to trust by what this replica published last. */
function toTrust(replica: Replica | undefined): readonly string[] {
  return subjects(replica?.changes.at(-1)?.ca);
}

function issuer({ changes }: Replica): string {
  return new X509Certificate(changes.at(-1)?.cert ?? '').issuer;
}

/** Orders another authority; gives its subject. */
async function orderedAuthority(store: ApiStore): Promise<string> {
  const ordered = await orderRotation(store.client, REF, { kind: 'authority', overlap: '1m' }, NOW);
  if (!ordered.ok) throw new Error(ordered.problems.join('\n'));
  return new X509Certificate(ordered.value.next?.cert ?? '').subject;
}

describe('a change of the authority', () => {
  it('is begun by order and carried out by the replicas: no moment without trust', async () => {
    const store = makeApiStore();
    const replicas = [start(store), start(store)];
    await Promise.all(replicas.map(({ secret }) => secret.ready));
    const seen = (): readonly (readonly string[])[] => replicas.map(toTrust);
    const former = toTrust(replicas[0]).join();
    for (const replica of replicas) replica.trust(undefined);
    const next = await orderedAuthority(store);
    await expectSoon(seen, [
      [former, next],
      [former, next],
    ]);
    expect(await orderRotation(store.client, REF, { kind: 'authority', overlap: '1m' }, NOW)).toEqual({
      ok: false,
      problems: ['Secret gate/certs: a rotation is under way; wait until it ends, as nodeport-gate certs show tells'],
    });

    for (const replica of replicas) replica.at(after(61_000));
    touch(store);
    await expectSoon(() => replicas.map(({ secret }) => secret.problems().length), [1, 1]);
    expect(replicas.flatMap(({ secret }) => secret.problems())).toEqual([UNTRUSTED, UNTRUSTED]);
    for (const replica of replicas) replica.trust(30_000);
    await expectSoon(seen, [
      [next, former],
      [next, former],
    ]);
    expect(replicas.map(issuer)).toEqual([next, next]);

    for (const replica of replicas) replica.at(after(125_000));
    touch(store);
    await expectSoon(seen, [[next], [next]]);
    expect(store.writes.filter((write) => write === `PUT ${PATH} 200`)).toHaveLength(3);
    expect(Object.keys(store.get(PATH)?.['data'] as JsonObject).toSorted()).toEqual([
      'ca.crt',
      'ca.key',
      'tls.crt',
      'tls.key',
    ]);
    expect(JSON.stringify(store.get(PATH))).not.toContain('nodeport-gate.dev/');
  });

  it('leaf now: a new certificate of the same authority, for the same names', async () => {
    const store = makeApiStore();
    const replica = start(store);
    await replica.secret.ready;
    const before = served(replica);
    expect((await orderRotation(store.client, REF, { kind: 'leaf' }, NOW)).ok).toBe(true);
    await expectSoon(() => replica.changes.length, 2);
    expect(served(replica)).not.toBe(before);
    expect(replica.changes[1]?.ca).toBe(replica.changes[0]?.ca);
    const names = replica.changes.map(({ cert }) => new X509Certificate(cert).subjectAltName);
    expect(names).toEqual([names[0], names[0]]);
    expect(names[0]).toContain('DNS:edge-gate.gate.svc,');
  });

  it('leaf now: not by an authority that has expired', async () => {
    const store = makeApiStore();
    await start(store).secret.ready;
    const writes = store.writes.length;
    expect(await orderRotation(store.client, REF, { kind: 'leaf' }, new Date('2036-11-21T12:00:00Z'))).toEqual({
      ok: false,
      problems: ['Secret gate/certs: the authority has expired, and nobody trusts what it signs; replace it with --ca'],
    });
    expect(store.writes.length).toBe(writes);
  });

  it('cannot be ordered of a Secret that is not there', async () => {
    expect(await orderRotation(makeApiStore().client, REF, { kind: 'leaf' }, NOW)).toEqual({
      ok: false,
      problems: ['Secret gate/certs is not there; check the name, or start the gate with --cert-secret'],
    });
  });
});

describe('a watch that is refused', () => {
  it('is told of at once, and a problem after three times; the certificate is served all the same', async () => {
    const store = makeApiStore();
    const told: string[] = [];
    const said: string[] = [];
    const secret = openCertSecret(
      { ...store.client, watch: () => Promise.reject(new ApiRefused('watch secrets is forbidden', 403)) },
      {
        ...REF,
        serviceName: SERVICE,
        now: () => NOW,
        trustedForMs: () => Infinity,
        onChange: () => undefined,
        onProblem: (lines) => said.push(...lines),
        onRestart: (...words) => told.push(words.join(': ')),
      },
    );
    opened.push(secret);
    const source = await secret.ready;
    expect(source.problems()).toEqual([]);
    await expectSoon(() => source.problems(), ['Secret gate/certs: watch secrets is forbidden']);
    expect([new Set(told), said]).toEqual([new Set(['secrets: refused: watch secrets is forbidden']), []]);
  });
});
