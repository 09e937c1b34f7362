import { X509Certificate } from 'node:crypto';
import type { JsonObject } from '../../domain/json.ts';
import type { ApiClient } from '../api/api-client.ts';
import { describeRefusal } from '../api/api-refusal.ts';
import { type OnRestart, reflect } from '../reflector.ts';
import { type RoundResult, startRounds } from '../rounds.ts';
import {
  bundlePatch,
  CONFIGURATION_KINDS,
  type ConfigurationKind,
  hooksOf,
  injectorOf,
  trustedBy,
  trustsOurs,
} from './webhook-configuration.ts';

export interface CaBundleOptions {
  /** Of the MutatingWebhookConfiguration and of the ValidatingWebhookConfiguration. */
  readonly name: string;
  /**
   * What every caBundle must be (PEM), asked before each comparison, so that no replica brings back what another one has
   * just replaced; undefined when it is not known, and then nothing is changed.
   */
  readonly bundle: () => Promise<string | undefined>;
  readonly onRestart?: OnRestart;
}

export interface CaBundleKeeper {
  /** The bundle may have changed. */
  refresh(): void;
  /**
   * For how many milliseconds every hook of both configurations has trusted this authority (PEM), as far as this process
   * saw; Infinity where no hook calls the gate; undefined when one does not trust it, or when that is not known.
   */
  trustedForMs(authority: string): number | undefined;
  /** What the operator may want to know: a configuration that is not there, or that could not be changed. */
  remarks(): readonly string[];
  close(): void;
}

const FIELD_MANAGER = 'nodeport-gate-ca';
const TIMEOUT_MS = 10_000;
/** Whoever else keeps changing a caBundle is answered no faster than this. */
const PATCH_PAUSE_MS = 1_000;
const SYNC_POLL_MS = 1_000;
const QUARREL = { patches: 5, withinMs: 60_000 };

/**
 * Keeps the caBundle of the gate's webhook configurations as it must be, by server-side apply, and restores it when
 * somebody removes or changes it. It owns that one field of each hook and makes no configuration. One that cert-manager
 * injects into is left alone.
 */
export function keepCaBundle(client: ApiClient, options: CaBundleOptions): CaBundleKeeper {
  const keepers = CONFIGURATION_KINDS.map((kind) => keepOne(client, kind, options));
  return {
    refresh: () => keepers.forEach(({ refresh }) => refresh()),
    trustedForMs: (authority) => {
      const times = keepers.map(({ trustedForMs }) => trustedForMs(authority));
      return times.reduce((least, time) =>
        least === undefined || time === undefined ? undefined : Math.min(least, time),
      );
    },
    remarks: () => keepers.flatMap(({ remarks }) => remarks()),
    close: () => keepers.forEach(({ close }) => close()),
  };
}

function keepOne(
  client: ApiClient,
  { kind, resource, path }: ConfigurationKind,
  options: CaBundleOptions,
): CaBundleKeeper {
  const { name } = options;
  const named = `${kind} ${name}`;
  let seen: JsonObject | undefined;
  let remark = `${named} has not been read yet`;
  let trustedSince: ReadonlyMap<string, number> = new Map();
  let patchedAt: readonly number[] = [];

  function see(configuration: JsonObject | undefined): void {
    seen = configuration;
    const now = performance.now();
    const prints = seen === undefined ? [] : trustedBy(hooksOf(seen));
    trustedSince = new Map(prints.map((print) => [print, trustedSince.get(print) ?? now]));
    rounds.kick();
  }

  async function round(): Promise<RoundResult> {
    if (!watch.synced) {
      const fault = watch.lastFault();
      if (fault !== undefined) remark = `${named}: ${fault}`;
      return SYNC_POLL_MS;
    }
    if (seen === undefined) {
      remark = `${named} is not there, so the API server does not ask the gate; apply the manifests`;
      return Infinity;
    }
    const injector = injectorOf(seen);
    if (injector !== undefined) {
      remark = `${named}: its caBundle is left to cert-manager because of the annotation ${injector}`;
      return Infinity;
    }
    const bundle = await options.bundle();
    if (bundle === undefined) {
      remark = `${named}: there is no authority yet that it could trust; see to the Secret`;
      return 'again';
    }
    return restore(seen, Buffer.from(bundle).toString('base64'));
  }

  async function restore(configuration: JsonObject, caBundle: string): Promise<RoundResult> {
    const hooks = hooksOf(configuration);
    if (hooks.every((hook) => hook.caBundle === caBundle)) {
      remark = isQuarrel() ? `${named}: something else keeps changing its caBundle; leave that field to the gate` : '';
      return Infinity;
    }
    const wait = (patchedAt.at(-1) ?? -Infinity) + PATCH_PAUSE_MS - performance.now();
    if (wait > 0) return wait;
    const target = `${path}/${encodeURIComponent(name)}`;
    const answer = await client.request('PATCH', `${target}?fieldManager=${FIELD_MANAGER}&force=true`, {
      body: bundlePatch(kind, name, hooks, caBundle),
      contentType: 'application/apply-patch+yaml',
      timeoutMs: TIMEOUT_MS,
    });
    if (answer.status !== 200) throw new Error(describeRefusal('PATCH', target, answer));
    patchedAt = [...patchedAt.slice(-QUARREL.patches), performance.now()];
    remark = '';
    return Infinity;
  }

  function isQuarrel(): boolean {
    const since = performance.now() - QUARREL.withinMs;
    return patchedAt.filter((at) => at > since).length > QUARREL.patches;
  }

  const watch = reflect(
    client,
    { path, fieldSelector: `metadata.name=${name}` },
    { replace: ([configuration]) => see(configuration), put: see, remove: () => see(undefined) },
    { hooks: { onRestart: (reason, message) => options.onRestart?.(resource, reason, message) } },
  );
  const rounds = startRounds(round, (message) => {
    remark = `${named}: ${message}`;
  });

  return {
    refresh: rounds.kick,
    remarks: () => {
      const fault = watch.lastingFault();
      // What keeps it from being read is already said.
      return [...new Set([remark, fault === undefined ? '' : `${named}: ${fault}`])].filter((line) => line !== '');
    },
    close: () => {
      rounds.stop();
      watch.stop();
    },
    trustedForMs: (authority) => {
      if (!watch.synced || watch.lastFault() !== undefined) return undefined;
      const hooks = seen === undefined ? [] : hooksOf(seen);
      const isForeign = seen !== undefined && injectorOf(seen) !== undefined && !trustsOurs(hooks);
      if (hooks.length === 0 || isForeign) return Infinity;
      const since = trustedSince.get(new X509Certificate(authority).fingerprint256);
      return since === undefined ? undefined : performance.now() - since;
    },
  };
}
