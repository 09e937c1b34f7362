import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/cluster/api/api-client.ts';
import type { Pace } from '../../src/cluster/pace.ts';
import { reflect, type Reflector, type Sink } from '../../src/cluster/reflector.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { eventLine, type FakeApiServer, json, startFakeApiServer, watchSaying } from './support/fake-api-server.ts';
import { QUICK_PACE } from './support/quick-pace.ts';

const SERVICES = '/api/v1/services';
const PATIENT = { timeout: 5_000, interval: 5 };

let api: FakeApiServer;
let reflector: Reflector | undefined;
/** What the sink was given, one text per call. */
let given: string[];
let restarts: string[];

beforeEach(async () => {
  api = await startFakeApiServer();
  given = [];
  restarts = [];
});

afterEach(async () => {
  reflector?.stop();
  reflector = undefined;
  await api.close();
});

const object = (name: string) => ({ metadata: { namespace: 'shop', name } });
const nameOf = ({ metadata }: JsonObject): string => (metadata as { readonly name: string }).name;

async function start(pace: Partial<Pace> = {}, sink: Partial<Sink> = {}): Promise<Reflector> {
  const client = await connect({ kubeconfig: api.kubeconfig });
  if (!client.ok) throw new Error(client.problems.join());
  const all: Sink = {
    replace: (objects) => given.push(`replace ${objects.map(nameOf).join(' ')}`.trim()),
    put: (one) => given.push(`put ${nameOf(one)}`),
    remove: (one) => given.push(`remove ${nameOf(one)}`),
    ...sink,
  };
  const hooks = { onRestart: (reason: string) => restarts.push(reason) };
  reflector = reflect(client.value, { path: SERVICES }, all, { pace: { ...QUICK_PACE, ...pace }, hooks });
  return reflector;
}

const gives = (expected: readonly string[]) => vi.waitFor(() => expect(given).toEqual(expected), PATIENT);
const watching = () => vi.waitFor(() => expect(api.watches.size).toBe(1), PATIENT);
/** `list`, `list FROM` for a further page, `watch VERSION`. */
const asked = () =>
  api.seen.map(({ kind, query }) => `${kind} ${query['continue'] ?? query['resourceVersion'] ?? ''}`.trim());

/** As after a first list and watch; `given` and the requests of that are forgotten. */
async function settled(pace: Partial<Pace> = {}, sink: Partial<Sink> = {}): Promise<void> {
  api.putSilently(SERVICES, object('a'));
  await start(pace, sink);
  await watching();
  given.length = 0;
  (api.seen as unknown[]).length = 0;
}

describe('a quiet cluster', () => {
  it('is listed by pages, given as a whole, and watched from there', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) api.putSilently(SERVICES, object(name));
    const started = await start({ pageSize: 2 });
    expect(started.synced).toBe(false);
    await watching();
    expect(given).toEqual(['replace a b c d e']);
    expect(asked()).toEqual(['list', 'list 105:2', 'list 105:4', 'watch 105']);
    expect(api.seen[0]?.query).toEqual({ limit: '2' });
    expect(api.seen.at(-1)?.query).toEqual({
      allowWatchBookmarks: 'true',
      resourceVersion: '105',
      timeoutSeconds: '45',
      watch: 'true',
    });
    expect(started.synced).toBe(true);
    expect(restarts).toEqual([]);
  });

  it('gives events in order, and takes bookmarks for nothing but their version', async () => {
    await settled();
    api.put(SERVICES, object('b'));
    api.remove(SERVICES, 'shop', 'a');
    api.put(SERVICES, object('b'));
    await gives(['put b', 'remove a', 'put b']);
    const [watch] = api.watches.keys();
    watch?.write(eventLine('BOOKMARK', { metadata: { resourceVersion: '170' } }));
    watch?.end();
    await vi.waitFor(() => expect(asked()).toEqual(['watch 170']), PATIENT);
    expect(given).toEqual(['put b', 'remove a', 'put b']);
    expect(restarts).toEqual([]);
  });

  it('is listed anew from time to time, which finds what the watch lost', async () => {
    let nowMs = 1_000_000;
    await settled({ now: () => nowMs, relistAfterMs: [1_000, 2_000] });
    api.putSilently(SERVICES, object('lost'));
    nowMs += 1_499;
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(asked()).toEqual(['watch 101']), PATIENT);
    nowMs += 1;
    for (const watch of api.watches.keys()) watch.end();
    await gives(['put lost', 'replace a lost']);
  });
});

