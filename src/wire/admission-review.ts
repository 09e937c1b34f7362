import type { Json, JsonObject } from '../domain/json.ts';
import { isJsonObject, own, sameJson } from '../domain/json.ts';
import type { HeldPort } from '../domain/inventory.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { ServiceRequest, Stage, User } from '../domain/request.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { formatRef, type Service } from '../domain/service.ts';
import { printable } from '../domain/text.ts';
import {
  booleanField,
  complain,
  isUnset,
  objectField,
  type Reading,
  startReading,
  textField,
  textListField,
} from './fields.ts';
import { guardJson } from './json-guard.ts';
import { found, MOST_PROBLEMS, type WireProblem } from './problem.ts';
import { readService } from './service.ts';

/** What every review says about itself, whether or not it is judged; the user is empty when unknown. */
export interface ReviewFacts {
  readonly uid: string;
  readonly operation: string;
  readonly objectType: Pick<ObjectRef, 'apiVersion' | 'kind'>;
  readonly namespace: string;
  /** Empty while only generateName is known. */
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
}

/** An AdmissionReview v1 request: a Service to judge, or something that is allowed untouched. */
export type Review =
  | (ReviewFacts & { readonly kind: 'service'; readonly request: ServiceRequest })
  | (ReviewFacts & { readonly kind: 'untouched'; readonly because: string });

interface Request extends ReviewFacts {
  readonly fields: JsonObject;
  readonly subResource: string;
  readonly account: User | undefined;
}

const JUDGED_SUBRESOURCES: ReadonlySet<string> = new Set(['', 'status']);
const JUDGED_OPERATIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE']);
const LONGEST_UID = 1024;
const NOTHING_HELD: readonly HeldPort[] = Object.freeze([]);
const HOW_TO_SEND = 'send an AdmissionReview of admission.k8s.io/v1';

/**
 * Reads a parsed JSON body. Guards it first (nesting, `__proto__`), so any value may be given. A review that names two
 * different namespaces or names is refused: the inventory must know which Service is meant.
 */
export function parseReview(body: unknown, stage: Stage): Result<Review, WireProblem> {
  const fault = guardJson(body);
  if (fault !== undefined) return problem('', fault);
  if (!isJsonObject(body)) return problem('', `${found(body)}; ${HOW_TO_SEND}`);
  if (own(body, 'apiVersion') !== 'admission.k8s.io/v1' || own(body, 'kind') !== 'AdmissionReview') {
    return problem('', `this is no AdmissionReview of admission.k8s.io/v1; ${HOW_TO_SEND}`);
  }
  const fields = own(body, 'request');
  return isJsonObject(fields) ? parseRequest(fields, stage) : problem('request', `${found(fields)}; ${HOW_TO_SEND}`);
}

function parseRequest(fields: JsonObject, stage: Stage): Result<Review, WireProblem> {
  const reading = startReading('request');
  const request = readRequest(reading, fields);
  const foreign = becauseForeign(reading, request);
  if (reading.problems.length > 0) return failed(reading.problems);
  if (foreign !== undefined) return untouched(request, foreign);
  const result = readObjects(request, stage);
  if (!result.ok) return result;
  const because = becauseExempt(result.value);
  const facts = { ...factsOf(request), name: result.value.service.name };
  return because === undefined ? ok({ kind: 'service', ...facts, request: result.value }) : untouched(facts, because);
}

function readRequest(reading: Reading, fields: JsonObject): Request {
  const uid = textField(reading, fields, 'uid');
  if (isMissing(fields, 'uid')) complain(reading, 'uid', 'this is missing; send a uid, it comes back in the answer');
  if (uid.length > LONGEST_UID) complain(reading, 'uid', `${uid.length} characters are too many; send a UUID`);
  const operation = textField(reading, fields, 'operation');
  if (isMissing(fields, 'operation')) complain(reading, 'operation', 'this is missing; send CREATE or UPDATE');
  const account = readUser(reading, fields);
  return {
    fields,
    uid,
    operation,
    objectType: readObjectType(reading, fields),
    namespace: textField(reading, fields, 'namespace'),
    name: textField(reading, fields, 'name'),
    subResource: textField(reading, fields, 'subResource'),
    account,
    user: account?.username ?? '',
    dryRun: booleanField(reading, fields, 'dryRun') ?? false,
  };
}

function isMissing(fields: JsonObject, key: string): boolean {
  const value = own(fields, key);
  return isUnset(value) || value === '';
}

function readObjectType(reading: Reading, fields: JsonObject): ReviewFacts['objectType'] {
  const type = objectField(reading, fields, 'kind');
  reading.parent = 'kind';
  const group = textField(reading, type, 'group');
  const version = textField(reading, type, 'version');
  const kind = textField(reading, type, 'kind');
  reading.parent = '';
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}

function readUser(reading: Reading, fields: JsonObject): User | undefined {
  const userInfo = objectField(reading, fields, 'userInfo');
  if (isUnset(own(fields, 'userInfo'))) return undefined;
  reading.parent = 'userInfo';
  const user = {
    username: textField(reading, userInfo, 'username'),
    groups: textListField(reading, userInfo, 'groups'),
  };
  reading.parent = '';
  return user;
}

