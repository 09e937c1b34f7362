import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import { admit } from '../../src/engine/admit.ts';
import { manifest, requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { assigned, messages, nodePort, patch } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const LOCAL = { 'external-traffic-policy': { set: true } };
const CLOSED = { 'load-balancer-node-ports': { set: true } };
const pool = poolDocument('shop', '30100-30299');
const HTTP = { name: 'http', port: 80 };

interface Outcome {
  readonly patch: readonly string[];
  readonly assigned: readonly string[];
  readonly messages: readonly string[];
}

function ask(
  rules: JsonObject,
  object: JsonObject,
  request: Partial<ServiceRequest> = {},
  from: 'object' | 'manifest' = 'object',
): Outcome {
  const policy = policyOf(policyDocument(rules), pool);
  const verdict = admit(requestFor(serviceOf(object, from), request), policy, worldOf(), NOW);
  return { patch: patch(verdict), assigned: assigned(verdict), messages: messages(verdict) };
}

/** As the API server sends it: its defaults are in the object already. */
const defaulted = (spec: JsonObject = {}): JsonObject =>
  nodePort([HTTP], { externalTrafficPolicy: 'Cluster', ...spec });
const SET = 'add /spec/externalTrafficPolicy Local';
const NUMBER = 'add /spec/ports/0/nodePort 30259';
const WRONG = 'deny external-traffic-policy spec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local';

describe('set', () => {
  it('fills in on CREATE what the author did not write, before numbers are assigned', () => {
    expect(ask(LOCAL, defaulted())).toEqual({
      patch: [SET, NUMBER],
      assigned: ['http/TCP 30259 shop hash'],
      messages: [],
    });
  });

  it('that makes a health check necessary is followed by its port', () => {
    expect(ask(LOCAL, defaulted({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: true }))).toEqual({
      patch: [SET, NUMBER, 'add /spec/healthCheckNodePort 30130'],
      assigned: ['http/TCP 30259 shop hash', 'healthCheck/TCP 30130 shop hash'],
      messages: [],
    });
  });

  it('that makes numbers unnecessary assigns none', () => {
    expect(ask(CLOSED, defaulted({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: true }))).toEqual({
      patch: ['add /spec/allocateLoadBalancerNodePorts false'],
      assigned: [],
      messages: [],
    });
  });

  it('of several rules works together', () => {
    const object = defaulted({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: true });
    expect(ask({ ...CLOSED, ...LOCAL }, object).patch).toEqual([
      SET,
      'add /spec/allocateLoadBalancerNodePorts false',
      'add /spec/healthCheckNodePort 30130',
    ]);
  });

  it.each([
    ['the value is right already', defaulted({ externalTrafficPolicy: 'Local' })],
    ['the type is another', { spec: { type: 'ClusterIP', ports: [HTTP] } }],
  ])('does nothing where %s', (_, object) => {
    expect(ask(LOCAL, object).patch.filter((line) => line === SET)).toEqual([]);
  });

  it('does nothing without being asked to', () => {
    expect(ask({ 'external-traffic-policy': {} }, defaulted())).toEqual({
      patch: [NUMBER],
      assigned: ['http/TCP 30259 shop hash'],
      messages: [WRONG],
    });
  });
});

describe('set leaves a value alone, and the finding stands,', () => {
  const annotated = (value: string): JsonObject => ({
    ...defaulted(),
    metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': value } },
  });
  const applied = (operation: string, fields: JsonObject): JsonObject => ({
    ...defaulted(),
    metadata: { managedFields: [{ manager: 'x', operation, fieldsV1: { 'f:spec': fields } }] },
  });
  const OWNS = { 'f:externalTrafficPolicy': {} };
  const stands = { patch: [NUMBER], assigned: ['http/TCP 30259 shop hash'], messages: [WRONG] };

  it('that was applied with client-side apply', () => {
    const written = JSON.stringify({ spec: { externalTrafficPolicy: 'Cluster' } });
    expect(ask(LOCAL, annotated(written))).toEqual(stands);
    for (const silent of ['{"spec":{}}', '{"spec":{"externalTrafficPolicy":null}}', '{', 'null', '[]', '"x"']) {
      expect(ask(LOCAL, annotated(silent)).patch).toEqual([SET, NUMBER]);
    }
  });

  it('that was applied with server-side apply; an Update entry proves nothing', () => {
    expect(ask(LOCAL, applied('Apply', OWNS)).messages).toEqual([WRONG]);
    expect(ask(LOCAL, applied('Apply', { 'f:type': {} })).patch).toEqual([SET, NUMBER]);
    expect(ask(LOCAL, applied('Update', OWNS)).patch).toEqual([SET, NUMBER]);
  });

  it('that stands in a manifest', () => {
    expect(ask(LOCAL, defaulted(), {}, 'manifest')).toEqual(stands);
    expect(ask(LOCAL, nodePort([HTTP]), {}, 'manifest').patch).toEqual([SET, NUMBER]);
  });

  it('on UPDATE', () => {
    const oldService = serviceOf({ spec: { type: 'ClusterIP', ports: [HTTP] } });
    expect(ask(LOCAL, defaulted(), { oldService })).toEqual(stands);
  });

  it('at /validate', () => {
    const final = ask(LOCAL, manifest(nodePort([{ ...HTTP, nodePort: 30_100 }])), { stage: 'final' });
    expect(final).toEqual({ patch: [], assigned: ['http/TCP 30100 shop explicit'], messages: [WRONG] });
  });
});
