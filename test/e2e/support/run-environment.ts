import type { Binaries } from '../binaries.ts';

/** What `npm run e2e` hands to the tests, through variables of the environment. */
export interface RunEnvironment {
  readonly binaries: Binaries;
  /** Of this run alone: everything that is started keeps its data and logs below it. */
  readonly directory: string;
}

const NAMES = {
  etcd: 'E2E_ETCD',
  apiServer: 'E2E_KUBE_APISERVER',
  kubectl: 'E2E_KUBECTL',
  version: 'E2E_KUBERNETES_VERSION',
  directory: 'E2E_DIRECTORY',
} as const;

export function environmentOf({ binaries, directory }: RunEnvironment): Readonly<Record<string, string>> {
  return {
    [NAMES.etcd]: binaries.etcd,
    [NAMES.apiServer]: binaries.apiServer,
    [NAMES.kubectl]: binaries.kubectl,
    [NAMES.version]: binaries.version,
    [NAMES.directory]: directory,
  };
}

export function runEnvironment(): RunEnvironment {
  const read = (name: keyof typeof NAMES): string => {
    const value = process.env[NAMES[name]];
    if (value === undefined) throw new Error('the e2e tests need binaries; run them with `npm run e2e -- FILE`');
    return value;
  };
  return {
    binaries: { etcd: read('etcd'), apiServer: read('apiServer'), kubectl: read('kubectl'), version: read('version') },
    directory: read('directory'),
  };
}
