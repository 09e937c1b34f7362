import { afterEach, describe, expect, it } from 'vitest';
import { ApiRefused } from '../../../src/cluster/api/api-errors.ts';
import { type CaBundleKeeper, keepCaBundle } from '../../../src/cluster/certificate/ca-bundle.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { makeAuthority } from '../../../src/tls/authority.ts';
import { aWhile, expectSoon } from '../../support/eventually.ts';
import { NOW } from '../../support/now.ts';
import { type ApiStore, makeApiStore } from '../support/api-store.ts';

const NAME = 'zz-nodeport-gate';
const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MUTATING = `${GROUP}/mutatingwebhookconfigurations/${NAME}`;
const VALIDATING = `${GROUP}/validatingwebhookconfigurations/${NAME}`;

const [former, next] = await Promise.all([makeAuthority(NOW, 'cluster'), makeAuthority(NOW, 'cluster')]);

const kept: CaBundleKeeper[] = [];
afterEach(() => {
  for (const keeper of kept.splice(0)) keeper.close();
});

function keep(store: ApiStore, bundle: () => string | undefined = () => former.cert): CaBundleKeeper {
  const keeper = keepCaBundle(store.client, { name: NAME, bundle: () => Promise.resolve(bundle()) });
  kept.push(keeper);
  return keeper;
}

function hook(name: string, pem?: string): JsonObject {
  const service = { namespace: 'nodeport-gate', name: 'nodeport-gate', path: '/validate' };
  return { name, sideEffects: 'None', clientConfig: { service, ...(pem !== undefined && { caBundle: encoded(pem) }) } };
}

function configuration(webhooks: readonly JsonObject[], annotations: JsonObject = {}): JsonObject {
  return { metadata: { name: NAME, annotations }, webhooks };
}

function encoded(pem: string): string {
  return Buffer.from(pem).toString('base64');
}

function bundles(store: ApiStore, path: string): readonly unknown[] {
  const webhooks = store.get(path)?.['webhooks'] as readonly {
    readonly clientConfig: { readonly caBundle?: string };
  }[];
  return webhooks.map(({ clientConfig: { caBundle = '' } }) => Buffer.from(caBundle, 'base64').toString());
}

describe('keepCaBundle', () => {
  it('sets the caBundle of every hook and nothing else', async () => {
    const store = makeApiStore();
    store.put(MUTATING, configuration([hook('mutate.nodeport-gate.dev')]));
    store.put(VALIDATING, configuration([hook('a.example.com', next.cert), hook('b.example.com')]));
    const keeper = keep(store);
    await expectSoon(() => bundles(store, VALIDATING), [former.cert, former.cert]);
    await expectSoon(() => bundles(store, MUTATING), [former.cert]);
    expect(store.get(MUTATING)?.['webhooks']).toEqual([hook('mutate.nodeport-gate.dev', former.cert)]);
    await expectSoon(() => keeper.remarks(), []);
    await aWhile(100);
    expect(store.writes.toSorted()).toEqual([`PATCH ${MUTATING} 200`, `PATCH ${VALIDATING} 200`]);
  });

  it('sends the least that owns the field', async () => {
    const store = makeApiStore();
    store.put(MUTATING, configuration([hook('mutate.nodeport-gate.dev')]));
    const sent: unknown[] = [];
    const client: typeof store.client = {
      ...store.client,
      request: (method, path, options) => {
        if (method === 'PATCH') sent.push(path, options.contentType, options.body);
        return store.client.request(method, path, options);
      },
    };
    kept.push(keepCaBundle(client, { name: NAME, bundle: () => Promise.resolve(former.cert) }));
    await expectSoon(
      () => sent,
      [
        `${MUTATING}?fieldManager=nodeport-gate-ca&force=true`,
        'application/apply-patch+yaml',
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'MutatingWebhookConfiguration',
          metadata: { name: NAME },
          webhooks: [{ name: 'mutate.nodeport-gate.dev', clientConfig: { caBundle: encoded(former.cert) } }],
        },
      ],
    );
  });

  it('makes no configuration, waits for it, and restores what somebody removes', async () => {
    const store = makeApiStore();
    const keeper = keep(store);
    await expectSoon(
      () => keeper.remarks(),
      ['Mutating', 'Validating'].map(
        (kind) =>
          `${kind}WebhookConfiguration ${NAME} is not there, so the API server does not ask the gate; apply the manifests`,
      ),
    );
    expect(store.writes).toEqual([]);
    for (let times = 0; times < 2; times += 1) {
      store.put(VALIDATING, configuration([hook('a.example.com')]));
      await expectSoon(() => bundles(store, VALIDATING), [former.cert]);
    }
  });

  it('leaves alone what cert-manager injects into, and says so', async () => {
    const store = makeApiStore();
    const annotations = { 'cert-manager.io/inject-ca-from': 'nodeport-gate/gate' };
    store.put(VALIDATING, configuration([hook('a.example.com', next.cert)], annotations));
    const keeper = keep(store);
    await expectSoon(
      () => keeper.remarks().at(-1),
      `ValidatingWebhookConfiguration ${NAME}: its caBundle is left to cert-manager because of the annotation cert-manager.io/inject-ca-from`,
    );
    expect(store.writes).toEqual([]);
  });

  it('changes nothing while the bundle is not known', async () => {
    const store = makeApiStore();
    store.put(VALIDATING, configuration([hook('a.example.com')]));
    const keeper = keep(store, () => undefined);
    await expectSoon(
      () => keeper.remarks().at(-1),
      `ValidatingWebhookConfiguration ${NAME}: there is no authority yet that it could trust; see to the Secret`,
    );
    await aWhile(100);
    expect(store.writes).toEqual([]);
  });

  it('says what the API server refuses', async () => {
    const store = makeApiStore();
    store.put(VALIDATING, configuration([hook('a.example.com')]));
    const keeper = keep(store);
    store.beforeNext('PATCH', () => store.remove(VALIDATING));
    await expectSoon(() => store.writes, [`PATCH ${VALIDATING} 422`]);
    await expectSoon(() => keeper.remarks().length, 2);
    expect(store.get(VALIDATING)).toBe(undefined);
  });
});