describe('how long nothing was heard', () => {
  it('is measured although the clock is set back', async () => {
    let nowMs = 1_000_000;
    await settled({ now: () => nowMs });
    nowMs += 5_000;
    expect(reflector?.silentMs()).toBe(5_000);
    nowMs = 0;
    const before = reflector?.silentMs() ?? 0;
    expect(before).toBeGreaterThan(0);
    await vi.waitFor(() => expect(reflector?.silentMs()).toBeGreaterThan(before), PATIENT);
  });

  it('does not end with the page of a list that comes to no end', async () => {
    const pages = Array.from({ length: 3 }, () =>
      json(200, { metadata: { resourceVersion: '5', continue: 'x' }, items: [] }),
    );
    const fail = json(410, { kind: 'Status', code: 410, reason: 'Expired' });
    for (const page of pages.flatMap((answer) => [answer, fail])) api.once('list', page);
    let nowMs = 0;
    const started = await start({ now: () => nowMs });
    expect(started.silentMs()).toBe(Infinity);
    await vi.waitFor(() => expect(restarts).toEqual(['gone', 'gone', 'gone']), PATIENT);
    expect([started.silentMs(), started.synced]).toEqual([Infinity, false]);
    nowMs = 1;
    await vi.waitFor(() => expect(started.silentMs()).toBeLessThan(5_000), PATIENT);
  });
});

describe('what happens to lists', () => {
  it('begins again when the pages have expired', async () => {
    for (const name of ['a', 'b', 'c']) api.putSilently(SERVICES, object(name));
    api.once('list', (response, seen) => {
      api.once('list', json(410, { kind: 'Status', code: 410, reason: 'Expired' }));
      json(200, { metadata: { resourceVersion: '50', continue: '50:2' }, items: [object('old')] })(response);
      expect(seen.query).toEqual({ limit: '50' });
    });
    await start();
    await gives(['replace a b c']);
    expect(asked().slice(0, 3)).toEqual(['list', 'list 50:2', 'list']);
    expect(restarts).toEqual(['gone']);
  });

  it.each([
    ['no JSON', (response: Parameters<ReturnType<typeof json>>[0]) => response.end('<html>'), 'unreadable'],
    ['no list', json(200, { kind: 'Status' }), 'unreadable'],
    ['items that are no objects', json(200, { metadata: { resourceVersion: '5' }, items: [7] }), 'unreadable'],
    ['500', json(500, { message: 'etcdserver: request timed out' }), 'server'],
    ['403', json(403, { message: 'no' }), 'refused'],
  ])('survives %s', async (_case, answer, reason) => {
    api.once('list', answer);
    const started = await start();
    await gives(['replace']);
    expect(restarts).toEqual([reason]);
    expect(started.lastFault()).toBeUndefined();
  });

  it('keeps what it had, and goes on watching, when a list in between fails', async () => {
    await settled({ relistAfterMs: [0, 0] });
    api.always('list', json(500, {}));
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(restarts.length).toBeGreaterThan(2), PATIENT);
    api.always('list', undefined);
    await gives(['replace a']);
  });

  it('takes a list that is older than what was known: etcd was restored', async () => {
    await settled();
    await api.stop();
    api.forgetAll();
    api.version = 20;
    api.putSilently(SERVICES, object('restored'));
    await api.start();
    await gives(['replace restored']);
    await vi.waitFor(() => expect(asked()).toEqual(['list', 'watch 21']), PATIENT);
    api.put(SERVICES, object('b'));
    await gives(['replace restored', 'put b']);
  });
});

