import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPath } from '../../src/domain/path.ts';
import { cases } from '../../src/rules/api-server-rejects/cases.ts';
import type { ExpectedFinding, RuleCase } from '../../src/rules/cases.ts';
import { manifest } from '../support/manifest.ts';
import { isServiceCase } from '../support/rule-tester.ts';
import { type ApiConnection, type ApiReply, connectApi } from './support/api-connection.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { runEnvironment } from './support/run-environment.ts';

/** Where the API server does not name the field as a manifest does. */
const SPELT: readonly (readonly [string, string])[] = [
  ['metadata.namespace', 'not found'],
  ['spec.clusterIP', 'spec.clusterIPs'],
  ['spec.loadBalancerSourceRanges', 'spec.LoadBalancerSourceRanges'],
];

let cluster: ControlPlane;
let api: ApiConnection;

beforeAll(async () => {
  cluster = await startControlPlane();
  await makeNamespace(cluster.kubectl, 'shop');
  api = await connectApi(cluster.apiServer, 1);
});

afterAll(async () => {
  api.close();
  await cluster.stop();
});

/** Really creates it, as kubectl would: a dry run does not ask all of the allocator. */
async function create(given: RuleCase): Promise<ApiReply> {
  const object = manifest((isServiceCase(given) ? given.service : undefined) ?? {});
  const { namespace } = object['metadata'] as { readonly namespace: string };
  const services = `/api/v1/namespaces/${namespace}/services`;
  const reply = await api.request('POST', `${services}?fieldValidation=Strict`, object);
  if (reply.status === 201) {
    const { metadata: stored } = reply.body as { readonly metadata: { readonly name: string } };
    await api.request('DELETE', `${services}/${stored.name}`);
  }
  return reply;
}

function messageOf({ body }: ApiReply): string {
  return (body as { readonly message?: string }).message ?? '';
}

/** What the API server says of the field, which is in its message. */
function namedBy({ path, messageId }: ExpectedFinding<string>, message: string): string {
  const field = formatPath(path);
  if (messageId === 'unknownField') return `unknown field "${field}"`;
  if (messageId === 'wrongType') return `.${path.filter((step) => typeof step === 'string').join('.')} of type`;
  // The allocator's answer for this field is no 422.
  if (field === 'spec.healthCheckNodePort' && message.startsWith('Internal')) return 'requested HealthCheck NodePort';
  // The prefix is right, as far as its last dash hides it, but not what is made of it.
  if (field === 'metadata.generateName') return 'metadata.';
  const [known, spelt] = SPELT.find(([one]) => field === one || field.startsWith(`${one}[`)) ?? ['', ''];
  return field.replace(known, spelt);
}

const minor = Number(runEnvironment().binaries.version.split('.')[1]);

describe('the API server accepts what api-server-rejects accepts', () => {
  const judged = cases.valid.filter(({ name }) => !name.startsWith('not looked at'));
  it.each(judged.map((one) => [one.name, one] as const))('%s', async (_, given) => {
    const reply = await create(given);
    expect([reply.status, messageOf(reply)]).toEqual([201, '']);
  });
});

describe('the API server refuses what api-server-rejects refuses, and names the field', () => {
  const certain = cases.invalid.filter(({ findings }) => findings.every(({ enforcement }) => enforcement !== 'warn'));
  it.each(certain.map((one) => [one.name, one] as const))('%s', async (_, given) => {
    const reply = await create(given);
    const message = messageOf(reply);
    for (const finding of given.findings) expect(message).toContain(namedBy(finding, message));
    expect(reply.status).toBeGreaterThanOrEqual(400);
  });
});

describe('some versions of the API server refuse what api-server-rejects warns about', () => {
  const uncertain = cases.invalid.filter(({ findings }) => findings.some(({ enforcement }) => enforcement === 'warn'));
  it.each(uncertain.map((one) => [one.name, one] as const))('%s', async (_, given) => {
    const text = given.findings.map((finding) => finding.text).join();
    const [, before, since] = /(?:before 1\.(\d+)|1\.(\d+) and later)/.exec(text) ?? [];
    const isRefused = before === undefined ? minor >= Number(since) : minor < Number(before);
    expect((await create(given)).status).toBe(isRefused ? 422 : 201);
  });
});
