import { formatRef, type Service } from '../domain/service.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { World } from '../domain/world.ts';
import { admit } from '../engine/admit.ts';
import { decide } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import type { ComparedItem, Comparison } from '../report/comparison.ts';
import { findingKey } from '../report/fingerprint.ts';
import {
  type ReportedFinding,
  type ReportedObject,
  type ReportItem,
  type VerdictItem,
  verdictList,
} from '../report/verdict-list.ts';
import { auditCluster } from './audit.ts';
import { runningRequest, runningWorld } from './running.ts';

/** The policy in force with what it has found, and one that might be in force. */
export interface ComparedPolicies {
  readonly current: Policy;
  readonly items: readonly ReportItem[];
  readonly other: Policy;
}

/**
 * What would change for what runs if the other policy were in force: which findings come and go, what could not be created
 * again, and what could not even be updated, because the ratchet forgives only what was there before.
 */
export function comparePolicies(
  snapshot: Snapshot,
  { current, items, other }: ComparedPolicies,
  now: Date,
): Comparison {
  const ask = questionsAbout(snapshot, now);
  const before = byKey(items, current);
  const after = byKey(auditCluster(snapshot, other, now).items, other);
  const order = [...snapshot.services.map(serviceKey), ...before.keys(), ...after.keys()];
  const keys = [...new Set(order)].filter((key) => before.has(key) || after.has(key));
  const compared = keys.flatMap((key): readonly ComparedItem[] => {
    const object = (before.get(key) ?? after.get(key))?.object;
    if (object === undefined) return [];
    const appearing = missingIn(before.get(key), after.get(key));
    const disappearing = missingIn(after.get(key), before.get(key));
    const allowed = { current: ask.isCreatable(key, current), other: ask.isCreatable(key, other) };
    if (allowed.current === allowed.other && appearing.length + disappearing.length === 0) return [];
    return [{ object, allowed, updatable: ask.isUpdatable(key, other), appearing, disappearing }];
  });
  const count = (isCounted: (item: ComparedItem) => boolean): number => compared.filter(isCounted).length;
  return {
    policy: { hash: other.hash },
    summary: {
      objects: keys.length,
      stranded: count(({ allowed }) => allowed.current && !allowed.other),
      freed: count(({ allowed }) => !allowed.current && allowed.other),
      changed: compared.length,
    },
    items: compared,
  };
}

/** What `/validate` would say about a Service; of anything else it is never asked. */
interface Questions {
  isCreatable(key: string, policy: Policy): boolean;
  /** By an update that changes nothing about its ports. */
  isUpdatable(key: string, policy: Policy): boolean;
}

function questionsAbout(snapshot: Snapshot, now: Date): Questions {
  // A webhook knows nothing of pods and nodes.
  const world: World = runningWorld({ ...snapshot, nodes: undefined, endpoints: undefined, pods: undefined });
  const services = new Map(snapshot.services.map((service) => [serviceKey(service), service]));
  const isAllowed = (key: string, policy: Policy, isUpdate: boolean): boolean => {
    const service = services.get(key);
    // A webhook leaves an update alone that only takes finalizers away.
    if (service === undefined || (isUpdate && service.deleting)) return true;
    const asked = { ...runningRequest(service), origin: 'request' } as const;
    const request = isUpdate ? { ...asked, oldService: service } : { ...asked, operation: 'CREATE' as const };
    return decide(admit(request, policy, world, now), 'validate').allowed;
  };
  return {
    isCreatable: (key, policy) => isAllowed(key, policy, false),
    isUpdatable: (key, policy) => isAllowed(key, policy, true),
  };
}

function byKey(items: readonly ReportItem[], { hash }: Policy): ReadonlyMap<string, VerdictItem> {
  return new Map(verdictList(items, hash).items.map((item) => [keyOf(item.object), item]));
}

function keyOf({ kind, namespace = '', name = '' }: ReportedObject): string {
  return `${kind} ${formatRef({ namespace, name })}`;
}

function serviceKey(service: Service): string {
  return keyOf({ apiVersion: 'v1', kind: 'Service', namespace: service.namespace, name: service.name });
}

/** The findings of the second that the first does not have, or has with another enforcement. */
function missingIn(first: VerdictItem | undefined, second: VerdictItem | undefined): readonly ReportedFinding[] {
  if (second === undefined) return [];
  const keyed = (finding: ReportedFinding): string => `${finding.enforcement} ${findingKey(second.object, finding)}`;
  const known = new Set((first?.findings ?? []).map(keyed));
  return second.findings.filter((finding) => !known.has(keyed(finding)));
}