/** Why the request does not concern node ports at all; undefined for the creation or update of a Service or its status. */
function becauseForeign(reading: Reading, { fields, objectType, subResource, operation }: Request): string | undefined {
  const resource = objectField(reading, fields, 'resource');
  if (isUnset(own(fields, 'resource'))) {
    complain(reading, 'resource', 'this is missing; send group, version and resource');
  }
  reading.parent = 'resource';
  const group = textField(reading, resource, 'group');
  const version = textField(reading, resource, 'version');
  const name = textField(reading, resource, 'resource');
  reading.parent = '';
  if (objectType.apiVersion !== 'v1' || objectType.kind !== 'Service') {
    return `${printable(objectType.apiVersion)} ${printable(objectType.kind)} is no v1 Service`;
  }
  const path = `${group}/${version}/${name}`;
  if (path !== '/v1/services') return `resource ${printable(path)} is no v1 Service`;
  if (!JUDGED_SUBRESOURCES.has(subResource)) return `services/${printable(subResource)} opens no node port`;
  return JUDGED_OPERATIONS.has(operation) ? undefined : `${printable(operation)} opens no node port`;
}

function readObjects(request: Request, stage: Stage): Result<ServiceRequest, WireProblem> {
  const { uid, operation, subResource, dryRun, account, namespace } = request;
  const problems: WireProblem[] = [];
  if (namespace === '') {
    problems.push({ path: 'request.namespace', message: 'this is missing; send the namespace of the Service' });
  }
  const service = readObject(request, 'object', problems);
  const oldService = operation === 'UPDATE' ? readObject(request, 'oldObject', problems) : undefined;
  if (service === undefined || problems.length > 0) return failed(problems.slice(0, MOST_PROBLEMS));
  return ok({
    uid,
    operation: operation === 'UPDATE' ? 'UPDATE' : 'CREATE',
    stage,
    origin: 'request',
    statusOnly: subResource === 'status',
    dryRun,
    user: account,
    service: asStored(service, oldService, request),
    oldService,
    heldAlready: NOTHING_HELD,
  });
}

/** An update may name the object only in the request; of a status update the API server takes no spec. */
function asStored(service: Service, old: Service | undefined, { subResource, name }: Request): Service {
  const named = service.name === '' && name !== '' ? { ...service, name } : service;
  if (subResource !== 'status' || old === undefined) return named;
  const { labels, annotations, deleting } = named;
  const raw = { ...named.raw, spec: specOf(old) };
  return { ...old, labels, annotations, deleting, raw };
}

function readObject(request: Request, key: 'object' | 'oldObject', problems: WireProblem[]): Service | undefined {
  const { fields, operation } = request;
  const path = `request.${key}`;
  const value = own(fields, key);
  if (isUnset(value)) {
    problems.push({ path, message: `this is missing; ${operation} of a Service needs it` });
    return undefined;
  }
  const result = readService(value, { path, authorship: 'object', namespace: request.namespace });
  if (!result.ok) {
    problems.push(...result.problems);
    return undefined;
  }
  const { namespace, name } = result.value;
  if (namespace !== request.namespace && request.namespace !== '') {
    problems.push(contradiction(`${path}.metadata.namespace`, namespace, `request.namespace: ${request.namespace}`));
  }
  if (name !== request.name && name !== '' && request.name !== '') {
    problems.push(contradiction(`${path}.metadata.name`, name, `request.name: ${request.name}`));
  }
  return result.value;
}

function contradiction(path: string, value: string, other: string): WireProblem {
  return { path, message: `${printable(value)} contradicts ${printable(other)}; send one and the same` };
}

/** Exemptions of single requests, never of what a Service looks like: its author controls that. */
function becauseExempt({ service, oldService, statusOnly, user }: ServiceRequest): string | undefined {
  if (user?.username === 'system:apiserver' && formatRef(service) === 'default/kubernetes') {
    return 'the API server keeps default/kubernetes itself';
  }
  if (oldService === undefined || !hasSameMetadata(service, oldService)) return undefined;
  if (statusOnly) return 'a status update that leaves labels and annotations alone';
  return service.deleting && sameJson(specOf(service), specOf(oldService))
    ? 'it is being deleted, and its spec, labels and annotations stay as they are'
    : undefined;
}

function hasSameMetadata(a: Service, b: Service): boolean {
  return sameJson(a.labels, b.labels) && sameJson(a.annotations, b.annotations);
}

function specOf({ raw }: Service): Json {
  return own(raw, 'spec') ?? {};
}

function factsOf({ uid, operation, objectType, namespace, name, user, dryRun }: ReviewFacts): ReviewFacts {
  return { uid, operation, objectType, namespace, name, user, dryRun };
}

function untouched(facts: ReviewFacts, because: string): Result<Review, WireProblem> {
  return ok({ kind: 'untouched', ...factsOf(facts), because });
}

function problem(path: string, message: string): Result<never, WireProblem> {
  return failed([{ path, message }]);
}
