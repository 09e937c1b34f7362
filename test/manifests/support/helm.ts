import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../e2e/build.ts';
import { MANIFESTS } from './objects.ts';

const HELM_VERSION = '4.3.1';
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/e2e');

export interface HelmAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs helm with a home of its own, on no cluster. It never throws for a status. */
export type Helm = (...args: readonly string[]) => Promise<HelmAnswer>;

export const CHART = join(MANIFESTS, 'chart');

/** Builds helm from source once: about a minute. */
export async function obtainHelmBinary(): Promise<string> {
  const directory = join(CACHE, `helm-${HELM_VERSION}`);
  await build({
    directory,
    programs: { helm: 'helm.sh/helm/v4/cmd/helm' },
    module: 'helm.sh/helm/v4',
    version: HELM_VERSION,
    ldflags: `-X helm.sh/helm/v4/internal/version.version=v${HELM_VERSION}`,
  });
  return join(directory, 'helm');
}

export async function obtainHelm(): Promise<{ readonly helm: Helm; readonly remove: () => Promise<void> }> {
  const binary = await obtainHelmBinary();
  const home = await mkdtemp(join(tmpdir(), 'nodeport-gate-helm-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: join(home, 'none') };
  const helm: Helm = (...args) =>
    new Promise((resolve) => {
      execFile(binary, args, { cwd: home, env, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  return { helm, remove: () => rm(home, { recursive: true }) };
}
