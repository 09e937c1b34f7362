import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient, connect } from '../../../src/cluster/api/api-client.ts';
import { describeRefusal } from '../../../src/cluster/api/api-refusal.ts';
import { makeAuthority } from '../../../src/tls/authority.ts';
import { makeLeaf } from '../../../src/tls/leaf.ts';
import {
  eventLine,
  type FakeApiServer,
  json,
  kubeconfigFor,
  startFakeApiServer,
  watchSaying,
} from '../support/fake-api-server.ts';

const SOON = { timeoutMs: 5_000 };
const PATH = '/api/v1/namespaces/shop/services/web';

let api: FakeApiServer;

beforeEach(async () => {
  api = await startFakeApiServer();
});

afterEach(async () => {
  await api.close();
});

async function clientFor(text?: string): Promise<ApiClient> {
  if (text !== undefined) await writeFile(api.kubeconfig, text);
  const client = await connect({ kubeconfig: api.kubeconfig });
  if (!client.ok) throw new Error(client.problems.join());
  return client.value;
}

async function problemsOf(text: string): Promise<readonly string[]> {
  await writeFile(api.kubeconfig, text);
  const client = await connect({ kubeconfig: api.kubeconfig });
  return client.ok ? [] : client.problems.map((problem) => problem.replaceAll(api.folder, 'DIR'));
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? `${error.name}: ${error.message}`.replaceAll(api.url, 'URL') : String(error);
}

const LOGIN = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'echo',
  args: ['{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"two"}}'],
};

describe('a kubeconfig', () => {
  const without = (key: string) => JSON.stringify({ ...JSON.parse(kubeconfigFor('https://a:1')), [key]: undefined });

  it.each<[string, string, string]>([
    ['is not YAML', 'a: [', 'DIR/kubeconfig is not YAML (line 1, column 5: '],
    ['is no object', '7', 'DIR/kubeconfig is no kubeconfig; it holds no object'],
    [
      'has no current context',
      without('current-context'),
      'DIR/kubeconfig has no current-context; choose one with kubectl config use-context NAME',
    ],
    [
      'lacks the context',
      without('contexts'),
      'DIR/kubeconfig has no context here, which is its current-context; add it',
    ],
    ['lacks the cluster', without('clusters'), 'DIR/kubeconfig has no cluster there, which context here names; add it'],
    ['lacks the user', without('users'), 'DIR/kubeconfig has no user me, which context here names; add it'],
    [
      'has no server',
      kubeconfigFor(''),
      'DIR/kubeconfig gives "" as the server, which is no https address; correct it',
    ],
    [
      'would send credentials in clear',
      kubeconfigFor('http://10.0.0.1:80'),
      'http://10.0.0.1:80 is not encrypted, so anybody on the way could read the credentials; use https (DIR/kubeconfig)',
    ],
    [
      'names a missing file',
      kubeconfigFor('https://a:1', { 'client-key': 'gone.key' }),
      'DIR/gone.key does not exist; check the path',
    ],
    [
      'has a login program that fails',
      kubeconfigFor('https://a:1', { exec: { command: 'false', apiVersion: 'client.authentication.k8s.io/v1' } }),
      'DIR/kubeconfig: the login of user me failed (',
    ],
  ])('that %s', async (_case, text, problem) => {
    const [first, ...more] = await problemsOf(text);
    expect([first?.slice(0, problem.length), more]).toEqual([problem, []]);
  });

  it('that does not exist', async () => {
    expect(await connect({ kubeconfig: '/nowhere/config' })).toEqual({
      ok: false,
      problems: ['/nowhere/config does not exist; check the path'],
    });
  });

  it.each<[string, object, string]>([
    ['a token', { token: 'one' }, 'Bearer one'],
    ['a token file beside it', { tokenFile: 'token', token: 'other' }, 'Bearer from-file'],
    ['a password', { username: 'u', password: 'p' }, 'Basic dTpw'],
    ['nothing', {}, 'none'],
  ])('with %s', async (_case, user, sent) => {
    await writeFile(join(api.folder, 'token'), 'from-file\n');
    const client = await clientFor(kubeconfigFor(api.url, user));
    await client.request('GET', PATH, SOON);
    expect(api.seen.map(({ authorization = 'none' }) => authorization)).toEqual([sent]);
  });

  it('with a login program, which runs again only after its token was refused', async () => {
    const program = join(api.folder, 'login');
    const answer =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"run-%s"}}';
    await writeFile(
      program,
      `#!/bin/sh\necho x >> ${api.folder}/runs\nprintf '${answer}' "$(wc -l < ${api.folder}/runs | tr -d ' ')"\n`,
    );
    await chmod(program, 0o755);
    const exec = { command: program, apiVersion: 'client.authentication.k8s.io/v1' };
    const client = await clientFor(kubeconfigFor(api.url, { exec }, { 'insecure-skip-tls-verify': true }));
    await client.request('GET', PATH, SOON);
    api.once('get', json(401, {}));
    await client.request('GET', PATH, SOON);
    await client.request('GET', PATH, SOON);
    expect(api.seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer run-1',
      'Bearer run-1',
      'Bearer run-2',
    ]);
  });

  it.each([
    ['a token', { token: 'two' }],
    ['a login program', { exec: LOGIN }],
  ])('of another context, with %s', async (_, user) => {
    const config = JSON.parse(kubeconfigFor(api.url, {}, { 'insecure-skip-tls-verify': true })) as Record<
      string,
      readonly object[]
    >;
    const contexts = [...(config['contexts'] ?? []), { name: 'other', context: { cluster: 'there', user: 'you' } }];
    const users = [...(config['users'] ?? []), { name: 'you', user }];
    await writeFile(api.kubeconfig, JSON.stringify({ ...config, contexts, users }));
    const client = await connect({ kubeconfig: api.kubeconfig, context: 'other' });
    if (!client.ok) throw new Error(client.problems.join());
    await client.value.request('GET', PATH, SOON);
    expect(api.seen.map(({ authorization }) => authorization)).toEqual(['Bearer two']);
  });
});

