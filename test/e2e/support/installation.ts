import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { publish } from '../../support/mounted.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import type { ApiServer } from './api-server.ts';
import type { ControlPlane } from './control-plane.ts';
import { type GateProcess, launchGate, whenReady } from './gate-process.ts';
import {
  apply,
  type Manifest,
  render,
  serviceAccountAccess,
  whenCalled,
  withoutFloor,
  withWebhooksAt,
} from './install.ts';

/** The gate as `manifests/` install it: its own rights, its Secret, its arguments; only the addresses are of this machine. */
export interface Installation {
  readonly gates: readonly GateProcess[];
  /** What the webhooks call; the gates stand behind it. */
  readonly balancer: Balancer;
  /** What was applied. */
  readonly objects: readonly Manifest[];
  /** The directory that stands for the mounted ConfigMap; `publish` of test/support changes it. */
  readonly policyDirectory: string;
  readonly stop: () => Promise<void>;
}

export interface InstallOptions {
  readonly replicas: number;
  readonly policy: string;
  readonly floor?: boolean;
  /** More flags for every replica. */
  readonly flags?: readonly string[];
  /** The file that Node runs; src/main.ts unless given. */
  readonly entry?: string;
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } };
  };
}

const OVERLAY = 'overlays/self-signed';

/** Installs the self-signed overlay and waits until every API server that answers here calls the gates. */
export async function install(cluster: ControlPlane, options: InstallOptions): Promise<Installation> {
  const { directory, kubectl, apiServer } = cluster;
  const rendered = await render(kubectl, OVERLAY);
  const wanted = options.floor === true ? rendered : withoutFloor(rendered);
  const isHook = ({ webhooks }: Manifest): boolean => webhooks !== undefined;
  await apply(
    kubectl,
    wanted.filter((object) => !isHook(object)),
  );
  const policyDirectory = join(directory, 'policy');
  await mkdir(policyDirectory);
  await publish(policyDirectory, { 'policy.yaml': options.policy });
  const gates = await launch(apiServer, directory, argsOf(wanted), policyDirectory, options);
  const balancer = await startBalancer(gates);
  const hooks = withWebhooksAt(balancer.port, wanted.filter(isHook));
  await apply(kubectl, hooks);
  for (const gate of gates) await whenReady(gate);
  await whenCalled(kubectl);
  return {
    gates,
    balancer,
    objects: [...wanted.filter((object) => !isHook(object)), ...hooks],
    policyDirectory,
    async stop() {
      await Promise.all(gates.map((gate) => gate.stop()));
      await balancer.stop();
    },
  };
}

/** What the container is started with, with the ServiceAccount's token in place of `--in-cluster`. */
async function launch(
  apiServer: ApiServer,
  directory: string,
  args: readonly string[],
  policyDirectory: string,
  { replicas, flags = [], entry }: InstallOptions,
): Promise<readonly GateProcess[]> {
  const access = await serviceAccountAccess(apiServer, 'nodeport-gate', 'nodeport-gate');
  const local: Readonly<Record<string, string>> = {
    '--in-cluster': `--kubeconfig=${access.kubeconfig}`,
    '--host=0.0.0.0': '--host=127.0.0.1',
    '--policy=/etc/nodeport-gate/policy': `--policy=${policyDirectory}`,
  };
  const own = args.filter((arg) => arg !== 'serve').map((arg) => local[arg] ?? arg);
  const same = { directory, flags: [...own, ...flags], ...(entry !== undefined && { entry }) };
  return Promise.all(
    Array.from({ length: replicas }, (_, index) => launchGate({ name: `gate-${index + 1}`, ...same })),
  );
}

function argsOf(objects: readonly Manifest[]): readonly string[] {
  const deployment = objects.find((object): object is Deployment => object.kind === 'Deployment');
  return deployment?.spec.template.spec.containers[0]?.args ?? [];
}
