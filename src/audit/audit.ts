import { carried } from '../domain/node-port.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { Service } from '../domain/service.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import { admit } from '../engine/admit.ts';
import { admitWorkload } from '../engine/admit-workload.ts';
import { decide } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import type { MappedService, PortMap } from '../report/port-map.ts';
import type { ReportItem } from '../report/verdict-list.ts';
import { hostPortsOf, likePods, type PodGroup, podNotices } from './host-ports.ts';
import { portMapOf } from './port-map.ts';
import { runningRequest, runningWorld } from './running.ts';
import { serviceFacts } from './service-facts.ts';

/** What is to be said about a cluster at one moment. */
export interface Audit {
  /**
   * Services with node ports, open or carried, and whatever else has a finding, by namespace and name; then what made pods
   * that take ports of their nodes and have a finding.
   */
  readonly items: readonly ReportItem[];
  /** How many Services and pods have no item. */
  readonly skipped: number;
  readonly map: PortMap;
}

/** Judges everything that runs, each object as if somebody asked for it today, and maps the ports. */
export function auditCluster(snapshot: Snapshot, policy: Policy, now: Date): Audit {
  const steps = auditSteps(snapshot, policy, now);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** A few milliseconds: between two steps others may have their turn. */
const OBJECTS_PER_STEP = 20;

/** The same, some objects at a time, for those who have requests to answer meanwhile; it ends with the audit. */
export function* auditSteps(snapshot: Snapshot, policy: Policy, now: Date): Generator<undefined, Audit, undefined> {
  const context = { policy, world: runningWorld(snapshot), now };
  yield;
  const pods = snapshot.pods ?? [];
  const groups = likePods(pods);
  const { services } = snapshot;
  const questions = [
    ...services.map((service) => () => judgeService(service, context)),
    ...groups.map((group) => () => judgePods(group, context)),
  ];
  const found: Judged[] = [];
  for (const [index, judge] of questions.entries()) {
    found.push(judge());
    if ((index + 1) % OBJECTS_PER_STEP === 0) yield;
  }
  const reported = found.reduce((sum, { item, objects }) => (item === undefined ? sum : sum + objects), 0);
  return {
    items: found.flatMap(({ item }) => item ?? []),
    skipped: services.length + pods.length - reported,
    map: mapOf(snapshot, context, found),
  };
}

interface Context {
  readonly policy: Policy;
  readonly world: World;
  readonly now: Date;
}

interface Judged {
  /** None where there is nothing to say. */
  readonly item?: ReportItem;
  /** How many objects it stands for. */
  readonly objects: number;
  /** Of a Service that has an item. */
  readonly facts?: MappedService;
  /** Of pods. */
  readonly pods?: { readonly group: PodGroup; readonly verdict: Verdict };
}

/** Never silently another verdict than the gate's. */
const CUT =
  'it has more labels or annotations than an audit reads, so the gate may judge it otherwise; take out what nobody needs';

function judgeService(service: Service, { policy, world, now }: Context): Judged {
  const request = runningRequest(service);
  const verdict = admit(request, policy, world, now);
  const notices = service.isCut === true ? [CUT] : [];
  if (!isWorthReporting(verdict) && carried(service).length + notices.length === 0) return { objects: 1 };
  const item = { object: refOf(service), verdict: asKept(verdict), decision: decide(verdict, 'audit'), notices };
  return { item, objects: 1, facts: serviceFacts(request, item, policy, world) };
}

function judgePods(group: PodGroup, { policy, world, now }: Context): Judged {
  const { workload } = group;
  const verdict = admitWorkload({ workload, origin: 'cluster' }, policy, world, now);
  const judged = { objects: group.pods.length, pods: { group, verdict } };
  if (!isWorthReporting(verdict)) return judged;
  const { apiVersion, kind, namespace, name } = workload;
  const object = { apiVersion, kind, namespace, name, generateName: '' };
  return { ...judged, item: { object, verdict, decision: decide(verdict, 'audit'), notices: podNotices(group) } };
}

function isWorthReporting({ findings, undetermined, notices }: Verdict): boolean {
  return findings.length > 0 || undetermined.length > 0 || notices.length > 0;
}

/** What runs has its numbers already, whoever wrote them. */
function asKept(verdict: Verdict): Verdict {
  return { ...verdict, assigned: verdict.assigned.map((port) => ({ ...port, because: 'kept' as const })) };
}

function refOf({ namespace, name }: Service): ObjectRef {
  return { apiVersion: 'v1', kind: 'Service', namespace, name, generateName: '' };
}

/** More than there are numbers, so a few of them are taken on every node: nobody reads more, and each costs memory. */
const MOST_HOST_PORTS = 5_000;

function mapOf({ nodes, notKnown }: Snapshot, { policy, world, now }: Context, found: readonly Judged[]): PortMap {
  const hostPorts = hostPortsOf(
    found.flatMap(({ pods }) => pods ?? []),
    world.inventory,
    policy.clusterPorts,
  );
  const isWhole = hostPorts.length <= MOST_HOST_PORTS;
  return portMapOf({
    inventory: world.inventory,
    policy,
    services: found.flatMap(({ facts }) => facts ?? []),
    audited: {
      auditedAt: now.toISOString(),
      hostPorts: hostPorts.slice(0, MOST_HOST_PORTS),
      notKnown: isWhole || notKnown.includes('pods') ? notKnown : [...notKnown, 'pods'],
      ...(nodes !== undefined && { nodes }),
    },
  });
}
