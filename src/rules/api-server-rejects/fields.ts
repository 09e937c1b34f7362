import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { type Path, valueAt } from '../../domain/path.ts';
import { quoted } from '../define.ts';
import { type Check, loosely, type Say, shown } from './messages.ts';

type FieldType = 'string' | 'boolean' | 'number' | 'number or string' | 'list' | 'strings' | 'object';

type Fields = ReadonlyMap<string, FieldType>;

/** core/v1 Service, k8s.io/api v0.30 to v0.37. */
const SERVICE = fields(['string', 'apiVersion kind'], ['object', 'metadata spec status']);
const METADATA = fields(
  ['string', 'name generateName namespace selfLink uid resourceVersion creationTimestamp deletionTimestamp'],
  ['number', 'generation deletionGracePeriodSeconds'],
  ['object', 'labels annotations'],
  ['list', 'ownerReferences finalizers managedFields'],
);
const SPEC = fields(
  ['string', 'type clusterIP externalName externalTrafficPolicy internalTrafficPolicy ipFamilyPolicy'],
  ['string', 'loadBalancerClass loadBalancerIP sessionAffinity trafficDistribution'],
  ['boolean', 'allocateLoadBalancerNodePorts publishNotReadyAddresses'],
  ['number', 'healthCheckNodePort'],
  ['object', 'selector sessionAffinityConfig'],
  ['strings', 'clusterIPs externalIPs ipFamilies loadBalancerSourceRanges'],
  ['list', 'ports'],
);
const PORT = fields(
  ['string', 'name protocol appProtocol'],
  ['number', 'port nodePort'],
  ['number or string', 'targetPort'],
);
const AFFINITY = fields(['object', 'clientIP']);
const CLIENT_IP = fields(['number', 'timeoutSeconds']);

/** Where a field may have been meant to stand. */
const PLACES: readonly (readonly [string, Fields])[] = [
  ['spec', SPEC],
  ['spec.ports[]', PORT],
  ['metadata', METADATA],
];

const EXPECTED: Readonly<Record<FieldType, string>> = {
  string: 'a string, in quotes',
  boolean: 'true or false, without quotes',
  number: 'a whole number, without quotes',
  'number or string': 'a number or the name of a port',
  list: 'a list',
  strings: 'a list of strings',
  object: 'keys with values',
};

/** Such a Service does not get as far as validation. */
const UNDECODABLE = {
  found: 'an empty string, which the API server cannot decode as a number',
  expected: 'a number without quotes, or remove the line',
};

/**
 * What was sent, before the gate put numbers into it.
 *
 * kubectl asks for strict decoding, where an unknown field is an error (fieldValidation=Strict); Go is case-sensitive here.
 * Without it the field is silently dropped, and the Service does something else than its manifest says.
 */
export const checkFields: Check = ({ written }, say) => {
  checkObject(written, [], SERVICE, say);
  checkObject(written, ['metadata'], METADATA, say);
  checkObject(written, ['spec'], SPEC, say);
  const ports = valueAt(written, ['spec', 'ports']);
  if (Array.isArray(ports)) ports.forEach((_, index) => checkObject(written, ['spec', 'ports', index], PORT, say));
  checkObject(written, ['spec', 'sessionAffinityConfig'], AFFINITY, say);
  checkObject(written, ['spec', 'sessionAffinityConfig', 'clientIP'], CLIENT_IP, say);
};

function checkObject(written: JsonObject, path: Path, known: Fields, say: Say): void {
  const object = valueAt(written, path);
  if (!isJsonObject(object)) return;
  for (const [key, value] of Object.entries(object)) {
    const type = known.get(key);
    if (type === undefined) {
      say('unknownField', [...path, key], { key: quoted(key), advice: meantBy(key, known) }, { value: key });
    } else if (value !== null && !isOfType(value, type)) {
      const fault =
        type === 'number' && value === '' ? UNDECODABLE : { found: foundIn(value), expected: EXPECTED[type] };
      say('wrongType', [...path, key], { value: shown(value), ...fault }, { value });
    }
  }
}

function meantBy(key: string, known: Fields): string {
  const similar = nameLike(key, known);
  if (similar !== undefined) return `write ${similar}`;
  for (const [place, others] of PLACES) {
    const elsewhere = nameLike(key, others);
    if (elsewhere !== undefined) return `write ${elsewhere} in ${place}`;
  }
  return 'correct its spelling or remove it';
}

function nameLike(key: string, known: Fields): string | undefined {
  return [...known.keys()].find((name) => loosely(name) === loosely(key));
}

function isOfType(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'number':
      return Number.isInteger(value);
    case 'number or string':
      return Number.isInteger(value) || typeof value === 'string';
    case 'list':
      return Array.isArray(value);
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'object':
      return isJsonObject(value);
    default:
      return typeof value === type;
  }
}

function foundIn(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'not whole';
  if (Array.isArray(value)) return 'of other things';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function fields(...byType: readonly (readonly [FieldType, string])[]): Fields {
  return new Map(byType.flatMap(([type, names]) => names.split(' ').map((name) => [name, type] as const)));
}
