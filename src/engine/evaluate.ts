import { entitledPools } from '../allocation/entitlement.ts';
import { opened } from '../domain/node-port.ts';
import type { Origin } from '../domain/request.ts';
import type { Service } from '../domain/service.ts';
import type { World } from '../domain/world.ts';
import type { BoundRule } from '../rules/define.ts';
import type { Scene } from '../rules/scene.ts';
import { collect, type Evaluation } from './collect.ts';
import type { AppliedRule } from './matching.ts';
import type { Policy } from './policy.ts';
import { makeScene } from './scene.ts';
import { type Former, type FormerFindings, type Mitigation, pairKey, placeKey } from './weigh.ts';

/** What is judged, and against what. */
export interface Judgement {
  readonly scene: Scene;
  readonly rules: readonly AppliedRule[];
  readonly policy: Policy;
  readonly world: World;
  readonly now: Date;
  readonly origin: Origin;
}

/** What the rules that apply say of the Service. */
export function evaluate(judgement: Judgement): Evaluation {
  const { scene, rules, policy, world, now, origin } = judgement;
  const mitigation: Mitigation = {
    object: scene.service,
    exposedTo: ({ meta }) => [...opened(scene.service), ...meta.exposure(scene.service)],
    opensUnknown: scene.unassigned.length > 0,
    exceptions: policy.exceptions,
    namespaceLabels: world.labelsOf(scene.service.namespace),
    now,
    former: formerOf(judgement),
  };
  return collect(rules, mitigation, (rule, mostFindings) =>
    isAskedAbout(rule, origin) && concerns(rule, scene) ? rule.check(scene, mostFindings) : undefined,
  );
}

/** Some rules are about what stands in files only, or about what runs. */
export function isAskedAbout({ meta: { origins } }: BoundRule, origin: Origin): boolean {
  return origins === undefined || origins.includes(origin);
}

/** Most rules only see a Service that opens, or will open, a node port. */
export function concerns({ meta }: BoundRule, { ports, unassigned }: Scene): boolean {
  if (meta.subject === 'workload') return false;
  return meta.subject === 'every-service' || ports.length > 0 || unassigned.length > 0;
}

/** The old object, judged rule by rule when the ratchet asks. */
function formerOf({ scene, policy, world }: Judgement): Former | undefined {
  const { service, oldService } = scene;
  if (oldService === undefined) return undefined;
  const former = formerScene(oldService, policy, world);
  const openedBefore = new Set(former.ports.map(pairKey));
  const opensMore = opened(service).some((pair) => !openedBefore.has(pairKey(pair)));
  const known = new Map<BoundRule, FormerFindings>();
  const findingsOf = (rule: BoundRule): FormerFindings => {
    const findings = concerns(rule, former) ? rule.check(former, Infinity).findings : [];
    const ports = findings.flatMap(({ port }) => (port === undefined ? [] : [pairKey(port)]));
    const ofObject = Map.groupBy(
      findings.filter(({ port }) => port === undefined),
      placeKey,
    );
    const objects = new Map([...ofObject].map(([key, group]) => [key, group.map(({ value }) => value)]));
    const exposedBefore = new Set(rule.meta.exposure(oldService).map(pairKey));
    const exposesMore = rule.meta.exposure(service).some((pair) => !exposedBefore.has(pairKey(pair)));
    return { ports: new Set(ports), objects, grows: opensMore || exposesMore };
  };
  return {
    opened: openedBefore,
    findingsOf(rule) {
      const findings = known.get(rule) ?? findingsOf(rule);
      known.set(rule, findings);
      return findings;
    },
  };
}

function formerScene(service: Service, policy: Policy, world: World): Scene {
  const entitlement = entitledPools(service, policy.pools, world.labelsOf(service.namespace));
  return makeScene({
    service,
    written: service.raw,
    oldService: undefined,
    ports: opened(service).map((port) => ({ ...port, because: 'kept', wouldGet: undefined })),
    unassigned: [],
    entitlement,
    // Nobody reads what is suggested for the past.
    isPermitted: () => true,
    policy,
    world,
  });
}
