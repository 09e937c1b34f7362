import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../e2e/support/control-plane.ts';
import { apply, render } from '../e2e/support/install.ts';
import { MANIFESTS, titleOf } from './support/objects.ts';

/** Kinds of operators that an API server alone does not know. */
const FOREIGN = new Set(['Certificate', 'Issuer']);

const GATE = { as: 'system:serviceaccount:nodeport-gate:nodeport-gate', asGroups: ['system:serviceaccounts'] };

let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});

afterAll(() => cluster.stop());

async function mayI(verb: string, resource: string, ...flags: readonly string[]): Promise<string> {
  const { stdout } = await cluster.kubectl(['auth', 'can-i', verb, resource, ...flags], GATE);
  return stdout.trim();
}

async function allowed(questions: readonly (readonly [string, string, ...string[]])[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const [verb, resource, ...flags] of questions) {
    if ((await mayI(verb, resource, ...flags)) === 'yes') answers.push([verb, resource, ...flags].join(' '));
  }
  return answers;
}

const WEBHOOKS = 'mutatingwebhookconfigurations.admissionregistration.k8s.io/zz-nodeport-gate';
const INSIDE = ['--namespace', 'nodeport-gate'] as const;
const NEVER = [
  ['create', 'services'],
  ['patch', 'services'],
  ['update', 'namespaces'],
  ['list', 'secrets', '--all-namespaces'],
  ['list', 'secrets', ...INSIDE],
  ['get', 'secrets/other', ...INSIDE],
  ['delete', 'secrets/nodeport-gate-certs', ...INSIDE],
  ['get', 'secrets/nodeport-gate-certs', '--namespace', 'default'],
  ['create', 'secrets', '--namespace', 'default'],
  ['patch', 'mutatingwebhookconfigurations.admissionregistration.k8s.io/other'],
  ['create', 'validatingwebhookconfigurations.admissionregistration.k8s.io'],
  ['delete', 'validatingwebhookconfigurations.admissionregistration.k8s.io/zz-nodeport-gate'],
  ['get', 'pods', '--all-namespaces'],
] as const;
const ALWAYS = [
  ['list', 'services', '--all-namespaces'],
  ['watch', 'namespaces'],
] as const;
const OWN_CERTIFICATE = [
  ['create', 'secrets', ...INSIDE],
  ['update', 'secrets/nodeport-gate-certs', ...INSIDE],
  ['watch', 'secrets/nodeport-gate-certs', ...INSIDE],
  ['patch', WEBHOOKS],
  ['watch', WEBHOOKS],
] as const;
const EVERYTHING = [...NEVER, ...ALWAYS, ...OWN_CERTIFICATE];

describe.each([
  ['overlays/cert-manager', ALWAYS],
  ['overlays/self-signed', [...ALWAYS, ...OWN_CERTIFICATE]],
] as const)('%s', (overlay, rights) => {
  it('is accepted as it is, by strict validation and with the restricted profile of Pod Security', async () => {
    const objects = (await render(cluster.kubectl, overlay)).filter(({ kind }) => !FOREIGN.has(kind));
    const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const { status, stdout, stderr } = await cluster.kubectl(['apply', '--validate=strict', '-f', '-'], { stdin });
    // A warning, as of a pod that is not restricted, would stand on stderr.
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(objects.length);
  });

  it('can be applied again without a change', async () => {
    const objects = (await render(cluster.kubectl, overlay)).filter(({ kind }) => !FOREIGN.has(kind));
    await apply(cluster.kubectl, objects);
    const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    expect(await cluster.kubectl(['diff', '-f', '-'], { stdin })).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('gives the gate these rights and no others', async () => {
    expect(await allowed(EVERYTHING)).toEqual(
      EVERYTHING.filter((question) => rights.some((right) => right === question)).map((question) => question.join(' ')),
    );
  });
});

it('has a floor that can be applied alone, and is the one of the overlays', async () => {
  const { status, stdout } = await cluster.kubectl(['apply', '-f', join(MANIFESTS, 'floor.yaml'), '--dry-run=server']);
  expect(status).toBe(0);
  const floor = (await render(cluster.kubectl, 'overlays/self-signed')).filter(({ kind }) =>
    kind.startsWith('ValidatingAdmission'),
  );
  expect(floor.map(titleOf)).toEqual([
    'ValidatingAdmissionPolicy nodeport-gate-floor',
    'ValidatingAdmissionPolicyBinding nodeport-gate-floor',
  ]);
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
});