describe('what happens to watches', () => {
  it.each<[string, string, ReturnType<typeof json>, readonly string[]]>([
    ['a reset', 'unreachable', watchSaying('', 'reset'), ['list', 'watch 101']],
    ['410', 'gone', json(410, { code: 410 }), ['list', 'watch 101']],
    ['an ERROR event 410', 'gone', watchSaying(eventLine('ERROR', { code: 410 })), ['list', 'watch 101']],
    ['another ERROR event', 'error-event', watchSaying(eventLine('ERROR', { code: 500 })), ['watch 101']],
    ['500', 'server', json(500, {}), ['watch 101']],
    ['400', 'refused', json(400, {}), ['watch 101']],
    ['a line that is no JSON', 'unreadable', watchSaying('{"type":"ADD\n'), ['watch 101']],
    ['half an event', 'unreadable', watchSaying('{"type":"ADD', 'end'), ['watch 101']],
    [
      'an unknown type',
      'unreadable',
      watchSaying(eventLine('X', { metadata: { resourceVersion: '200' } })),
      ['watch 101'],
    ],
    ['no version', 'unreadable', watchSaying(eventLine('ADDED', { metadata: {} })), ['watch 101']],
  ])('recovers from %s', async (_case, reason, answer, then) => {
    await settled();
    api.once('watch', answer);
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(asked()).toEqual(['watch 101', ...then]), PATIENT);
    expect(restarts).toEqual([reason]);
    api.put(SERVICES, object('b'));
    await vi.waitFor(() => expect(given.at(-1)).toBe('put b'), PATIENT);
  });

  it('goes on from the last event before the fault', async () => {
    await settled();
    const good = eventLine('ADDED', { metadata: { name: 'b', resourceVersion: '140' } });
    api.once('watch', watchSaying(`${good}garbage\n`));
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(asked()).toEqual(['watch 101', 'watch 140']), PATIENT);
    expect(given).toEqual(['put b']);
  });

  it('does not trust a version for ever', async () => {
    await settled();
    for (let count = 0; count < 3; count += 1) api.once('watch', json(504, { message: 'Too large resource version' }));
    for (const watch of api.watches.keys()) watch.end();
    await gives(['replace a']);
    expect(asked().slice(0, 4)).toEqual(['watch 101', 'watch 101', 'watch 101', 'list']);
  });

  it('lists when a version comes before the last one', async () => {
    await settled();
    api.once('watch', watchSaying(eventLine('BOOKMARK', { metadata: { resourceVersion: '99' } })));
    for (const watch of api.watches.keys()) watch.end();
    await gives(['replace a']);
    expect(restarts).toEqual(['backwards']);
  });

  it('waits as long as the server asks', async () => {
    await settled();
    api.once('watch', json(429, {}, { 'retry-after': '1' }));
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(asked()).toEqual(['watch 101', 'watch 101']), PATIENT);
    const [first, second] = api.seen;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
    expect(restarts).toEqual(['throttled']);
  });

  it('leaves a connection on which nothing is heard', async () => {
    await settled({ silenceMs: 60 });
    await gives(['replace a']);
    expect(restarts).toEqual(['silent']);
  });

  it('is content while bookmarks come', async () => {
    await settled({ silenceMs: 300 });
    for (let count = 0; count < 8; count += 1) {
      const [watch] = api.watches.keys();
      watch?.write(eventLine('BOOKMARK', { metadata: { resourceVersion: '101' } }));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(restarts).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it('lists again after its sink failed', async () => {
    let fails = true;
    const put = (): void => {
      if (!fails) return;
      fails = false;
      throw new Error('a bug');
    };
    await settled({}, { put });
    api.put(SERVICES, object('b'));
    await gives(['replace a b']);
    expect(restarts).toEqual(['unexpected']);
  });
});

describe('a lasting fault', () => {
  const said: [string, string | undefined][] = [];
  /** What there is to say whenever something restarts, and whenever a list was taken. */
  const note = (what: string): void => void said.push([what, reflector?.lastingFault()]);
  const refused = 'watch services failed (500); try again, and if it stays so, see the log of the API server';

  it('is the third in a row, whatever the lists in between; a watch that works ends it', async () => {
    said.length = 0;
    await settled({}, { replace: () => note('list') });
    said.length = 0;
    for (let count = 0; count < 4; count += 1) {
      api.once('watch', (response) => {
        note('watch');
        json(500, {})(response);
      });
    }
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(restarts.length).toBe(4), PATIENT);
    expect(said).toEqual([
      ['watch', undefined],
      ['watch', undefined],
      ['watch', undefined],
      ['list', refused],
      ['watch', refused],
    ]);
    await watching();
    expect([reflector?.lastFault(), reflector?.lastingFault()]).toEqual([refused, refused]);
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(reflector?.lastingFault()).toBeUndefined(), PATIENT);
  });

  it('ends while a watch goes on for long enough', async () => {
    for (let count = 0; count < 3; count += 1) api.once('watch', json(500, {}));
    const started = await start({ steadyMs: 100 });
    await vi.waitFor(() => expect(started.lastingFault()).toBe(refused), PATIENT);
    await watching();
    await vi.waitFor(() => expect(started.lastingFault()).toBeUndefined(), PATIENT);
    expect(api.watches.size).toBe(1);
  });
});

