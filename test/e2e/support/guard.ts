import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from './control-plane.ts';
import { type GateProcess, startGate } from './gate-process.ts';
import {
  apply,
  applyCaBundle,
  render,
  serviceAccountAccess,
  whenCalled,
  withoutFloor,
  withWebhooksAt,
} from './install.ts';

/**
 * Starts one gate with this policy and a certificate in files, which follows the cluster with the rights of
 * `manifests/base`, and lets it judge every Service from now on. The floor is not installed: what is refused, is refused
 * by the gate.
 */
export async function guard(cluster: ControlPlane, policy: string): Promise<GateProcess> {
  const { directory, kubectl, apiServer } = cluster;
  const objects = withoutFloor(await render(kubectl, 'base'));
  await apply(
    kubectl,
    objects.filter(({ webhooks }) => webhooks === undefined),
  );
  const { kubeconfig } = await serviceAccountAccess(apiServer, 'nodeport-gate', 'nodeport-gate');
  const policyFile = join(directory, 'policy.yaml');
  await writeFile(policyFile, policy);
  const flags = [`--policy=${policyFile}`, `--kubeconfig=${kubeconfig}`];
  const gate = await startGate({ name: 'gate', directory, flags });
  const hooks = withWebhooksAt(
    gate.webhookPort,
    objects.filter(({ webhooks }) => webhooks !== undefined),
  );
  await apply(kubectl, hooks);
  await applyCaBundle(kubectl, hooks, await gate.ca());
  await whenCalled(kubectl);
  return gate;
}
