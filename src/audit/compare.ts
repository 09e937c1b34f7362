import { formatRef, type Service } from '../domain/service.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { compareText } from '../domain/text.ts';
import type { World } from '../domain/world.ts';
import { admit } from '../engine/admit.ts';
import { decide } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import type { ComparedItem, Comparison } from '../report/comparison.ts';
import { findingKey } from '../report/fingerprint.ts';
import { type ReportedFinding, type ReportedObject, type VerdictItem, verdictList } from '../report/verdict-list.ts';
import { auditCluster } from './audit.ts';
import { runningRequest } from './running-request.ts';
import { runningWorld } from './running-world.ts';

/** The policy in force, and one that might be. */
export interface ComparedPolicies {
  readonly current: Policy;
  readonly other: Policy;
}

/**
 * What would change for what runs if the other policy were in force: which findings come and go, what could not be created
 * again, and what could not even be updated, because the ratchet forgives only what was there before.
 */
export function comparePolicies(snapshot: Snapshot, { current, other }: ComparedPolicies, now: Date): Comparison {
  const before = itemsBy(snapshot, current, now);
  const after = itemsBy(snapshot, other, now);
  const world = runningWorld(snapshot);
  const services = new Map(snapshot.services.map((service) => [formatRef(service), service]));
  const isUpdatable = ({ kind, namespace = '', name = '' }: ReportedObject): boolean => {
    const service = kind === 'Service' ? services.get(formatRef({ namespace, name })) : undefined;
    return service === undefined || staysUpdatable(service, other, world, now);
  };
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const items = keys.flatMap((key) => comparedItem(before.get(key), after.get(key), isUpdatable));
  const stranded = items.filter(({ allowed }) => allowed.current && !allowed.other).length;
  const freed = items.filter(({ allowed }) => !allowed.current && allowed.other).length;
  return {
    policy: { hash: other.hash },
    summary: { objects: keys.length, stranded, freed, changed: items.length },
    items,
  };
}

function itemsBy(snapshot: Snapshot, policy: Policy, now: Date): ReadonlyMap<string, VerdictItem> {
  const { items } = verdictList(auditCluster(snapshot, policy, now).items, policy.hash);
  return new Map(items.map((item) => [keyOf(item.object), item]));
}

/** Services before pods, then by name. */
function keyOf({ kind, namespace = '', name = '' }: ReportedObject): string {
  return `${kind === 'Service' ? 0 : 1} ${kind} ${formatRef({ namespace, name })}`;
}

/** None or one. */
function comparedItem(
  before: VerdictItem | undefined,
  after: VerdictItem | undefined,
  isUpdatable: (object: ReportedObject) => boolean,
): readonly ComparedItem[] {
  const object = (before ?? after)?.object;
  if (object === undefined) return [];
  const allowed = { current: isAllowed(before), other: isAllowed(after) };
  const appearing = missingIn(before, after);
  const disappearing = missingIn(after, before);
  if (allowed.current === allowed.other && appearing.length + disappearing.length === 0) return [];
  return [{ object, allowed, updatable: isUpdatable(object), appearing, disappearing }];
}

/** Of what has no item there is nothing to say. */
function isAllowed(item: VerdictItem | undefined): boolean {
  return item?.allowed ?? true;
}

/** The findings of the second that the first does not have, or has with another enforcement. */
function missingIn(first: VerdictItem | undefined, second: VerdictItem | undefined): readonly ReportedFinding[] {
  if (second === undefined) return [];
  const keyed = (finding: ReportedFinding): string => `${finding.enforcement} ${findingKey(second.object, finding)}`;
  const known = new Set((first?.findings ?? []).map(keyed));
  return second.findings.filter((finding) => !known.has(keyed(finding)));
}

/** An update that changes nothing about its ports, as `/validate` would see it. */
function staysUpdatable(service: Service, policy: Policy, world: World, now: Date): boolean {
  const request = { ...runningRequest(service), oldService: service };
  return decide(admit(request, policy, world, now), 'validate').allowed;
}
