import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runEnvironment } from './run-environment.ts';

/** What a person at a terminal sees of one command. */
export interface KubectlAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  readonly stdin?: string;
  /** User to impersonate; with `asGroups` also its groups. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
}

/** Runs the real kubectl against one API server. It never throws for a status. */
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlAnswer>;

/** `home` is where kubectl keeps its discovery cache, and nothing else is read from there. */
export function makeKubectl(kubeconfig: string, home: string): Kubectl {
  const { kubectl } = runEnvironment().binaries;
  return async (args, { stdin = '', as, asGroups = [] } = {}) => {
    const identity = as === undefined ? [] : ['--as', as, ...asGroups.flatMap((group) => ['--as-group', group])];
    const child = spawn(kubectl, ['--kubeconfig', kubeconfig, ...identity, ...args], {
      cwd: home,
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (written.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (written.stderr += chunk));
    // A command that does not read its input may end before all of it is written.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    const [status] = (await once(child, 'close')) as [number | null];
    return { status: status ?? -1, stdout: asOlder(written.stdout), stderr: written.stderr };
  };
}

/** Later versions also say of which namespace they deleted something. */
function asOlder(stdout: string): string {
  return stdout.replaceAll(/^(\S+ "[^"]+" deleted) from \S+ namespace$/gm, '$1');
}

/** For preparations: the standard output of a command that has to succeed. */
export async function succeed(kubectl: Kubectl, args: readonly string[], options?: KubectlOptions): Promise<string> {
  const { status, stdout, stderr } = await kubectl(args, options);
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** What identifies a user in a kubeconfig: client certificate and key as PEM, or a token. */
export type Credentials = { readonly cert: string; readonly key: string } | { readonly token: string };

export async function writeKubeconfig(
  file: string,
  server: { readonly url: string; readonly ca: string },
  credentials: Credentials,
): Promise<string> {
  const user =
    'token' in credentials
      ? { token: credentials.token }
      : { 'client-certificate-data': base64(credentials.cert), 'client-key-data': base64(credentials.key) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: { server: server.url, 'certificate-authority-data': base64(server.ca) } }],
    users: [{ name: 'e2e', user }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    'current-context': 'e2e',
  };
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
