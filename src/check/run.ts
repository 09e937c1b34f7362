import type { Finding, Fix } from '../domain/finding.ts';
import type { HeldPort, Inventory } from '../domain/inventory.ts';
import { sameJson } from '../domain/json.ts';
import { opened } from '../domain/node-port.ts';
import { UNKNOWN_REACH } from '../domain/reach.ts';
import type { Labels } from '../domain/selection.ts';
import { formatRef, type Service } from '../domain/service.ts';
import type { Locate, SourceRegion } from '../domain/source.ts';
import type { Workload, Workloads } from '../domain/workload.ts';
import { NO_RESERVATIONS, type World } from '../domain/world.ts';
import { admitWorkload } from '../engine/admit-workload.ts';
import { type Batch, type Judged, startBatch } from '../engine/batch.ts';
import { decide } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import { findingKey } from '../report/fingerprint.ts';
import type { ReportItem } from '../report/verdict-list.ts';
import type { RuleMeta } from '../rules/define.ts';
import type { LocatedManifest } from '../wire/manifest-file.ts';
import type { Known } from './baseline.ts';
import { manifestsIn, REVIEWED, type RunObject } from './read-objects.ts';
import { idleSuppressions } from './suppressions.ts';

/** All that a run goes by, besides its files. */
export interface RunContext {
  readonly policy: Policy;
  /** Of the dumps that came along. */
  readonly inventory: Inventory;
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  readonly workloads: Workloads;
  readonly baseline: Known;
  /** By name. */
  readonly rules: ReadonlyMap<string, RuleMeta>;
  readonly now: Date;
  /** Whether `fix` may write into the file. */
  isEditable(file: string): boolean;
}

export interface RunItem extends ReportItem {
  readonly manifest: LocatedManifest;
  /** What `fix` would write into the manifest: numbers that are assigned, and what findings offer. */
  readonly fixes: readonly Fix[];
}

/** Where a Service of the run stands. */
interface Place {
  readonly locate: Locate;
  readonly service: Service;
}

/** Judges the objects in their order, like `/dry-run`. */
export function judgeRun(objects: readonly RunObject[], context: RunContext): readonly RunItem[] {
  const { policy, inventory, namespaceLabels, workloads } = context;
  const world: World = {
    inventory,
    workloads,
    reach: UNKNOWN_REACH,
    reservations: NO_RESERVATIONS,
    labelsOf: (namespace) => namespaceLabels.get(namespace),
  };
  const batch = startBatch({ policy, world, door: 'check', manifests: manifestsIn(objects) });
  const running = { ...context, batch, places: new Map<string, Place>() };
  return objects.map((object) =>
    'workload' in object ? judgeWorkload(object, running) : judgeService(object, running),
  );
}

interface Running extends RunContext {
  readonly batch: Batch;
  /** By `namespace/name`, of the Services so far. */
  readonly places: Map<string, Place>;
}

function judgeWorkload({ manifest, workload }: Extract<RunObject, { workload: Workload }>, running: Running): RunItem {
  const { policy, batch, now } = running;
  const verdict = admitWorkload({ workload, origin: 'file' }, policy, batch.world, now);
  const object = { ...manifest.object, namespace: workload.namespace };
  const judged = { object, verdict, decision: decide(verdict, 'check') };
  return itemOf({ ...judged, annotations: workload.annotations, notices: [] }, manifest, running);
}

function judgeService({ manifest, subject }: Extract<RunObject, { subject: unknown }>, running: Running): RunItem {
  const { batch, places, now } = running;
  const judged = (subject.kind === 'manifest' ? batch.judgeManifest : batch.judge)(subject.request, now);
  const { service } = judged.request;
  const isReview = subject.kind === 'review';
  const locate: Locate = isReview ? (path) => manifest.locate([...REVIEWED, ...path]) : manifest.locate;
  const notices = isReview ? [] : namesakes(service, places);
  places.set(formatRef(service), { locate, service: judged.verdict.service ?? service });
  const reported = itemOf(
    { ...judged, object: subject.object, annotations: service.annotations, notices },
    { ...manifest, locate },
    running,
  );
  // What the baseline knows is likely to run already, so others must keep off its ports.
  const { findings } = judged.verdict;
  const isTolerated = findings.every(
    (finding) => finding.enforcement !== 'deny' || reported.isInBaseline?.(finding) === true,
  );
  if (judged.decision.allowed || isTolerated) batch.take(judged);
  // A review is a record of what was asked: there is nothing to mend in it.
  return isReview ? { ...reported, fixes: [], isFixable: false } : reported;
}

/** The same Service twice is mostly one of two clusters. Where its numbers differ, the earlier ones are guarded no more. */
function namesakes(service: Service, places: ReadonlyMap<string, Place>): readonly string[] {
  const earlier = service.name === '' ? undefined : places.get(formatRef(service));
  if (earlier === undefined) return [];
  const numbers = new Set(opened(service).map(({ number }) => number));
  if (opened(earlier.service).every(({ number }) => numbers.has(number))) return [];
  const { file, line } = earlier.locate([]);
  return [
    `a Service of this name is at ${file}:${line} too; where both are applied, the later one replaces the earlier`,
  ];
}

type JudgedObject = Pick<ReportItem, 'object' | 'verdict' | 'decision'> & {
  readonly annotations: Service['annotations'];
  readonly notices: readonly string[];
};

function itemOf(
  { annotations, notices, ...judged }: JudgedObject,
  manifest: LocatedManifest,
  { policy, baseline, rules, isEditable, places }: Running,
): RunItem {
  const { object, verdict } = judged;
  const { locate } = manifest;
  return {
    ...judged,
    manifest,
    locate,
    locateHolder: (holder) => regionOfHolder(holder, places),
    isInBaseline: (finding) => baseline.has(findingKey(object, finding)),
    isFixable: isEditable(manifest.file),
    notices: [...notices, ...idleSuppressions(annotations, verdict.findings, policy, rules)],
    fixes: fixesOf(verdict),
  };
}

/** Only where the port is still what the file says: a dump may know the same Service with other ports. */
function regionOfHolder(holder: HeldPort, places: ReadonlyMap<string, Place>): SourceRegion | undefined {
  const place = places.get(formatRef(holder));
  const port =
    place &&
    opened(place.service).find(({ number, protocol }) => number === holder.nodePort && protocol === holder.protocol);
  return port && place.locate(port.path);
}

/** What an exception or an annotation excuses stays as it is. */
function fixesOf({ changes, findings }: Judged['verdict']): readonly Fix[] {
  const offered = findings.flatMap(({ fix, exception, suppressed }: Finding) =>
    fix === undefined || exception !== undefined || suppressed !== undefined ? [] : [fix],
  );
  const fixes: Fix[] = [...changes];
  for (const fix of offered) if (!fixes.some(({ path }) => sameJson(path, fix.path))) fixes.push(fix);
  return fixes;
}
