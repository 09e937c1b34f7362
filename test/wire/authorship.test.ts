import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { authorshipOfManifest, authorshipOfObject } from '../../src/wire/authorship.ts';

const HTTP = { index: 0, name: 'http', port: 80, protocol: 'TCP', nodePort: 30080 };
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function managed(...entries: readonly JsonObject[]): JsonObject {
  return { metadata: { managedFields: entries } };
}

function applied(text: string): JsonObject {
  return { metadata: { annotations: { [LAST_APPLIED]: text } } };
}

const OWNS_HTTP = { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:nodePort': {} } };

describe('who owns a node port', () => {
  it.each([
    ['no metadata', {}, 'unknown'],
    ['no entry', managed(), 'unknown'],
    ['a wiped list', managed({}), 'unknown'],
    ['text in place of the list', { metadata: { managedFields: 'x' } }, 'unknown'],
    ['an entry without it', managed({ fieldsV1: { 'f:spec': { 'f:type': {} } } }), 'nobody'],
    ['an entry with it', managed({ fieldsV1: {} }, { fieldsV1: { 'f:spec': { 'f:ports': OWNS_HTTP } } }), 'somebody'],
    [
      'another port',
      managed({ fieldsV1: { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"UDP"}': { 'f:nodePort': {} } } } } }),
      'nobody',
    ],
    ['wrong types on the way', managed({ fieldsV1: { 'f:spec': ['f:ports'] } }), 'nobody'],
  ])('%s', (_, raw, owner) => {
    expect(authorshipOfObject(raw).ownerOfNodePort(HTTP)).toBe(owner);
  });

  it.each([
    ['nobody without the field', { 'f:type': {} }, 'nobody'],
    ['somebody with it', { 'f:healthCheckNodePort': {} }, 'somebody'],
  ])('health check: %s', (_, fields, owner) => {
    const raw = managed({ fieldsV1: { 'f:spec': fields } });
    expect(authorshipOfObject(raw).ownerOfHealthCheckNodePort()).toBe(owner);
  });

  it('is unknown for a manifest', () => {
    const { ownerOfNodePort, ownerOfHealthCheckNodePort } = authorshipOfManifest(
      managed({ fieldsV1: { 'f:spec': { 'f:ports': OWNS_HTTP } } }),
    );
    expect([ownerOfNodePort(HTTP), ownerOfHealthCheckNodePort()]).toEqual(['unknown', 'unknown']);
  });
});

describe('who wrote a field of spec', () => {
  it.each([
    ['last-applied has it', applied('{"spec":{"externalTrafficPolicy":"Cluster"}}'), true],
    ['last-applied has null', applied('{"spec":{"externalTrafficPolicy":null}}'), false],
    ['last-applied lacks it', applied('{"spec":{"type":"NodePort"}}'), false],
    ['last-applied is cut off', applied('{"spec":{"externalTrafficPolicy'), false],
    ['last-applied is a number', applied('5'), false],
    ['last-applied reaches for the prototype', applied('{"__proto__":{"spec":{"externalTrafficPolicy":1}}}'), false],
    [
      'an Apply entry has it',
      managed({ operation: 'Apply', fieldsV1: { 'f:spec': { 'f:externalTrafficPolicy': {} } } }),
      true,
    ],
    [
      'an Update entry has it, which proves nothing after defaulting',
      managed({ operation: 'Update', fieldsV1: { 'f:spec': { 'f:externalTrafficPolicy': {} } } }),
      false,
    ],
  ])('%s', (_, raw, wrote) => {
    expect(authorshipOfObject(raw).wroteSpecField('externalTrafficPolicy')).toBe(wrote);
  });

  it.each([
    [{ spec: { externalTrafficPolicy: 'Local' } }, true],
    [{ spec: { externalTrafficPolicy: null } }, false],
    [{ spec: {} }, false],
    [{}, false],
  ])('in the manifest %j', (raw, wrote) => {
    expect(authorshipOfManifest(raw).wroteSpecField('externalTrafficPolicy')).toBe(wrote);
  });
});
