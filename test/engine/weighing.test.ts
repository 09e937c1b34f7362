import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { World } from '../../src/domain/world.ts';
import { admit } from '../../src/engine/admit.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const TRAFFIC = policyDocument({ 'external-traffic-policy': {} });
const RANGE = policyDocument({ 'node-port-range': { ranges: ['30000-30999'] } });
const BOTH = policyDocument({ 'external-traffic-policy': {}, 'node-port-range': { ranges: ['30000-30999'] } });

function exception(spec: JsonObject, name = 'legacy'): JsonObject {
  const defaults = { namespaces: ['shop'], reason: 'vendor', expires: '2099-12-31' };
  return { kind: 'NodePortException', metadata: { name }, spec: { ...defaults, ...spec } };
}

interface Situation {
  readonly now?: Date;
  readonly world?: World;
  readonly old?: JsonObject;
  readonly stage?: 'proposed' | 'final';
}

function ask(
  policy: Policy,
  object: JsonObject,
  { now = NOW, world = worldOf(), old, stage = 'final' }: Situation = {},
): Verdict {
  const oldService = old === undefined ? undefined : serviceOf(old, 'object');
  return admit(requestFor(serviceOf(object, 'object'), { stage, oldService }), policy, world, now);
}

/** `deny external-traffic-policy spec.externalTrafficPolicy`, with what weakened it. */
function weighed({ findings }: Verdict): readonly string[] {
  return findings.map(({ enforcement, rule, field, exception: by, suppressed, alreadyThere }) =>
    [
      enforcement,
      rule,
      field,
      ...(by === undefined ? [] : [`excused by ${by}`]),
      ...(suppressed === undefined ? [] : [`suppressed: ${suppressed}`]),
      ...(alreadyThere ? ['already there'] : []),
    ].join(' '),
  );
}

const DENIED = 'deny external-traffic-policy spec.externalTrafficPolicy';
const EXCUSED = 'audit external-traffic-policy spec.externalTrafficPolicy excused by legacy';
const open = (nodePortNumber: number, name = 'http', port = 80): JsonObject => ({
  name,
  port,
  nodePort: nodePortNumber,
});
const web = nodePort([open(30_080)]);

describe('an exception', () => {
  it('excuses a rule that it names: audit, with its name', () => {
    const verdict = ask(policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'] })), web);
    expect(verdict.findings).toEqual([
      {
        rule: 'external-traffic-policy',
        messageId: 'differs',
        enforcement: 'audit',
        path: ['spec', 'externalTrafficPolicy'],
        field: 'spec.externalTrafficPolicy',
        message: 'spec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local',
        value: 'Cluster',
        fix: { path: ['spec', 'externalTrafficPolicy'], value: 'Local' },
        policies: ['test'],
        exception: 'legacy',
        preemptsApiServer: false,
        alreadyThere: false,
      },
    ]);
    expect(verdict.notices).toEqual([]);
  });

  it('excuses no other rule', () => {
    expect(weighed(ask(policyOf(TRAFFIC, exception({ rules: ['source-cidrs'] })), web))).toEqual([DENIED]);
  });

  it.each([
    ['an exact name', { services: ['web'] }, EXCUSED],
    ['a glob', { services: ['x*', 'w*b'] }, EXCUSED],
    ['a part of the name', { services: ['we'] }, DENIED],
    ['half a name', { services: ['*e'] }, DENIED],
    ['another namespace', { namespaces: ['sho', 'shops'] }, DENIED],
    ['a glob of namespaces', { namespaces: ['s*p'] }, EXCUSED],
    ['labels of the namespace', { namespaceSelector: { matchLabels: { tier: 'legacy' } } }, EXCUSED],
    ['labels that differ', { namespaceSelector: { matchLabels: { tier: 'new' } } }, DENIED],
    [
      'labels and another name',
      { namespaces: ['erp'], namespaceSelector: { matchLabels: { tier: 'legacy' } } },
      DENIED,
    ],
  ])('matches by %s', (_, spec, expected) => {
    const policy = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], ...spec }));
    const world = worldOf([], { labels: { shop: { tier: 'legacy' } } });
    expect(weighed(ask(policy, web, { world }))).toEqual([expected]);
  });

  it('with a selector excuses nothing while the labels are not known', () => {
    const selector = { namespaceSelector: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] } };
    const policy = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], ...selector }));
    expect(weighed(ask(policy, web))).toEqual([DENIED]);
  });

  it('with services excuses no Service that has no name yet', () => {
    const policy = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], services: ['web'] }));
    expect(weighed(ask(policy, { ...web, metadata: { name: '', generateName: 'web' } }))).toEqual([DENIED]);
  });
});

