import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApiServer, startApiServer } from './api-server.ts';
import { makeCertificates } from './certificates.ts';
import { type Child, startChild, waitFor } from './child.ts';
import { freePort } from './free-port.ts';
import { type Kubectl, succeed } from './kubectl.ts';
import { runEnvironment } from './run-environment.ts';

/**
 * etcd and one or more kube-apiservers. No controller manager: nothing deletes the content of a namespace, creates
 * ServiceAccounts by itself or runs Pods.
 */
export interface ControlPlane {
  /** Everything of this control plane is below it; for files of the test, too. */
  readonly directory: string;
  readonly apiServer: ApiServer;
  /** Of the first API server, as administrator. */
  readonly kubectl: Kubectl;
  /** One more API server on the same etcd. */
  readonly addApiServer: () => Promise<ApiServer>;
  readonly stop: () => Promise<void>;
}

/** Ready in about four seconds. Several at once are separate clusters. */
export async function startControlPlane(): Promise<ControlPlane> {
  const directory = await mkdtemp(join(runEnvironment().directory, 'cluster-'));
  const certificates = await makeCertificates();
  const serviceAccounts = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const files = {
    'ca.crt': certificates.ca,
    'tls.crt': certificates.server.cert,
    'tls.key': certificates.server.key,
    'service-accounts.key': serviceAccounts.privateKey,
    'service-accounts.pub': serviceAccounts.publicKey,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text, { mode: 0o600 });
  const etcd = await startEtcd(directory);
  const apiServers: ApiServer[] = [];
  const addApiServer = async (): Promise<ApiServer> => {
    const name = `kube-apiserver-${apiServers.length + 1}`;
    const made = await startApiServer({ name, port: await freePort(), directory, etcd: etcd.url, certificates });
    apiServers.push(made);
    return made;
  };
  const apiServer = await addApiServer();
  return {
    directory,
    apiServer,
    kubectl: apiServer.kubectl,
    addApiServer,
    async stop() {
      // At its shutdown an API server waits for open watches; nobody needs this one's last words.
      await Promise.all(apiServers.map((server) => server.kill('SIGKILL')));
      await etcd.child.stop();
    },
  };
}

async function startEtcd(directory: string): Promise<{ readonly url: string; readonly child: Child }> {
  const [client, peer] = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
  const data = join(directory, 'etcd');
  await mkdir(data, { mode: 0o700 });
  const args = [
    `--data-dir=${data}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data need not outlive the machine.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
  const child = startChild({ name: 'etcd', command: runEnvironment().binaries.etcd, args, directory });
  const isHealthy = async (): Promise<boolean> =>
    fetch(`${client}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
  await waitFor('etcd ready', isHealthy, { child });
  return { url: `${client}`, child };
}

/** A fresh namespace with these labels. */
export async function makeNamespace(
  kubectl: Kubectl,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await succeed(kubectl, ['create', '-f', '-'], { stdin: JSON.stringify(namespace) });
}
