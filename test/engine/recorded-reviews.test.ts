import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { valueAt } from '../../src/domain/path.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { doorsOf, post } from '../support/doors.ts';
import { expectGenerated } from '../support/generated-file.ts';

const REVIEWS = 'test/fixtures/reviews';
const ANSWERS = 'test/fixtures/answers';
const names = readdirSync(REVIEWS)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
const policy = defaultPolicy();

function defaultPolicy(): Policy {
  const text = readFileSync('manifests/policies/default.yaml', 'utf8');
  // The hash is part of every answer; a real one would change all files with every edit of a comment's neighbour.
  const compiled = compilePolicy([{ file: 'default.yaml', text }], () => 'default');
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.value.policy;
}

/** What the door says to the recorded review, with the patch as text: `sent` is the door it was recorded at. */
async function answerTo(name: string): Promise<JsonObject> {
  const door = name.endsWith('.mutate') ? '/mutate' : '/validate';
  const review: JsonObject = JSON.parse(readFileSync(`${REVIEWS}/${name}.json`, 'utf8')) as JsonObject;
  const { response, ...envelope } = await post(doorsOf(policy), door, review);
  expect(envelope).toEqual({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' });
  const { uid, patch, ...rest } = response as JsonObject;
  expect(uid).toBe(valueAt(review, ['request', 'uid']));
  return { door, ...rest, ...(typeof patch === 'string' && { patch: JSON.parse(atob(patch)) as JsonObject }) };
}

/** Each answer was read by a person when it was generated; a change in one must be read again. */
describe('every recorded review under the default policy', () => {
  it.each(names)('%s', async (name) => {
    expectGenerated(`${ANSWERS}/${name}.json`, `${JSON.stringify(await answerTo(name), null, 2)}\n`);
  });
});

/** `rule field` of every cause of a denial. */
function reasonsIn(answer: JsonObject): readonly string[] {
  expect(answer['allowed']).toBe(false);
  const causes = valueAt(answer, ['status', 'details', 'causes']) as readonly Record<'reason' | 'field', string>[];
  return causes.map(({ reason, field }) => `${reason} ${field}`);
}

describe('what matters most in them', () => {
  it('an ExternalName with a number, and its change of type, are denied', async () => {
    expect(reasonsIn(await answerTo('create-externalname-with-nodeport.validate'))).toEqual([
      'external-name-node-port spec.ports[0].nodePort',
    ]);
    expect(reasonsIn(await answerTo('update-externalname-to-nodeport.validate'))).toEqual([
      'external-name-node-port spec.ports[0].nodePort',
      'external-traffic-policy spec.externalTrafficPolicy',
      'node-port-range spec.ports[0].nodePort',
      'source-cidrs metadata.annotations[nodeport-gate.dev/source-cidrs]',
    ]);
  });

  it('a replace and a rename keep the live number: only the rename needs a patch', async () => {
    expect((await answerTo('replace-without-nodeport.mutate'))['patch']).toBeUndefined();
    expect((await answerTo('update-rename-port.mutate'))['patch']).toEqual([
      { op: 'add', path: '/spec/ports/0/nodePort', value: 31_800 },
    ]);
  });

  it('a change to ClusterIP passes both doors', async () => {
    const answer = { allowed: true, auditAnnotations: { policy: 'sha256:default' } };
    expect(await answerTo('update-nodeport-to-clusterip.mutate')).toEqual({ door: '/mutate', ...answer });
    expect(await answerTo('update-nodeport-to-clusterip.validate')).toEqual({ door: '/validate', ...answer });
  });

  it('the dummies of a dry run are no finding', async () => {
    const answer = await answerTo('dryrun-create-unset.validate');
    expect(reasonsIn(answer)).toEqual([
      'external-traffic-policy spec.externalTrafficPolicy',
      'source-cidrs metadata.annotations[nodeport-gate.dev/source-cidrs]',
    ]);
    expect(answer['auditAnnotations']).toEqual({
      policy: 'sha256:default',
      findings: 'deny external-traffic-policy, source-cidrs',
      assigned: 'http/TCP=30149 https/TCP=30170',
    });
  });

  it('TCP and UDP of one port get one number', async () => {
    expect((await answerTo('create-nodeport-tcp-udp-same-port.mutate'))['patch']).toEqual([
      { op: 'add', path: '/spec/ports/0/nodePort', value: 30_186 },
      { op: 'add', path: '/spec/ports/1/nodePort', value: 30_186 },
    ]);
  });

  it('a LoadBalancer that must not allocate gets no number', async () => {
    expect((await answerTo('create-loadbalancer-no-allocate.mutate'))['patch']).toBeUndefined();
  });

  it('removing a finalizer, and a delete, are left alone', async () => {
    for (const name of ['deleting-remove-finalizer', 'deleting-remove-finalizer.2', 'delete']) {
      expect(await answerTo(`${name}.mutate`)).toEqual({ door: '/mutate', allowed: true });
      expect(await answerTo(`${name}.validate`)).toEqual({ door: '/validate', allowed: true });
    }
  });
});