describe('the ports of an exception', () => {
  const port = (at: number): string => `spec.ports[${at}].nodePort`;

  it('excuse a port finding about exactly these numbers', () => {
    const policy = policyOf(RANGE, exception({ rules: ['node-port-range'], ports: ['31443-31444'] }));
    const verdict = ask(policy, nodePort([open(31_443), open(31_442, 'a', 81), open(31_445, 'b', 82)]));
    expect(weighed(verdict)).toEqual([
      `audit node-port-range ${port(0)} excused by legacy`,
      `deny node-port-range ${port(1)}`,
      `deny node-port-range ${port(2)}`,
    ]);
  });

  it('excuse a finding about the object only while they cover everything that it opens', () => {
    const policy = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], ports: ['30080'] }));
    expect(weighed(ask(policy, web))).toEqual([EXCUSED]);
    expect(weighed(ask(policy, nodePort([open(30_080), open(30_081, 'admin', 81)])))).toEqual([DENIED]);
    const balancer = { type: 'LoadBalancer', healthCheckNodePort: 30_999 };
    expect(weighed(ask(policy, nodePort([open(30_080)], balancer)))).toEqual([DENIED]);
  });

  it('cover no number that is still to come', () => {
    const policy = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], ports: ['30080'] }));
    const unset = nodePort([{ name: 'http', port: 80 }]);
    expect(weighed(ask(policy, unset, { stage: 'proposed' }))).toEqual([DENIED]);
    expect(weighed(ask(policy, nodePort([open(30_080), { name: 'b', port: 81 }]), { stage: 'proposed' }))).toEqual([
      DENIED,
    ]);
  });

  it('do not make room in a full pool', () => {
    const pool = { kind: 'NodePortPool', metadata: { name: 'shop' }, spec: { ports: ['30100'], namespaces: ['shop'] } };
    const excuse = exception({ rules: ['node-port-pool'], ports: ['30150'] });
    const other = serviceOf({ ...nodePort([open(30_100)]), metadata: { name: 'other' } });
    const policy = policyOf(policyDocument({ 'node-port-pool': {} }), pool, excuse);
    const unset = nodePort([{ name: 'http', port: 80 }]);
    expect(weighed(ask(policy, unset, { stage: 'proposed', world: worldOf([other]) }))).toEqual([
      `deny node-port-pool ${port(0)}`,
    ]);
  });
});