describe('no storm', () => {
  /** Attempts within half a second, when the pauses are 15, 30, 60, 60, … ms. */
  const MOST = 11;
  const SLOWER = { firstPauseMs: 20, longestPauseMs: 80 };

  it.each<[string, () => void, Partial<Pace>]>([
    ['a server that always fails', () => api.always('list', json(500, {})), {}],
    ['a watch that always fails', () => api.always('watch', json(500, {})), {}],
    ['watches that end at once', () => api.always('watch', watchSaying('', 'end')), { shortestWatchMs: 5_000 }],
    [
      'watches that are reset after an event',
      () =>
        api.always(
          'watch',
          watchSaying(eventLine('ADDED', { metadata: { name: 'x', resourceVersion: '200' } }), 'reset'),
        ),
      {},
    ],
  ])('by %s', async (_case, script, pace) => {
    script();
    await start({ ...SLOWER, ...pace });
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Each attempt to watch may begin with a list.
    for (const kind of ['list', 'watch']) {
      expect(api.seen.filter((one) => one.kind === kind).length).toBeLessThanOrEqual(MOST);
    }
    expect(restarts.length).toBeGreaterThan(2);
  });
});

describe('stop', () => {
  it('ends the watch and asks nothing more', async () => {
    await settled();
    reflector?.stop();
    await vi.waitFor(() => expect(api.watches.size).toBe(0), PATIENT);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked()).toEqual([]);
    expect(restarts).toEqual([]);
  });

  it('ends a list that is under way', async () => {
    let closed = false;
    api.once('list', (response) => response.once('close', () => (closed = true)));
    await start();
    await vi.waitFor(() => expect(api.seen.length).toBe(1), PATIENT);
    reflector?.stop();
    await vi.waitFor(() => expect(closed).toBe(true), PATIENT);
    expect([given, restarts]).toEqual([[], []]);
  });

  it('ends a pause', async () => {
    api.always('list', json(500, {}));
    await start({ firstPauseMs: 60_000, longestPauseMs: 60_000 });
    await vi.waitFor(() => expect(restarts).toEqual(['server']), PATIENT);
    reflector?.stop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked()).toEqual(['list']);
  });
});