describe('a watch that is refused', () => {
  it('is told of at once, and a remark after three times, although lists succeed in between', async () => {
    const store = makeApiStore();
    for (const path of [MUTATING, VALIDATING]) store.put(path, configuration([hook('a.example.com', former.cert)]));
    const told: string[] = [];
    const client: typeof store.client = {
      ...store.client,
      watch: () => Promise.reject(new ApiRefused('watch hooks is forbidden', 403)),
    };
    const keeper = keepCaBundle(client, {
      name: NAME,
      bundle: () => Promise.resolve(former.cert),
      onRestart: (...words) => told.push(words.join(': ')),
    });
    kept.push(keeper);
    await expectSoon(
      () => keeper.remarks(),
      ['Mutating', 'Validating'].map((kind) => `${kind}WebhookConfiguration ${NAME}: watch hooks is forbidden`),
    );
    expect([...new Set(told)]).toEqual(
      ['mutating', 'validating'].map((kind) => `${kind}webhookconfigurations: refused: watch hooks is forbidden`),
    );
    expect(told.length).toBeGreaterThanOrEqual(6);
  });
});

describe('trustedForMs', () => {
  it('counts from when every hook of both has the authority, and forgets when one loses it', async () => {
    const store = makeApiStore();
    store.put(MUTATING, configuration([hook('mutate.nodeport-gate.dev', former.cert)]));
    store.put(VALIDATING, configuration([hook('a.example.com', former.cert), hook('b.example.com', former.cert)]));
    let bundle: string | undefined = former.cert;
    const keeper = keep(store, () => bundle);
    expect(keeper.trustedForMs(former.cert)).toBe(undefined);
    await expectSoon(() => keeper.trustedForMs(former.cert) !== undefined, true);
    expect(keeper.trustedForMs(next.cert)).toBe(undefined);
    bundle = `${former.cert}\n${next.cert}`;
    keeper.refresh();
    await expectSoon(() => (keeper.trustedForMs(next.cert) ?? 0) >= 50, true);
    expect((keeper.trustedForMs(former.cert) ?? 0) > (keeper.trustedForMs(next.cert) ?? 0)).toBe(true);
    bundle = undefined;
    store.put(VALIDATING, configuration([hook('a.example.com', next.cert), hook('b.example.com')]));
    await expectSoon(() => keeper.trustedForMs(next.cert), undefined);
  });

  it('is for ever where nobody calls, or callers trust somebody else’s injector', async () => {
    const store = makeApiStore();
    const foreign = (await makeAuthority(NOW, 'issued')).cert;
    const annotations = { 'cert-manager.io/inject-ca-from-secret': 'other/other' };
    store.put(VALIDATING, configuration([hook('a.example.com', foreign)], annotations));
    const keeper = keep(store);
    await expectSoon(() => keeper.trustedForMs(next.cert), Infinity);
  });
});
