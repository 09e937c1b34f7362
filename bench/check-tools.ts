import { join } from 'node:path';
import { build } from '../test/e2e/build.ts';
import { root } from './process.ts';

/** The tools that `check` is compared with, at the versions that the figures are about. */
export const TOOLS = {
  kubeconform: { module: 'github.com/yannh/kubeconform', path: 'cmd/kubeconform', version: '0.8.0' },
  gator: { module: 'github.com/open-policy-agent/gatekeeper/v3', path: 'cmd/gator', version: '3.23.1' },
  'kube-score': { module: 'github.com/zegl/kube-score', path: 'cmd/kube-score', version: '1.20.0' },
} as const;
export type Tool = keyof typeof TOOLS;

/** The path of the executable, which is built from source once. */
export async function obtainTool(name: Tool): Promise<string> {
  const { module, path, version } = TOOLS[name];
  const directory = join(root, 'node_modules/.cache/bench', `${name}-${version}`);
  await build({ directory, programs: { [name]: `${module}/${path}` }, module, version, ldflags: '' });
  return join(directory, name);
}
