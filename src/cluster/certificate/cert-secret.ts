import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { advance, type KeptChange, makeKept, rewritten } from '../../tls/advance.ts';
import type { CertificateSource } from '../../tls/certificate-source.ts';
import { day, isSameMaterial, judge, type Material, RENEWAL_TIME_MS } from '../../tls/judge.ts';
import type { KeptReading, KeptSet } from '../../tls/kept-set.ts';
import { serviceNames } from '../../tls/leaf.ts';
import { dueStep } from '../../tls/rotation.ts';
import type { ApiAnswer, ApiClient } from '../api/api-client.ts';
import { describeRefusal } from '../api/api-refusal.ts';
import { type OnRestart, reflect } from '../reflector.ts';
import { type RoundResult, startRounds } from '../rounds.ts';
import { changedSecret, newSecret, readSecret, secretPath, type SecretRef, secretsPath } from './secret-object.ts';

export interface CertSecretOptions extends SecretRef {
  /** The Service by which the API server calls; with the namespace it makes the names of the certificate. */
  readonly serviceName: string;
  readonly now: () => Date;
  /** For how many milliseconds every caller has trusted this authority (PEM); undefined when not all do, or nobody knows. */
  readonly trustedForMs: (authority: string) => number | undefined;
  /** After every change of what is to be served and trusted, the first material included; must not throw. */
  readonly onChange: (material: Material, expiresAt: Date) => void;
  /** Once for each new set of problems; must not throw. */
  readonly onProblem: (problems: readonly string[]) => void;
  readonly onRestart?: OnRestart;
}

/** A server certificate that the replicas share. */
export interface CertSecret {
  /** Resolves when there is something to serve for the first time. Never rejects: it may just take until somebody acts. */
  readonly ready: Promise<CertificateSource>;
  /** What callers are to trust, as the Secret says at this moment; undefined when it cannot be read or has nothing usable. */
  bundle(): Promise<string | undefined>;
  /** Why there is no certificate, or no newer one; empty when all is well. Lines for the operator. */
  problems(): readonly string[];
  /** Ends requests that are under way, too: they must not keep a process that is asked to stop. */
  close(): void;
}

/** What is served, and the set that it is from, when that one is the gate's own. */
interface Held {
  readonly material: Material;
  readonly expiresAt: Date;
  readonly set: KeptSet | undefined;
}

const UNTRUSTED =
  'the rotation waits, because a webhook configuration does not have the next authority in its caBundle';
const TIMEOUT_MS = 10_000;
const TRUST_POLL_MS = 2_000;
/** Two replicas whose clocks disagree about a certificate must not undo each other's work without end. */
const WRITE_PAUSE_MS = 2_000;

/**
 * Opens the Secret, makes it where there is none, and from then on follows it and takes whatever step is due in it. Any
 * number of replicas does the same: the first to write wins, the others read. Never throws, and never gives up what it
 * serves: a Secret that is deleted comes back with the same set.
 */
