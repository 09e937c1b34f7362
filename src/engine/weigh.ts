import { type Exception, isExpired } from '../domain/exception.ts';
import { atMost, type Enforcement, type Finding, type RawFinding } from '../domain/finding.ts';
import { sameJson } from '../domain/json.ts';
import type { PortPair } from '../domain/node-port.ts';
import { formatPath } from '../domain/path.ts';
import type { PortSet } from '../domain/port-set.ts';
import { type Labels, matchesAnyGlob, matchesNamespace } from '../domain/selection.ts';
import { suppressionOf } from './suppression.ts';
import type { BoundRule } from '../rules/define.ts';
import type { CompiledPolicy } from './policy.ts';

/** What can weaken a finding. */
export interface Mitigation {
  readonly object: WeighedObject;
  /** Everything that it opens, and that the rule is about. */
  exposedTo(rule: BoundRule): readonly PortPair[];
  /** It will open a port whose number is not known yet. */
  readonly opensUnknown: boolean;
  readonly exceptions: readonly Exception[];
  readonly namespaceLabels: Labels | undefined;
  readonly now: Date;
  /** undefined when there is no old object: a CREATE, a manifest. */
  readonly former: Former | undefined;
}

/** A Service or a workload, as far as exceptions and suppressions look at it. */
export interface WeighedObject {
  readonly namespace: string;
  readonly name: string;
  readonly generateName: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The object before the update, as the ratchet sees it. */
export interface Former {
  /** `30080/TCP` for everything that it opens. */
  readonly opened: ReadonlySet<string>;
  /** What the rule says of the old object, with the same policy, world and time. */
  findingsOf(rule: BoundRule): FormerFindings;
}

export interface FormerFindings {
  /** `30080/TCP` for every port finding. */
  readonly ports: ReadonlySet<string>;
  /** The values of the findings about the object, by `placeKey`. */
  readonly objects: ReadonlyMap<string, readonly unknown[]>;
  /** Whether the update opens more, or exposes more of what the rule compares. */
  readonly grows: boolean;
}

/** One (number, protocol) as a key. */
export function pairKey({ number, protocol }: PortPair): string {
  return `${number}/${protocol}`;
}

/** The finding with the enforcement that holds: rule, message limit, maxEnforcement, exception, suppression, ratchet. */
export function weigh(raw: RawFinding, policy: CompiledPolicy, rule: BoundRule, mitigation: Mitigation): Finding {
  const { text, limit, ...facts } = raw;
  const field = formatPath(raw.path);
  const finding: Finding = {
    ...facts,
    rule: rule.meta.name,
    enforcement: atMost(rule.enforcement, limit ?? 'deny'),
    field,
    message: `${field}: ${text}`,
    policies: [policy.name],
    alreadyThere: false,
  };
  if (rule.meta.absolute === true) return finding;

  const enforcement: Enforcement = atMost(finding.enforcement, policy.maxEnforcement);
  const exception = exceptionFor(raw, rule, mitigation);
  if (exception !== undefined) return { ...finding, enforcement: 'audit', exception: exception.name };
  const suppressed = suppressionOf(rule.meta, policy, mitigation.object);
  if (suppressed !== undefined) return { ...finding, enforcement: 'audit', suppressed };
  if (wasAlreadyThere(raw, rule, mitigation)) {
    return { ...finding, enforcement: atMost(enforcement, 'warn'), alreadyThere: true };
  }
  return { ...finding, enforcement };
}

/**
 * The same field as a key, with the value where that is no object. Positions in lists do not count, or taking away the
 * first item would make all others new.
 */
export function placeKey({ path, value }: Pick<RawFinding, 'path' | 'value'>): string {
  const steps = path.map((step) => (typeof step === 'number' ? null : step));
  return JSON.stringify(typeof value === 'object' ? steps : [...steps, value]);
}

/**
 * The exception that excuses the finding. One with ports covers a remark about the object only while everything that
 * the Service opens, and that the rule is about, is among them; nobody may say so of a number that is still to come.
 */
function exceptionFor(raw: RawFinding, rule: BoundRule, mitigation: Mitigation): Exception | undefined {
  const { object, exceptions, namespaceLabels, now } = mitigation;
  const covers = (ports: PortSet): boolean =>
    raw.port === undefined
      ? !mitigation.opensUnknown && mitigation.exposedTo(rule).every(({ number }) => ports.has(number))
      : ports.has(raw.port.number);
  return exceptions.find((exception) => {
    const { rules, criteria, services, ports } = exception;
    return (
      rules.includes(rule.meta.name) &&
      !isExpired(exception, now) &&
      (services === undefined || matchesAnyGlob(services, nameOf(object))) &&
      matchesNamespace(criteria, object.namespace, namespaceLabels) === 'yes' &&
      (ports === undefined || covers(ports))
    );
  });
}

/**
 * The ratchet: policy may tighten without freezing what runs. What the running Service already has is a warning, as long
 * as the update does not open more with it.
 */
function wasAlreadyThere(raw: RawFinding, rule: BoundRule, { former, opensUnknown }: Mitigation): boolean {
  if (former === undefined) return false;
  const { ports, objects, grows } = former.findingsOf(rule);
  if (raw.port !== undefined) return former.opened.has(pairKey(raw.port)) && ports.has(pairKey(raw.port));
  return !opensUnknown && !grows && isAmong(objects, raw);
}

function isAmong(objects: FormerFindings['objects'], raw: RawFinding): boolean {
  return (objects.get(placeKey(raw)) ?? []).some((value) => sameJson(value, raw.value));
}

/** A Service made from generateName has no name at `/mutate`; any that it may get stands for it. */
function nameOf({ name, generateName }: WeighedObject): string {
  return name === '' ? `${generateName}xxxxx` : name;
}
