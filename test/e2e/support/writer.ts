import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, own } from '../../../src/domain/json.ts';
import { type ApiConnection, connectApi } from './api-connection.ts';
import type { ApiServer } from './api-server.ts';

/** One write and what became of it. */
export interface Write {
  /** `create writer-1`, `label writer-1`, `annotate writer-1`, `delete writer-1`; with `, again` the second attempt. */
  readonly what: string;
  /** Of HTTP; 0 when there was no answer. */
  readonly status: number;
  /** Of the Status object, or of the connection's fault; empty for a success. */
  readonly message: string;
  /** Milliseconds since the writer began. */
  readonly startedMs: number;
  readonly tookMs: number;
}

/** A client that never stops writing Services, as the controllers and pipelines of a cluster do. */
export interface Writer {
  readonly count: () => number;
  /** Not refused by the policy, and not carried out either. */
  readonly failures: () => readonly Write[];
  /** Refused by the gate's policy. */
  readonly denials: () => readonly Write[];
  /** Second attempts, whatever became of them. */
  readonly retries: () => readonly Write[];
  readonly slowest: () => Write | undefined;
  /** Milliseconds since it began. */
  readonly nowMs: () => number;
  /** Finishes the writes that have begun, does this, and goes on. Writes that are late by then are made up for. */
  readonly between: (action: () => Promise<void> | void) => Promise<void>;
  /** Finishes the writes that have begun; the connections are closed. */
  readonly stop: () => Promise<void>;
}

export interface WriterOptions {
  readonly namespace: string;
  /** Per second, all lanes together; 20 unless given. */
  readonly rate?: number;
  /** Milliseconds after which a write that was not carried out is sent once more; never unless given. */
  readonly retryAfterMs?: number;
}

interface Step {
  readonly what: string;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

interface State {
  isStopped: boolean;
  /** New writes wait for it. */
  held: Promise<void> | undefined;
  inFlight: number;
}

const AGAIN = ', again';
const LANES = 4;
const RATE = 20;

/**
 * Creates, labels, annotates and deletes NodePort Services without a number, in turns. Each of four lanes has one Service, so
 * that each create comes soon after the delete of the same name, and two of them never want the same port.
 */
export async function startWriter(server: ApiServer, options: WriterOptions): Promise<Writer> {
  const { namespace, rate = RATE, retryAfterMs } = options;
  const writes: Write[] = [];
  const connection = await connectApi(server, LANES);
  const began = performance.now();
  const periodMs = (1000 * LANES) / rate;
  const state: State = { isStopped: false, held: undefined, inFlight: 0 };

  const nowMs = (): number => performance.now() - began;
  const attempt = async (step: Step): Promise<Write> => {
    while (state.held !== undefined) await state.held;
    const startedMs = nowMs();
    state.inFlight += 1;
    const { status, message } = await send(connection, step);
    state.inFlight -= 1;
    const made = { what: step.what, status, message, startedMs, tookMs: nowMs() - startedMs };
    writes.push(made);
    return made;
  };
  const write = async (step: Step): Promise<void> => {
    const first = await attempt(step);
    if (isSuccess(first) || retryAfterMs === undefined) return;
    await sleep(retryAfterMs);
    await attempt({ ...step, what: `${step.what}${AGAIN}` });
  };
  const lane = async (index: number): Promise<void> => {
    const steps = stepsOf(namespace, `writer-${index + 1}`);
    for (let turn = 0; !state.isStopped; turn += 1) {
      const due = began + turn * periodMs + (index * periodMs) / LANES;
      await sleep(Math.max(0, due - performance.now()));
      const step = steps[turn % steps.length];
      if (step !== undefined) await write(step);
    }
  };
  const lanes = Array.from({ length: LANES }, (_, index) => lane(index));
  return {
    count: () => writes.length,
    failures: () => writes.filter((one) => !isSuccess(one) && !isDenial(one)),
    denials: () => writes.filter(isDenial),
    retries: () => writes.filter(({ what }) => what.endsWith(AGAIN)),
    slowest: () => writes.toSorted((a, b) => b.tookMs - a.tookMs)[0],
    nowMs,
    async between(action) {
      const gate = Promise.withResolvers<void>();
      state.held = gate.promise;
      while (state.inFlight > 0) await sleep(1);
      await action();
      state.held = undefined;
      gate.resolve();
    },
    async stop() {
      state.isStopped = true;
      await Promise.all(lanes);
      connection.close();
    },
  };
}

function stepsOf(namespace: string, name: string): readonly Step[] {
  const collection = `/api/v1/namespaces/${namespace}/services`;
  const path = `${collection}/${name}`;
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'NodePort', selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  };
  const label = { metadata: { labels: { 'example.com/written': 'yes' } } };
  const annotation = { metadata: { annotations: { 'example.com/written': 'yes' } } };
  return [
    { what: `create ${name}`, method: 'POST', path: collection, body: service },
    { what: `label ${name}`, method: 'PATCH', path, body: label },
    { what: `annotate ${name}`, method: 'PATCH', path, body: annotation },
    { what: `delete ${name}`, method: 'DELETE', path },
  ];
}

function isSuccess({ status }: Write): boolean {
  return status >= 200 && status < 300;
}

function isDenial({ status, message }: Write): boolean {
  return status >= 400 && /^admission webhook "\w+\.nodeport-gate\.dev" denied the request: /.test(message);
}

/** What became of a step; a fault of the connection is an answer without a status. */
async function send(
  { request }: ApiConnection,
  { method, path, body }: Step,
): Promise<Pick<Write, 'status' | 'message'>> {
  try {
    const { status, body: answer } = await request(method, path, body);
    // Of a Status object; an object that was written has none.
    const message = isJsonObject(answer) ? own(answer, 'message') : undefined;
    return { status, message: typeof message === 'string' ? message : '' };
  } catch (error) {
    return { status: 0, message: error instanceof Error ? error.message : String(error) };
  }
}
