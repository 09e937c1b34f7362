import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sameJson } from '../domain/json.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { Labels } from '../domain/selection.ts';
import { formatRef, type ServiceRef } from '../domain/service.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import { untouched } from '../engine/admit.ts';
import { type Batch, startBatch } from '../engine/batch.ts';
import { decide } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import { verdictText } from '../report/text.ts';
import { type ReportItem, verdictList } from '../report/verdict-list.ts';
import type { ManifestDocument } from '../wire/manifest-objects.ts';
import { namespaceLabelsOf, readManifests } from '../wire/manifests.ts';
import { describeProblem, type WireProblem } from '../wire/problem.ts';
import { readSubjects, type Subject } from '../wire/subjects.ts';
import { othersInTheWay } from './confirmed.ts';
import { JSON_TYPE, noPolicy, RequestFault } from './fault.ts';
import { type Gate, secondsSince, worldOf } from './gate.ts';
import { namespaceOf, oneOf, queryOf } from './query.ts';
import { outcomeOf, record } from './record.ts';

const TEXT_TYPE = 'text/plain; charset=utf-8';

/** As many Services as very few clusters have; whoever has more sends them in parts. */
const MOST_OBJECTS = 10_000;

const MOST_FETCHED = 20;

/** A batch asks the API server about each holder once, and about no more than these. */
const MOST_CONFIRMED = 100;

/** After so many objects others get their turn: the webhook is answered by the same event loop. */
const OBJECTS_PER_TURN = 200;

/**
 * `POST /dry-run`: what `/mutate` and then `/validate` would say of a Service, a List, several YAML documents or an
 * AdmissionReview. The objects are judged in order, each as if those before it existed. Nothing is remembered.
 */
export function dryRunDoor(app: FastifyInstance, gate: Gate): void {
  app.post('/dry-run', (request, reply) => answer(gate, request, reply));
}

async function answer(gate: Gate, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = queryOf(request, ['namespace', 'operation', 'fail']);
  const namespace = namespaceOf(query.namespace ?? 'default');
  const operation = oneOf('operation', query.operation ?? 'CREATE', ['CREATE', 'UPDATE']);
  const mayFail = oneOf('fail', query.fail ?? 'false', ['true', 'false']) === 'true';
  const policy = gate.policy();
  if (policy === undefined) throw noPolicy();

  const documents = readDocuments(request.body);
  const subjects = readSubjects(documents, { origin: 'request', namespace, operation });
  if (!subjects.ok) throw invalidManifest(subjects.problems);
  const labels = namespaceLabelsOf(documents);
  const world = worldOf(gate, gate.now());
  const fetched = await fetchMissingLabels(gate, subjects.value, policy, labels);
  const labelsOf: World['labelsOf'] = (name) => labels.get(name) ?? fetched.get(name) ?? world.labelsOf(name);
  const items = await judgeInOrder(gate, subjects.value, policy, { ...world, labelsOf });
  const list = verdictList(items, policy.hash);

  reply.code(mayFail && list.summary.denied > 0 ? 422 : 200);
  return wantsJson(request.headers.accept)
    ? reply.header('content-type', JSON_TYPE).send(`${JSON.stringify(list)}\n`)
    : reply.header('content-type', TEXT_TYPE).send(verdictText(list));
}

function readDocuments(body: unknown): readonly ManifestDocument[] {
  const documents = readManifests(typeof body === 'string' ? body : '');
  if (!documents.ok) throw invalidManifest(documents.problems);
  const { length } = documents.value;
  if (length <= MOST_OBJECTS) return documents.value;
  const message = `${length} objects are more than one request may have; send at most ${MOST_OBJECTS} at once`;
  throw new RequestFault(413, 'too-many-objects', message);
}

/** Plain curl says that it takes anything: that is a person. Who asks for JSON and does not mention text is a program. */
function wantsJson(accept = ''): boolean {
  const wanted = accept.toLowerCase();
  return wanted.includes('application/json') && !wanted.includes('text/plain');
}