describe('the end of an exception', () => {
  const policy = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], expires: '2027-03-31' }));
  const NOTICE = 'exception legacy ends after 2027-03-31 (UTC); fix the Service or renew the exception';

  it.each([
    ['2026-11-21T12:00:00.000Z', EXCUSED, []],
    ['2027-03-17T23:59:59.999Z', EXCUSED, []],
    ['2027-03-18T00:00:00.000Z', EXCUSED, [NOTICE]],
    ['2027-03-31T23:59:59.999Z', EXCUSED, [NOTICE]],
    ['2027-04-01T00:00:00.000Z', DENIED, []],
    ['2030-01-01T00:00:00.000Z', DENIED, []],
  ])('at %s', (at, expected, notices) => {
    const verdict = ask(policy, web, { now: new Date(at) });
    expect([weighed(verdict), verdict.notices]).toEqual([[expected], notices]);
  });

  it.each([
    ['2028-02-29', '2028-02-29T23:59:59.999Z', '2028-03-01T00:00:00.000Z'],
    ['2026-12-31', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
  ])('on %s is the next midnight in UTC', (expires, last, first) => {
    const chosen = policyOf(TRAFFIC, exception({ rules: ['external-traffic-policy'], expires }));
    expect(weighed(ask(chosen, web, { now: new Date(last) }))).toEqual([EXCUSED]);
    expect(weighed(ask(chosen, web, { now: new Date(first) }))).toEqual([DENIED]);
  });

  it('is announced only to Services that need it', () => {
    const local = nodePort([open(30_080)], { externalTrafficPolicy: 'Local' });
    expect(ask(policy, local, { now: new Date('2027-03-31T12:00:00Z') }).notices).toEqual([]);
  });

  it('does not break what already runs, but nothing may be added', () => {
    const now = new Date('2027-04-01T00:00:00.000Z');
    expect(weighed(ask(policy, web, { now, old: web }))).toEqual([
      'warn external-traffic-policy spec.externalTrafficPolicy already there',
    ]);
    const more = nodePort([open(30_080), open(30_081, 'admin', 81)]);
    expect(weighed(ask(policy, more, { now, old: web }))).toEqual([DENIED]);
  });
});

describe('a suppression', () => {
  const suppressed = (reason: string, rule = 'external-traffic-policy', object = web): JsonObject => ({
    ...object,
    metadata: { annotations: { [`ignore.nodeport-gate.dev/${rule}`]: reason } },
  });
  const allowing = policyOf(
    policyDocument(
      { 'external-traffic-policy': {}, 'node-port-range': {} },
      { allowSuppressions: ['external-traffic-policy'] },
    ),
  );

  it('is honoured where the policy lists the rule', () => {
    expect(weighed(ask(allowing, suppressed('  vendor appliance ')))).toEqual([
      'audit external-traffic-policy spec.externalTrafficPolicy suppressed: vendor appliance',
    ]);
  });

  it.each(['', ' ', '\t\n'])('needs a reason: %j is none', (reason) => {
    expect(weighed(ask(allowing, suppressed(reason)))).toEqual([DENIED]);
  });

  it('is not honoured elsewhere', () => {
    expect(weighed(ask(policyOf(TRAFFIC), suppressed('please')))).toEqual([DENIED]);
    expect(weighed(ask(allowing, suppressed('please', 'External-Traffic-Policy')))).toEqual([DENIED]);
  });

  it('never concerns a rule that guards ports, whatever a policy made by other means says', () => {
    const forged: Policy = {
      ...allowing,
      policies: allowing.policies.map((policy) => ({ ...policy, allowSuppressions: ['node-port-range'] })),
    };
    const verdict = ask(
      forged,
      suppressed('please', 'node-port-range', nodePort([open(29_999)], { externalTrafficPolicy: 'Local' })),
    );
    expect(weighed(verdict)).toEqual(['deny node-port-range spec.ports[0].nodePort']);
  });

  it('cannot forge the report: its reason is escaped and cut', () => {
    const [finding] = ask(allowing, suppressed(`a\r\nb\u001b[31m\u202e${'x'.repeat(200)}`)).findings;
    expect(finding?.suppressed).toBe(`a\\u000d\\u000ab\\u001b[31m\\u202e${'x'.repeat(33)}…`);
  });
});

