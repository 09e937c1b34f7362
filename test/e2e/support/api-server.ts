import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { type Child, startChild, waitFor } from './child.ts';
import type { ControlPlaneCertificates } from './certificates.ts';
import { type Credentials, type Kubectl, makeKubectl, writeKubeconfig } from './kubectl.ts';
import { runEnvironment } from './run-environment.ts';

/** One kube-apiserver process; it keeps its port when it is restarted. */
export interface ApiServer {
  readonly name: string;
  readonly url: string;
  /** Of an administrator, with a client certificate. */
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly child: () => Child;
  /** Ends the process and waits until it is gone. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** After `kill`: the same port, ready again. */
  readonly start: () => Promise<void>;
  /** A kubeconfig with other credentials, and its kubectl. */
  readonly access: (name: string, credentials: Credentials) => Promise<Access>;
}

export interface Access {
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
}

export interface ApiServerOptions {
  readonly name: string;
  readonly port: number;
  /** With the files of the control plane: ca.crt, tls.crt, tls.key, service-accounts.key, service-accounts.pub. */
  readonly directory: string;
  readonly etcd: string;
  readonly certificates: ControlPlaneCertificates;
}

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { name, port, directory, certificates } = options;
  const url = `https://127.0.0.1:${port}`;
  const access = async (who: string, credentials: Credentials): Promise<Access> => {
    const home = join(directory, name, who);
    const kubeconfig = await writeKubeconfig(join(home, 'kubeconfig'), { url, ca: certificates.ca }, credentials);
    return { kubeconfig, kubectl: makeKubectl(kubeconfig, home) };
  };
  const admin = await access('admin', certificates.admin);
  let child = await run(options);
  return {
    name,
    url,
    ...admin,
    access,
    child: () => child,
    async kill(signal) {
      child.kill(signal);
      await child.ended;
    },
    async start() {
      child = await run(options);
    },
  };
}

async function run(options: ApiServerOptions): Promise<Child> {
  const { name, port, directory, certificates } = options;
  const { apiServer } = runEnvironment().binaries;
  const child = startChild({ name, command: apiServer, args: flagsOf(options), directory });
  const isReady = async (): Promise<boolean> => (await getStatus(port, certificates)) === 200;
  await waitFor(`${name} ready`, isReady, { child, limitMs: 60_000 });
  return child;
}

function flagsOf({ port, directory, etcd }: ApiServerOptions): readonly string[] {
  const file = (name: string): string => join(directory, name);
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    // Nobody uses it; without one, a machine without a default route has none to offer.
    '--advertise-address=192.0.2.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('tls.crt')}`,
    `--tls-private-key-file=${file('tls.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--service-account-key-file=${file('service-accounts.pub')}`,
    `--service-account-signing-key-file=${file('service-accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    // Nothing creates the ServiceAccount `default` that it would wait for.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
    '--profiling=false',
  ];
}

/** undefined: no answer. */
async function getStatus(port: number, { ca, admin }: ControlPlaneCertificates): Promise<number | undefined> {
  const asked = request({ host: '127.0.0.1', port, path: '/readyz', ca, ...admin, timeout: 1000, agent: false });
  asked.on('timeout', () => asked.destroy());
  asked.end();
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  } catch {
    return undefined;
  }
}