/** The labels of namespaces that nobody has heard of yet, of a few: nobody creates hundreds and asks about them at once. */
async function fetchMissingLabels(
  { cluster }: Gate,
  subjects: readonly Subject[],
  { readsNamespaceLabels }: Policy,
  sent: ReadonlyMap<string, Labels>,
): Promise<ReadonlyMap<string, Labels>> {
  if (!readsNamespaceLabels) return new Map();
  const namespaces = new Set(subjects.map(({ object }) => object.namespace));
  const missing = [...namespaces].filter((name) => !sent.has(name) && cluster.labelsOf(name) === undefined);
  const found = await Promise.all(
    missing.slice(0, MOST_FETCHED).map(async (name) => [name, await cluster.fetchLabels(name)] as const),
  );
  return new Map(found.flatMap(([name, labels]) => (labels === undefined ? [] : [[name, labels] as const])));
}

async function judgeInOrder(
  gate: Gate,
  subjects: readonly Subject[],
  policy: Policy,
  world: World,
): Promise<readonly ReportItem[]> {
  const manifests = subjects.flatMap((subject) => (subject.kind === 'manifest' ? [subject.request] : []));
  const batch = startBatch({ policy, world, door: 'dry-run', manifests });
  const isStale = staleness(gate, batch, world);
  const items: ReportItem[] = [];
  for (const [index, subject] of subjects.entries()) {
    if (index > 0 && index % OBJECTS_PER_TURN === 0) await nextTurn();
    if (subject.kind === 'other') {
      items.push(leftAlone(subject));
      continue;
    }
    const startedAt = performance.now();
    const judge = subject.kind === 'manifest' ? batch.judgeManifest : batch.judge;
    const first = judge(subject.request, gate.now());
    const judged = (await isStale(first.verdict)) ? judge(subject.request, gate.now()) : first;
    if (judged.decision.allowed) batch.take(judged);
    const item = { object: subject.object, ...judged };
    recordItem(gate, item, judged.request, { policyHash: policy.hash, seconds: secondsSince(startedAt) });
    items.push(item);
  }
  return items;
}

/** Tells of a verdict whether holders for which it denies are there no more; the batch forgets them. */
function staleness(
  { cluster }: Gate,
  { world: { inventory }, forget }: Batch,
  world: World,
): (verdict: Verdict) => Promise<boolean> {
  const asked = new Set<string>();
  const isOfCluster = (ref: ServiceRef): boolean => sameJson(world.inventory.portsOf(ref), inventory.portsOf(ref));
  return async (verdict) => {
    const holders = othersInTheWay(verdict, 'dry-run')
      .filter((ref) => !asked.has(formatRef(ref)) && isOfCluster(ref))
      .slice(0, MOST_CONFIRMED - asked.size);
    if (holders.length === 0) return false;
    for (const ref of holders) asked.add(formatRef(ref));
    const { inventory: confirmed } = await cluster.confirm(holders);
    const gone = holders.filter((ref) => !sameJson(confirmed.portsOf(ref), world.inventory.portsOf(ref)));
    for (const ref of gone) forget(ref);
    return gone.length > 0;
  };
}

function leftAlone({ object, because }: Extract<Subject, { kind: 'other' }>): ReportItem {
  const verdict = untouched(because);
  return { object, verdict, decision: decide(verdict, 'dry-run') };
}

function recordItem(
  gate: Gate,
  { object, verdict, decision }: ReportItem,
  { uid, operation, dryRun, user, service }: ServiceRequest,
  measured: { readonly policyHash: string; readonly seconds: number },
): void {
  record(gate, {
    uid,
    operation,
    namespace: object.namespace,
    name: object.name === '' ? service.generateName : object.name,
    user: user?.username ?? '',
    dryRun,
    door: 'dry-run',
    outcome: outcomeOf(verdict, decision, false),
    verdict,
    ...measured,
  });
}

function invalidManifest(problems: readonly WireProblem[]): RequestFault {
  return new RequestFault(400, 'invalid-manifest', problems.map(describeProblem).join('; '));
}
