import { describe, expect, it } from 'vitest';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import { doorsOf, post } from '../support/doors.ts';
import { reviewOf } from '../support/gate.ts';
import { manifest, serviceOf } from '../support/manifest.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

const policy = policyOf(
  policyDocument({ 'node-port-pool': {}, 'node-port-quota': {} }),
  poolDocument('shop', '30100-30199', { quota: { perNamespace: 3 } }),
);

function service(name: string, ...numbers: readonly number[]): JsonObject {
  const ports = numbers.map((nodePort, index) => ({ name: `p${index}`, port: 80 + index, nodePort }));
  return manifest({ metadata: { name }, spec: { type: 'NodePort', ports } });
}

/** Each object with what `/dry-run` says of it, sent in one batch. */
async function dryRun(held: readonly JsonObject[], ...batch: readonly JsonObject[]): Promise<readonly string[]> {
  const app = doorsOf(policy, { inventory: inventoryOf(held.map((each) => serviceOf(each))) });
  const { items } = await post(app, '/dry-run', { apiVersion: 'v1', kind: 'List', items: [...batch] });
  return (items as readonly DryRunItem[]).map(
    ({ object, findings }) => `${object.name}: ${findings.map(({ message }) => message).join('; ') || 'allowed'}`,
  );
}

type DryRunItem = {
  readonly object: { readonly name: string };
  readonly findings: readonly { readonly message: string }[];
};

function over(count: number, greatest: string): string {
  return `metadata.namespace: shop would have ${count} node ports in pool shop and may have 3; close some of ${greatest}, or ask whoever runs the cluster for a higher limit`;
}

describe('a quota in a batch', () => {
  it('counts what the batch has already added, assigned numbers included, and not what was denied', async () => {
    const batch = [service('a', 0), service('b', 30_100), service('c', 0, 0), service('d', 0)];
    expect(await dryRun([], ...batch)).toEqual([
      'a: allowed',
      'b: allowed',
      `c: ${over(4, 'a (1) or b (1)')}`,
      'd: allowed',
    ]);
  });

  it('counts a Service that is sent twice, or is in the cluster already, once', async () => {
    const batch = [service('a', 30_100, 30_101), service('a', 30_102, 30_103), service('b', 0)];
    expect(await dryRun([service('a', 30_104, 30_105, 30_106)], ...batch)).toEqual([
      'a: allowed',
      'a: allowed',
      'b: allowed',
    ]);
  });

  it('counts the Services of the cluster with those of the batch', async () => {
    expect(await dryRun([service('a', 30_104, 30_105)], service('b', 0), service('c', 0))).toEqual([
      'b: allowed',
      `c: ${over(4, 'a (2) or b (1)')}`,
    ]);
  });
});

describe('a quota at admission', () => {
  const full = service('full', 30_100, 30_101, 30_102, 30_103, 30_104);
  const app = doorsOf(policy, { inventory: inventoryOf([serviceOf(full)]) });

  async function validate(object: JsonObject, oldObject?: JsonObject): Promise<readonly unknown[]> {
    const review = reviewOf(object);
    const request = isJsonObject(review['request']) ? review['request'] : {};
    const update = oldObject === undefined ? {} : { operation: 'UPDATE', oldObject };
    const { response } = await post(app, '/validate', { ...review, request: { ...request, ...update } });
    const { allowed, status, warnings } = isJsonObject(response) ? response : {};
    const remarks = isJsonObject(status) ? status['message'] : Array.isArray(warnings) ? warnings.length : 0;
    return [allowed, remarks];
  }

  it('lets a Service that is over it be changed and made smaller, with a warning', async () => {
    const labelled = { ...full, metadata: { namespace: 'shop', name: 'full', labels: { a: 'b' } } };
    expect(await validate(labelled, full)).toEqual([true, 1]);
    expect(await validate(service('full', 30_100, 30_101, 30_102, 30_103), full)).toEqual([true, 1]);
    expect(await validate(service('full', 30_100), full)).toEqual([true, 0]);
  });

  it('gives it nothing more, nor another Service of the namespace', async () => {
    const grown = service('full', 30_100, 30_101, 30_102, 30_103, 30_104, 30_105);
    expect(await validate(grown, full)).toEqual([
      false,
      'metadata.namespace: shop would have 6 node ports in pool shop and may have 3; open 3 fewer, or ask whoever runs the cluster for a higher limit [node-port-quota]',
    ]);
    expect(await validate(service('more', 30_110))).toEqual([false, `${over(6, 'full (5)')} [node-port-quota]`]);
  });
});