export function openCertSecret(client: ApiClient, options: CertSecretOptions): CertSecret {
  const { namespace, serviceName, now } = options;
  const path = secretPath(options);
  const named = `Secret ${namespace}/${options.name}`;
  const names = serviceNames(serviceName, namespace);
  const opened = Promise.withResolvers<CertificateSource>();
  let held: Held | undefined;
  let fault = `${named} has not been read yet`;
  let wroteAt = -Infinity;
  const closed = new AbortController();
  let noted = '';

  const ownProblems = (): readonly string[] => {
    const faults = fault === '' ? [] : [fault];
    if (held === undefined) return faults;
    const { expiresAt } = held;
    const leftMs = expiresAt.getTime() - now().getTime();
    if (leftMs >= RENEWAL_TIME_MS) return faults;
    return [...faults, `${named}: the certificate ${leftMs > 0 ? 'expires' : 'expired'} on ${day(expiresAt)}`];
  };

  // An API server that is not reached is one problem, however many ask it.
  const problems = (): readonly string[] => {
    const lasting = watch.lastingFault();
    return [...new Set([...ownProblems(), ...(lasting === undefined ? [] : [`${named}: ${lasting}`])])];
  };

  const send = (method: 'GET' | 'POST' | 'PUT', at: string, body?: JsonObject): Promise<ApiAnswer> =>
    client.request(method, at, { timeoutMs: TIMEOUT_MS, signal: closed.signal, ...(body && { body }) });

  const source = (first: Held): CertificateSource => ({
    material: () => (held ?? first).material,
    expiresAt: () => (held ?? first).expiresAt,
    problems,
    close,
  });

  function adopt({ material, set, problem }: KeptReading): void {
    fault = problem === '' ? '' : `${named}: ${problem}`;
    if (material === undefined) return;
    const { state, reason, expiresAt } = judge(material, now());
    const before = held;
    // One made by a clock that is ahead: what works now is served until that one does, too.
    if (state === 'stale' && before !== undefined && before.expiresAt > now()) {
      fault = `${named}: ${reason}; the former one is served`;
      return;
    }
    held = { material, expiresAt: expiresAt ?? now(), set };
    if (isSameMaterial(before?.material, material)) return;
    opened.resolve(source(held));
    if (!closed.signal.aborted) options.onChange(material, held.expiresAt);
  }

  /** Says what is new: the same fault may come back in every round. Of the watch `onRestart` tells. */
  function note(): void {
    const lines = ownProblems();
    if (!closed.signal.aborted && lines.length > 0 && lines.join('\n') !== noted) options.onProblem(lines);
    noted = lines.join('\n');
  }

  async function look(): Promise<RoundResult> {
    const answer = await send('GET', path);
    if (answer.status === 404) return create();
    if (answer.status !== 200 || !isJsonObject(answer.body)) throw new Error(describeRefusal('GET', path, answer));
    return follow(answer.body);
  }

  async function create(): Promise<RoundResult> {
    if (held !== undefined && held.set === undefined) {
      fault = `${named} is gone, and the gate did not make it; put it back, or restart the gate to have a set made`;
      return Infinity;
    }
    const collection = secretsPath(namespace);
    const answer = await send('POST', collection, newSecret(options, await sameOrNew()));
    if (answer.status === 409) return 'again';
    if (answer.status !== 201) throw new Error(describeRefusal('POST', collection, answer));
    adopt(readSecret(answer.body, names, now()));
    return Infinity;
  }

  async function sameOrNew(): Promise<KeptChange> {
    return held?.set === undefined ? makeKept(names, now()) : rewritten(held.set);
  }

  async function follow(secret: JsonObject): Promise<RoundResult> {
    const reading = readSecret(secret, names, now());
    adopt(reading);
    if (reading.isEmpty) return write(secret, await sameOrNew());
    return reading.set === undefined ? Infinity : proceed(secret, reading.set);
  }

  async function proceed(secret: JsonObject, set: KeptSet): Promise<RoundResult> {
    const trusted = set.next === undefined ? undefined : options.trustedForMs(set.next.cert);
    const step = dueStep(set.state, now(), trusted);
    if (step.kind === 'none') return Math.max(0, step.until.getTime() - now().getTime());
    if (step.kind === 'wait-for-trust') {
      if (trusted === undefined) fault = `${named}: ${UNTRUSTED}`;
      return TRUST_POLL_MS;
    }
    return write(secret, await advance(set, step.kind, names, now()));
  }

  async function write(secret: JsonObject, change: KeptChange): Promise<RoundResult> {
    const wait = wroteAt + WRITE_PAUSE_MS - performance.now();
    if (wait > 0) return wait;
    const answer = await send('PUT', path, changedSecret(secret, change));
    if (answer.status === 409 || answer.status === 404) return 'again';
    if (answer.status !== 200) throw new Error(describeRefusal('PUT', path, answer));
    wroteAt = performance.now();
    adopt(readSecret(answer.body, names, now()));
    return Infinity;
  }

  async function round(): Promise<RoundResult> {
    const result = await look();
    if (result !== 'again') note();
    return result;
  }

  const kick = (): void => rounds.kick();
  const watch = reflect(
    client,
    { path: secretsPath(namespace), fieldSelector: `metadata.name=${options.name}` },
    { replace: kick, put: kick, remove: kick },
    { hooks: { onRestart: (reason, message) => options.onRestart?.('secrets', reason, message) } },
  );
  const rounds = startRounds(round, (message) => {
    fault = `${named}: ${message}`;
    note();
  });

  function close(): void {
    closed.abort();
    rounds.stop();
    watch.stop();
  }

  return {
    ready: opened.promise,
    problems,
    close,
    async bundle() {
      const answer = await send('GET', path);
      return answer.status === 200 ? readSecret(answer.body, names, now()).material?.ca : undefined;
    },
  };
}
