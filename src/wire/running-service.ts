import { isJsonObject, type Json, type JsonObject, own } from '../domain/json.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Labels } from '../domain/selection.ts';
import type { Service } from '../domain/service.ts';
import { annotationsRead, annotationsUnread, type Entry, keptTexts, picked } from './kept-texts.ts';
import type { WireProblem } from './problem.ts';
import { readService } from './service.ts';

/** What kubectl uses for a manifest that names no namespace, unless it is told another one. */
const DEFAULT_NAMESPACE = 'default';

const METADATA_FIELDS = ['namespace', 'name', 'generateName', 'creationTimestamp', 'deletionTimestamp'];
const SPEC_FIELDS = [
  'type',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'allocateLoadBalancerNodePorts',
  'ipFamilies',
];
const ADDRESS_FIELDS = ['externalIPs', 'loadBalancerSourceRanges'];
const PORT_FIELDS = ['name', 'port', 'protocol', 'nodePort'];

/** One more character than `required-annotations` asks its patterns about: what is longer is still too long. */
const LONGEST_OTHER = 1_025;
/** Of ports without a number. */
const MOST_UNNUMBERED = 256;
const MOST_ADDRESSES = 1_000;

/**
 * A Service as it runs, without what no rule reads of one: an audit has all of them in memory at once, and each of their
 * authors decides how large his is. What rules do read is kept up to a size that no honest Service comes near, and to go
 * beyond it gains its author nothing that he could not have by writing less. Who wrote which field decides what may still
 * be changed; of what runs nothing is, so the record of that goes, too. `path` goes before every path in a problem.
 */
export function readRunningService(value: JsonObject, path = ''): Result<Service, WireProblem> {
  const [metadata, spec] = [own(value, 'metadata'), own(value, 'spec')];
  const kept = {
    ...(metadata !== undefined && { metadata: isJsonObject(metadata) ? keptMetadata(metadata) : metadata }),
    ...(spec !== undefined && { spec: isJsonObject(spec) ? keptSpec(spec) : spec }),
  };
  const read = readService(kept, { path, authorship: 'manifest', namespace: DEFAULT_NAMESPACE });
  if (!read.ok) return read;
  const ports = read.value.ports.filter(({ nodePort, index }) => nodePort !== 0 || index < MOST_UNNUMBERED);
  const isCut =
    hasMore(metadata, 'labels', read.value.labels) || hasMore(metadata, 'annotations', read.value.annotations);
  return ok({ ...read.value, ports, ...(isCut && { isCut }) });
}

/** Whether not all texts of the field were kept. */
function hasMore(metadata: Json | undefined, field: string, kept: Labels): boolean {
  const texts = isJsonObject(metadata) ? own(metadata, field) : undefined;
  return isJsonObject(texts) && Object.keys(texts).length > Object.keys(kept).length;
}

/** In place of those that are not looked at stands a text that no rule takes for an address: they are not passed over. */
function keptAddresses(spec: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(picked(spec, ADDRESS_FIELDS)).map(([field, list]) => [field, keptList(list)]),
  );
}

function keptList(list: Json): Json {
  if (!Array.isArray(list) || list.length <= MOST_ADDRESSES) return list;
  const all: readonly Json[] = list;
  return [...all.slice(0, MOST_ADDRESSES), `and ${all.length - MOST_ADDRESSES} more`];
}

function keptMetadata(metadata: JsonObject): JsonObject {
  return {
    ...picked(metadata, METADATA_FIELDS),
    ...keptTexts(metadata, 'labels'),
    ...keptTexts(metadata, 'annotations', keptAnnotations),
  };
}

function keptSpec(spec: JsonObject): JsonObject {
  const ports = own(spec, 'ports');
  return {
    ...picked(spec, SPEC_FIELDS),
    ...keptAddresses(spec),
    ...keptTexts(spec, 'selector'),
    ...(ports !== undefined && { ports: keptPorts(ports) }),
  };
}

/** Of any other annotation `required-annotations` may ask whether it is there, and what it says. */
function keptAnnotations(annotations: JsonObject): readonly Entry[] {
  return [
    ...annotationsRead(annotations),
    ...annotationsUnread(annotations).map(([key, value]) => [key, shortened(value)] as const),
  ];
}

/** As a string of its own: a slice would keep all of the other one alive. */
function shortened(value: Json): Json {
  if (typeof value !== 'string' || value.length <= LONGEST_OTHER) return value;
  return String(JSON.parse(JSON.stringify(value.slice(0, LONGEST_OTHER))));
}

const LEFT_OUT: JsonObject = Object.freeze({});

/** Ports keep their places: findings name them. What is no port stays, so that reading tells of it. */
function keptPorts(ports: Json): Json {
  if (!Array.isArray(ports)) return ports;
  const isKept = (port: Json, index: number): boolean =>
    index < MOST_UNNUMBERED || !isJsonObject(port) || (own(port, 'nodePort') ?? 0) !== 0;
  const all: readonly Json[] = ports;
  return all.slice(0, all.findLastIndex(isKept) + 1).map((port, index) => {
    if (!isKept(port, index)) return LEFT_OUT;
    return isJsonObject(port) ? picked(port, PORT_FIELDS) : port;
  });
}
