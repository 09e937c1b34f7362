import { isJsonObject, type JsonObject, own } from '../../domain/json.ts';
import { isSubjectOf } from '../../tls/authority.ts';
import { readCertificates } from '../../tls/judge.ts';

export interface ConfigurationKind {
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  /** As RBAC calls it. */
  readonly resource: string;
  readonly path: string;
}

const GROUP = 'admissionregistration.k8s.io/v1';

export const CONFIGURATION_KINDS: readonly ConfigurationKind[] = (
  ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const
).map((kind) => {
  const resource = `${kind.toLowerCase()}s`;
  return { kind, resource, path: `/apis/${GROUP}/${resource}` };
});

/** What matters here of one entry of `webhooks`. */
export interface Hook {
  readonly name: string;
  /** Base64, as it is kept; empty when there is none. */
  readonly caBundle: string;
}

export function hooksOf(configuration: JsonObject): readonly Hook[] {
  const webhooks = own(configuration, 'webhooks');
  if (!Array.isArray(webhooks)) return [];
  return webhooks.flatMap((webhook: unknown) => {
    const name = isJsonObject(webhook) ? own(webhook, 'name') : undefined;
    const client = isJsonObject(webhook) ? own(webhook, 'clientConfig') : undefined;
    const caBundle = isJsonObject(client) ? own(client, 'caBundle') : undefined;
    return typeof name === 'string' ? [{ name, caBundle: typeof caBundle === 'string' ? caBundle : '' }] : [];
  });
}

/** The annotation by which cert-manager's CA injector owns the caBundle; undefined when it does not. */
export function injectorOf(configuration: JsonObject): string | undefined {
  const metadata = own(configuration, 'metadata');
  const annotations = isJsonObject(metadata) ? own(metadata, 'annotations') : undefined;
  if (!isJsonObject(annotations)) return undefined;
  // https://cert-manager.io/docs/concepts/ca-injector/
  const names = ['inject-ca-from', 'inject-ca-from-secret', 'inject-apiserver-ca'].map(
    (name) => `cert-manager.io/${name}`,
  );
  return names.find((name) => own(annotations, name) !== undefined);
}

/**
 * What a server-side apply sends to own exactly the caBundle of these hooks. The required fields of a hook are missing on
 * purpose: applied to a configuration or hook that is gone, it is refused instead of making one.
 */
export function bundlePatch(kind: string, name: string, hooks: readonly Hook[], caBundle: string): JsonObject {
  const webhooks = hooks.map((hook) => ({ name: hook.name, clientConfig: { caBundle } }));
  return { apiVersion: GROUP, kind, metadata: { name }, webhooks };
}

/** The fingerprints of the authorities that every hook trusts. */
export function trustedBy(hooks: readonly Hook[]): readonly string[] {
  const [first = [], ...others] = hooks.map(({ caBundle }) =>
    readCertificates(decoded(caBundle)).map(({ fingerprint256 }) => fingerprint256),
  );
  return first.filter((print) => others.every((prints) => prints.includes(print)));
}

/** Whether any hook trusts an authority that the gate keeps in a Secret. */
export function trustsOurs(hooks: readonly Hook[]): boolean {
  return hooks.some(({ caBundle }) =>
    readCertificates(decoded(caBundle)).some(({ subject }) => isSubjectOf('cluster', subject)),
  );
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
