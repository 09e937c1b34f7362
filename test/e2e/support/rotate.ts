import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ControlPlane } from './control-plane.ts';

export const CERT_SECRET = 'nodeport-gate/nodeport-gate-certs';

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

/** `nodeport-gate certs rotate FLAGS`, by the administrator: the first line that it prints; rejects when it fails. */
export async function rotate({ apiServer }: ControlPlane, ...flags: readonly string[]): Promise<string> {
  const place = [`--cert-secret=${CERT_SECRET}`, `--kubeconfig=${apiServer.kubeconfig}`];
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'certs', 'rotate', ...place, ...flags]);
  return stdout.split('\n')[0] ?? '';
}
