import { Agent, request } from 'node:https';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obtainBinaries } from '../test/e2e/binaries.ts';
import { type ControlPlane, startControlPlane } from '../test/e2e/support/control-plane.ts';
import { environmentOf } from '../test/e2e/support/run-environment.ts';
import { root } from './process.ts';

/** etcd and kube-apiserver with one client that keeps one connection. */
export interface Cluster {
  readonly plane: ControlPlane;
  /** The body of a 2xx answer; throws for any other. */
  readonly ask: (method: 'GET' | 'POST' | 'DELETE', path: string, body?: string) => Promise<string>;
  /** The same, several at a time. */
  readonly askAll: (method: 'POST' | 'DELETE', asked: readonly (readonly [string, string?])[]) => Promise<void>;
}

const AT_A_TIME = 8;

/** Starts what `npm run e2e` uses, hands it over, and ends it whatever happens. */
export async function withCluster(use: (cluster: Cluster) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-bench-'));
  await mkdir(join(directory, 'running'));
  const binaries = await obtainBinaries(undefined, join(root, 'node_modules/.cache/e2e'));
  Object.assign(process.env, environmentOf({ binaries, directory }));
  const plane = await startControlPlane();
  const agent = new Agent({
    keepAlive: true,
    maxSockets: AT_A_TIME,
    ...(await identityOf(plane.apiServer.kubeconfig)),
  });
  const ask: Cluster['ask'] = async (method, path, body) => {
    const asked = request(`${plane.apiServer.url}${path}`, {
      method,
      agent,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
    });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const text = (await answer.toArray()).join('');
    if (answer.statusCode === undefined || answer.statusCode > 299) throw new Error(`${method} ${path}: ${text}`);
    return text;
  };
  const askAll: Cluster['askAll'] = async (method, asked) => {
    const queue = [...asked];
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await ask(method, ...next);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  };
  try {
    console.log(`kube-apiserver v${binaries.version}`);
    await use({ plane, ask, askAll });
  } finally {
    agent.destroy();
    await plane.stop();
    await rm(directory, { recursive: true });
  }
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }];
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

async function identityOf(
  kubeconfig: string,
): Promise<{ readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer }> {
  const { clusters, users } = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const decode = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');
  const { user } = users[0];
  return {
    ca: decode(clusters[0].cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
}