describe('a request', () => {
  it('sends a body and gives back status and JSON', async () => {
    const client = await clientFor();
    api.once('other', json(409, { reason: 'Conflict' }, { 'retry-after': '2' }));
    const answer = await client.request('PATCH', PATH, {
      ...SOON,
      body: { a: 'ä' },
      contentType: 'application/apply-patch+yaml',
    });
    expect(answer).toEqual({ status: 409, body: { reason: 'Conflict' }, retryAfterMs: 2_000 });
    expect(api.seen.map(({ method, path, body }) => [method, path, body])).toEqual([['PATCH', PATH, '{"a":"ä"}']]);
  });

  it('has no body when the answer is no JSON', async () => {
    const client = await clientFor();
    api.once('get', (response) => response.writeHead(502).end('<html>'));
    expect(await client.request('GET', PATH, SOON)).toEqual({ status: 502, body: undefined });
  });

  it.each<[string, (response: Parameters<ReturnType<typeof json>>[0]) => void]>([
    ['no head', () => undefined],
    ['no body', (response) => response.writeHead(200).write('{')],
  ])('ends in time when there is %s', async (_case, answer) => {
    const client = await clientFor();
    api.always('get', answer);
    expect(await failureOf(client.request('GET', PATH, { timeoutMs: 60 }))).toBe(
      'ApiUnreachable: URL did not answer within 60 ms; check the address and the network, and how busy it is',
    );
  });

  it('says why nobody is there', async () => {
    const client = await clientFor();
    await api.stop();
    expect(await failureOf(client.request('GET', PATH, SOON))).toBe(
      `ApiUnreachable: URL is unreachable (connect ECONNREFUSED ${api.url.slice(7)}); check the address and the network`,
    );
  });

  it('is repeated on a new connection when a kept one has just been closed, but only where nothing is written', async () => {
    const client = await clientFor();
    await client.request('GET', PATH, SOON);
    api.once('get', (response) => response.destroy());
    expect((await client.request('GET', PATH, SOON)).status).toBe(404);
    api.once('other', (response) => response.destroy());
    expect(await failureOf(client.request('POST', PATH, { ...SOON, body: {} }))).toMatch(/^ApiUnreachable: /u);
    expect(api.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST']);
  });
});

describe('the credentials', () => {
  const sentAfter = async (fault: (response: Parameters<ReturnType<typeof json>>[0]) => void): Promise<unknown> => {
    const client = await clientFor();
    await client.request('GET', PATH, SOON);
    await writeFile(api.kubeconfig, kubeconfigFor(api.url, { token: 'two' }));
    api.once('other', fault);
    await client.request('POST', PATH, { timeoutMs: 100 }).catch(() => undefined);
    api.always('other', json(200, {}));
    await client.request('POST', PATH, SOON);
    return api.seen.map(({ authorization }) => authorization);
  };

  it.each<[string, (response: Parameters<ReturnType<typeof json>>[0]) => void, string]>([
    ['are read again after a connection that broke', (response) => response.destroy(), 'two'],
    ['are read again after they were refused', json(401, {}), 'two'],
    ['are not read again because the API server is slow', () => undefined, 'one'],
    ['are not read again because it has a fault', json(500, {}), 'one'],
  ])('%s', async (_case, fault, token) => {
    expect(await sentAfter(fault)).toEqual(['Bearer one', 'Bearer one', `Bearer ${token}`]);
  });
});

describe('a watch', () => {
  const events: string[] = [];
  const watch = (client: ApiClient, signal = new AbortController().signal) =>
    client.watch('/api/v1/services', { resourceVersion: '5' }, (type) => void events.push(type), signal);

  beforeEach(() => {
    events.length = 0;
  });

  it('gives every event, however they are cut', async () => {
    const client = await clientFor();
    const first = eventLine('ADDED', { ä: 'ä'.repeat(70_000) });
    const second = eventLine('DELETED', {});
    api.once('watch', (response) => {
      const bytes = Buffer.from(`${first}\n${second}`);
      response.writeHead(200);
      for (let at = 0; at < bytes.length; at += 1_001) response.write(bytes.subarray(at, at + 1_001));
      response.end();
    });
    await watch(client);
    expect(events).toEqual(['ADDED', 'DELETED']);
    expect(api.seen[0]?.query).toEqual({ resourceVersion: '5', watch: 'true' });
  });

  it.each([
    [
      'a refusal',
      json(403, { message: 'no' }),
      'ApiRefused: watch services is forbidden (403: no); grant the verb watch on services by RBAC',
    ],
    ['garbage', watchSaying('{"type":7}\n'), 'ApiUnreadable: a line of the watch is no event'],
    ['half a line', watchSaying('{', 'end'), 'ApiUnreadable: the watch ended in the middle of an event'],
    [
      'a reset',
      watchSaying('', 'reset'),
      'ApiUnreachable: URL is unreachable (ECONNRESET: aborted); check the address and the network',
    ],
  ])('fails with %s', async (_case, answer, failure) => {
    const client = await clientFor();
    api.once('watch', answer);
    expect(await failureOf(watch(client))).toBe(failure);
  });

  it('ends with the reason of its signal, and closes its connection', async () => {
    const client = await clientFor();
    const stop = new AbortController();
    let closed: () => void = () => undefined;
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    api.once('watch', (response) => {
      response.once('close', () => closed());
      watchSaying(eventLine('ADDED', {}))(response);
    });
    const ended = failureOf(client.watch('/api/v1/services', {}, () => stop.abort(new Error('enough')), stop.signal));
    expect(await ended).toBe('Error: enough');
    await isClosed;
  });
});

describe('in a pod', () => {
  it('trusts only the cluster, and uses a new token after the old one was refused', async () => {
    const now = new Date();
    const authority = await makeAuthority(now);
    const leaf = await makeLeaf(authority, { dns: ['localhost'], ip: ['127.0.0.1'] }, now);
    const secure = await startFakeApiServer({ cert: leaf.cert, key: leaf.key });
    try {
      const folder = join(secure.folder, 'account');
      await mkdir(folder);
      await writeFile(join(folder, 'ca.crt'), authority.cert);
      await writeFile(join(folder, 'token'), 'one\n');
      const port = new URL(secure.url).port;
      const pod = { env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port }, folder };
      const client = await connect('in-cluster', pod);
      if (!client.ok) throw new Error(client.problems.join());
      await client.value.request('GET', PATH, SOON);
      await writeFile(join(folder, 'token'), 'two\n');
      secure.once('get', json(401, {}));
      await client.value.request('GET', PATH, SOON);
      await client.value.request('GET', PATH, SOON);
      expect(secure.seen.map(({ authorization }) => authorization)).toEqual(['Bearer one', 'Bearer one', 'Bearer two']);
      expect(new Set(secure.seen.map(({ clientPort }) => clientPort)).size).toBe(1);
      await writeFile(join(folder, 'ca.crt'), (await makeAuthority(now)).cert);
      const stranger = await connect('in-cluster', pod);
      if (!stranger.ok) throw new Error(stranger.problems.join());
      expect(await failureOf(stranger.value.request('GET', PATH, SOON))).toMatch(
        /^ApiUnreachable: https:\S+ shows a certificate that is not trusted \(.+\); check the certificate authority of the credentials$/u,
      );
    } finally {
      await secure.close();
    }
  });

  it('needs to be one', async () => {
    expect(await connect('in-cluster', { env: {}, folder: '/nowhere' })).toEqual({
      ok: false,
      problems: [
        'KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is missing; run this in a pod, or give --kubeconfig FILE',
      ],
    });
  });
});

