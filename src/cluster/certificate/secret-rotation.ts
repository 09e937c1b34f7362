import { X509Certificate } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { advance } from '../../tls/advance.ts';
import type { KeptReading, KeptSet } from '../../tls/kept-set.ts';
import { type LeafNames, namesOf } from '../../tls/leaf.ts';
import type { ApiAnswer, ApiClient } from '../api/api-client.ts';
import { describeRefusal } from '../api/api-refusal.ts';
import { changedSecret, readSecret, secretPath, type SecretRef } from './secret-object.ts';

/** What an operator may ask for: a new certificate now, or the change to a new authority. */
export type RotationOrder =
  | { readonly kind: 'leaf' }
  /** How long callers trust both, such as `10m`. */
  | { readonly kind: 'authority'; readonly overlap: string };

/** Only a gate that runs knows by which names it is called; here the certificate tells. */
const NO_NAMES: LeafNames = { dns: [], ip: [] };

const TIMEOUT_MS = 10_000;
const TRIES = 5;

/** What the Secret is good for now; a problem when it cannot be read. */
export async function fetchKept(client: ApiClient, ref: SecretRef, now: Date): Promise<Result<KeptReading, string>> {
  const secret = await fetchSecret(client, ref);
  return secret.ok ? ok(readSecret(secret.value, NO_NAMES, now)) : secret;
}

/** Takes the first step of what is asked for; the running replicas take the others. The result is the set after it. */
export async function orderRotation(
  client: ApiClient,
  ref: SecretRef,
  order: RotationOrder,
  now: Date,
): Promise<Result<KeptSet, string>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const result = await tryOrder(client, ref, order, now);
    if (result !== 'again') return result;
  }
  return failed([`Secret ${ref.namespace}/${ref.name} keeps changing; try again`]);
}

async function tryOrder(
  client: ApiClient,
  ref: SecretRef,
  order: RotationOrder,
  now: Date,
): Promise<Result<KeptSet, string> | 'again'> {
  const named = `Secret ${ref.namespace}/${ref.name}`;
  const secret = await fetchSecret(client, ref);
  if (!secret.ok) return secret;
  const reading = readSecret(secret.value, NO_NAMES, now);
  const fault = faultOf(reading, order, now);
  if (reading.set === undefined || fault !== undefined) return failed([`${named}: ${fault ?? reading.problem}`]);
  const { set } = reading;
  if (set.leaf === undefined) return failed([`${named}: it has no certificate yet; let a running gate make it first`]);
  const names = namesOf(new X509Certificate(set.leaf.cert));
  const change =
    order.kind === 'leaf'
      ? await advance(set, 'renew-leaf', names, now)
      : await advance({ ...set, notes: { overlap: order.overlap } }, 'start', names, now);
  const written = await putSecret(client, ref, changedSecret(secret.value, change));
  if (written === 'again' || !written.ok) return written;
  const after = readSecret(written.value, names, now).set;
  return after === undefined ? failed([`${named} changed meanwhile; try again`]) : ok(after);
}

/** Why the order cannot be carried out. */
function faultOf({ set, problem, isEmpty }: KeptReading, { kind }: RotationOrder, now: Date): string | undefined {
  if (isEmpty) return 'it is empty; start the gate to fill it';
  if (set === undefined) return problem;
  if (kind === 'leaf' && now >= set.state.active.to) {
    return 'the authority has expired, and nobody trusts what it signs; replace it with --ca';
  }
  const isUnderWay = set.next !== undefined || set.state.hasFormer;
  return kind === 'authority' && isUnderWay
    ? 'a rotation is under way; wait until it ends, as nodeport-gate certs show tells'
    : undefined;
}

async function putSecret(
  client: ApiClient,
  ref: SecretRef,
  body: JsonObject,
): Promise<Result<unknown, string> | 'again'> {
  const path = secretPath(ref);
  const answer = await ask(() => client.request('PUT', path, { body, timeoutMs: TIMEOUT_MS }));
  if (!answer.ok) return answer;
  if (answer.value.status === 409) return 'again';
  const { status, body: stored } = answer.value;
  return status === 200 ? ok(stored) : failed([describeRefusal('PUT', path, answer.value)]);
}

async function fetchSecret(client: ApiClient, ref: SecretRef): Promise<Result<JsonObject, string>> {
  const path = secretPath(ref);
  const answer = await ask(() => client.request('GET', path, { timeoutMs: TIMEOUT_MS }));
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status === 200 && isJsonObject(body)) return ok(body);
  const absent = `Secret ${ref.namespace}/${ref.name} is not there; check the name, or start the gate with --cert-secret`;
  return failed([status === 404 ? absent : describeRefusal('GET', path, answer.value)]);
}

async function ask(request: () => Promise<ApiAnswer>): Promise<Result<ApiAnswer, string>> {
  try {
    return ok(await request());
  } catch (error) {
    return failed([error instanceof Error ? error.message : String(error)]);
  }
}
