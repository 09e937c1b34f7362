import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, CannotBuild } from './build.ts';

/** Paths of the executables. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
  /** Kubernetes, without the leading v. */
  readonly version: string;
}

/** The newest of 1.35: what a run without a version takes. */
const DEFAULT_VERSION = '1.35.4';

const ETCD_VERSION = '3.6.5';

/**
 * From KUBEBUILDER_ASSETS, else built from source once and kept in `cache`. `version` undefined: the default one, or
 * whatever KUBEBUILDER_ASSETS holds.
 *
 * @throws CannotBuild when something is missing that only the caller can supply
 */
export async function obtainBinaries(version: string | undefined, cache: string): Promise<Binaries> {
  if (version !== undefined && !/^1\.\d+\.\d+$/.test(version)) {
    throw new CannotBuild(`${version} is no Kubernetes version; use one with three parts, as in ${DEFAULT_VERSION}`);
  }
  const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
  return assets === '' ? built(version ?? DEFAULT_VERSION, cache) : provided(assets, version);
}

async function built(version: string, cache: string): Promise<Binaries> {
  const etcd = join(cache, `etcd-${ETCD_VERSION}`);
  const kubernetes = join(cache, version);
  // First, because only this version can be wrong.
  await build({
    directory: kubernetes,
    programs: { 'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver', kubectl: 'k8s.io/kubernetes/cmd/kubectl' },
    module: 'k8s.io/kubernetes',
    version,
    // Without it clients read an unparsable version.
    ldflags: `-X k8s.io/component-base/version.gitVersion=v${version}`,
  });
  await build({
    directory: etcd,
    programs: { etcd: 'go.etcd.io/etcd/server/v3' },
    module: 'go.etcd.io/etcd/server/v3',
    version: ETCD_VERSION,
    ldflags: '',
  });
  return {
    etcd: join(etcd, 'etcd'),
    apiServer: join(kubernetes, 'kube-apiserver'),
    kubectl: join(kubernetes, 'kubectl'),
    version,
  };
}

async function provided(directory: string, version: string | undefined): Promise<Binaries> {
  const missing: string[] = [];
  for (const name of ['etcd', 'kube-apiserver', 'kubectl']) {
    await access(join(directory, name), constants.X_OK).catch(() => missing.push(name));
  }
  if (missing.length > 0) {
    throw new CannotBuild(
      `KUBEBUILDER_ASSETS=${directory} is without ${missing.join(', ')}; add them, or unset it to build from source`,
    );
  }
  const apiServer = join(directory, 'kube-apiserver');
  const { stdout } = await promisify(execFile)(apiServer, ['--version']);
  const found = /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? stdout.trim();
  if (version !== undefined && version !== found) {
    throw new CannotBuild(`KUBEBUILDER_ASSETS=${directory} is Kubernetes ${found}; unset it to build ${version}`);
  }
  return { etcd: join(directory, 'etcd'), apiServer, kubectl: join(directory, 'kubectl'), version: found };
}