describe('a refusal', () => {
  it.each([
    [
      'GET',
      '/api/v1/services?limit=500',
      403,
      'list services is forbidden (403); grant the verb list on services by RBAC',
    ],
    [
      'GET',
      '/api/v1/services?watch=true',
      403,
      'watch services is forbidden (403); grant the verb watch on services by RBAC',
    ],
    ['GET', '/api/v1/namespaces/a', 403, 'get namespaces is forbidden (403); grant the verb get on namespaces by RBAC'],
    [
      'GET',
      PATH,
      401,
      "get services is refused (401); the credentials are not valid: renew the kubeconfig or the ServiceAccount's token",
    ],
    [
      'POST',
      '/api/v1/namespaces/a/secrets',
      403,
      'create secrets is forbidden (403); grant the verb create on secrets by RBAC',
    ],
    [
      'PATCH',
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/x',
      403,
      'patch validatingwebhookconfigurations.admissionregistration.k8s.io is forbidden (403); grant the verb patch on validatingwebhookconfigurations.admissionregistration.k8s.io by RBAC',
    ],
    [
      'PUT',
      '/api/v1/namespaces/a/services/b/status',
      500,
      'update services/status failed (500); try again, and if it stays so, see the log of the API server',
    ],
    ['GET', '/api/v1/services', 429, 'list services failed (429); the API server is busy: try again later'],
    [
      'GET',
      '/api/v1/services',
      302,
      'list services failed (302); check the address, and what answers in place of the API server',
    ],
  ])('of %s %s', (method, path, status, sentence) => {
    expect(describeRefusal(method, path, { status, body: undefined })).toBe(sentence);
  });
});
