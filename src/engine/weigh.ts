import { type Exception, isExpired } from '../domain/exception.ts';
import { atMost, type Enforcement, type Finding, type RawFinding } from '../domain/finding.ts';
import { sameJson } from '../domain/json.ts';
import { opened, opensNoMoreThan, type PortPair } from '../domain/node-port.ts';
import { formatPath, type Path } from '../domain/path.ts';
import { type Labels, matchesAnyGlob, matchesNamespace } from '../domain/selection.ts';
import { suppressionOf } from './suppression.ts';
import type { Service } from '../domain/service.ts';
import type { BoundRule } from '../rules/define.ts';
import type { CompiledPolicy } from './policy.ts';

/** What can weaken a finding. */
export interface Mitigation {
  readonly service: Service;
  readonly exceptions: readonly Exception[];
  readonly namespaceLabels: Labels | undefined;
  readonly now: Date;
  /** undefined when there is no old object: a CREATE, a manifest. */
  readonly former: Former | undefined;
}

/** The object before the update, as the ratchet sees it. */
export interface Former {
  readonly service: Service;
  /** `30080/TCP` for everything that it opens. */
  readonly opened: ReadonlySet<string>;
  /** What the rule says of the old object, with the same policy, world and time. */
  findingsOf(rule: BoundRule): FormerFindings;
}

export interface FormerFindings {
  /** `30080/TCP` for every port finding. */
  readonly ports: ReadonlySet<string>;
  readonly objects: readonly RawFinding[];
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
  const suppressed = suppressionOf(rule.meta, policy, mitigation.service);
  if (suppressed !== undefined) return { ...finding, enforcement: 'audit', suppressed };
  if (wasAlreadyThere(raw, rule, mitigation)) {
    return { ...finding, enforcement: atMost(enforcement, 'warn'), alreadyThere: true };
  }
  return { ...finding, enforcement };
}

/**
 * The exception that excuses the finding. One with ports covers a remark about the object only while everything that
 * the Service opens is among them.
 */
function exceptionFor(raw: RawFinding, rule: BoundRule, mitigation: Mitigation): Exception | undefined {
  const { service, exceptions, namespaceLabels, now } = mitigation;
  const numbers = raw.port === undefined ? opened(service) : [raw.port];
  return exceptions.find((exception) => {
    const { rules, criteria, services, ports } = exception;
    return (
      rules.includes(rule.meta.name) &&
      !isExpired(exception, now) &&
      (services === undefined || matchesAnyGlob(services, service.name)) &&
      matchesNamespace(criteria, service.namespace, namespaceLabels) === 'yes' &&
      (ports === undefined || numbers.every(({ number }) => ports.has(number)))
    );
  });
}

/**
 * The ratchet: policy may tighten without freezing what runs. What the running Service already has is a warning, as long
 * as the update does not open more with it.
 */
function wasAlreadyThere(raw: RawFinding, rule: BoundRule, { service, former }: Mitigation): boolean {
  if (former === undefined) return false;
  const { ports, objects } = former.findingsOf(rule);
  if (raw.port !== undefined) return former.opened.has(pairKey(raw.port)) && ports.has(pairKey(raw.port));
  return (
    objects.some(({ path, value }) => samePlace(path, raw.path) && sameJson(value, raw.value)) &&
    opened(service).every((pair) => former.opened.has(pairKey(pair))) &&
    opensNoMoreThan(rule.meta.exposure(service), rule.meta.exposure(former.service))
  );
}

/** The same field; positions in lists do not count, or taking away the first item would make all others new. */
function samePlace(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index] || typeof step === 'number');
}