describe('enforcement', () => {
  it.each([
    ['deny', 'deny', 'deny'],
    ['deny', 'warn', 'warn'],
    ['deny', 'audit', 'audit'],
    ['warn', 'deny', 'warn'],
    ['audit', 'warn', 'audit'],
  ])('%s under maxEnforcement %s is %s', (enforcement, maxEnforcement, expected) => {
    const policy = policyOf(policyDocument({ 'external-traffic-policy': { enforcement } }, { maxEnforcement }));
    expect(weighed(ask(policy, web))).toEqual([`${expected} external-traffic-policy spec.externalTrafficPolicy`]);
  });

  it.each([
    ['deny', 'warn'],
    ['warn', 'warn'],
    ['audit', 'audit'],
  ])('%s of a message that is limited to warn is %s', (enforcement, expected) => {
    const policy = policyOf(policyDocument({ 'source-cidrs': { enforcement } }));
    const object = {
      ...nodePort([open(30_080)], { ipFamilies: ['IPv4', 'IPv6'] }),
      metadata: { annotations: { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8' } },
    };
    expect(weighed(ask(policy, object))).toEqual([
      `${expected} source-cidrs metadata.annotations[nodeport-gate.dev/source-cidrs]`,
    ]);
  });

  it('of a rule that yields: the pool says nothing where the range says it as strictly', () => {
    const pool = { kind: 'NodePortPool', metadata: { name: 'shop' }, spec: { ports: ['30100'], namespaces: ['shop'] } };
    const rules = (range: string, owned: string): Policy =>
      policyOf(
        policyDocument({ 'node-port-range': { enforcement: range }, 'node-port-pool': { enforcement: owned } }),
        pool,
      );
    const outside = nodePort([open(29_999)]);
    const FIELD = 'spec.ports[0].nodePort';
    expect(weighed(ask(rules('deny', 'deny'), outside))).toEqual([`deny node-port-range ${FIELD}`]);
    expect(weighed(ask(rules('deny', 'warn'), outside))).toEqual([`deny node-port-range ${FIELD}`]);
    expect(weighed(ask(rules('warn', 'deny'), outside))).toEqual([
      `deny node-port-pool ${FIELD}`,
      `warn node-port-range ${FIELD}`,
    ]);
  });
});

describe('several policies', () => {
  const weak = policyDocument({ 'external-traffic-policy': { enforcement: 'warn' } }, {}, 'weak');
  const strict = policyDocument({ 'external-traffic-policy': {} }, {}, 'strict');
  const other = policyDocument({ 'node-port-range': { ranges: ['30000-30999'] } }, {}, 'other');

  it('make one finding of one rule and field: the strictest, with all of them named', () => {
    const verdict = ask(policyOf(weak, strict, other), nodePort([open(31_000)]));
    expect(verdict.findings.map(({ enforcement, rule, policies }) => [enforcement, rule, policies])).toEqual([
      ['deny', 'node-port-range', ['other']],
      ['deny', 'external-traffic-policy', ['strict', 'weak']],
    ]);
  });

  it('suppress only where all of them let it be suppressed', () => {
    const lenient = policyDocument(
      { 'external-traffic-policy': {} },
      { allowSuppressions: ['external-traffic-policy'] },
      'lenient',
    );
    const object = { ...web, metadata: { annotations: { 'ignore.nodeport-gate.dev/external-traffic-policy': 'x' } } };
    expect(weighed(ask(policyOf(lenient, strict), object))).toEqual([DENIED]);
    expect(weighed(ask(policyOf(lenient), object))).toEqual([
      'audit external-traffic-policy spec.externalTrafficPolicy suppressed: x',
    ]);
  });

  it('keep all findings of one field from the strictest of them', () => {
    const cidrs = (name: string, within: string, enforcement: string): JsonObject =>
      policyDocument({ 'source-cidrs': { within: [within], enforcement } }, {}, name);
    const object = {
      ...web,
      metadata: { annotations: { 'nodeport-gate.dev/source-cidrs': '192.0.2.0/24, 198.51.100.0/24' } },
    };
    const verdict = ask(policyOf(cidrs('a', '192.0.2.0/24', 'warn'), cidrs('b', '10.0.0.0/8', 'deny')), object);
    expect(verdict.findings.map(({ enforcement, value, policies }) => [enforcement, value, policies])).toEqual([
      ['deny', '192.0.2.0/24', ['a', 'b']],
      ['deny', '198.51.100.0/24', ['a', 'b']],
    ]);
  });
});

it('weighs two rules of one policy apart', () => {
  const policy = policyOf(BOTH, exception({ rules: ['external-traffic-policy'] }));
  expect(weighed(ask(policy, nodePort([open(31_000)])))).toEqual([
    EXCUSED,
    'deny node-port-range spec.ports[0].nodePort',
  ]);
});
