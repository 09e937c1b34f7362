import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { World } from '../../src/domain/world.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide, type Decision, type Door } from '../../src/engine/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { messages, nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const INCOMPLETE = worldOf([], { complete: false });
const DOORS: readonly Door[] = ['mutate', 'validate', 'dry-run', 'check', 'audit'];
const NOT_LISTED = 'cannot be judged: the Services of the cluster are not all listed yet; try again in a moment';
const NO_LABELS =
  'cannot be judged: the labels of namespace shop are not known; try again, or send its Namespace object along';
const web = nodePort([{ name: 'http', port: 80, nodePort: 30_100 }]);
const SELECTOR = { namespaceSelector: { matchLabels: { tier: 'web' } } };

function ask(policy: Policy, world: World, object: JsonObject = web, old?: JsonObject): Verdict {
  const oldService = old === undefined ? undefined : serviceOf(old);
  return admit(requestFor(serviceOf(object), { oldService }), policy, world, NOW);
}

function conflictPolicy(spec: JsonObject = {}, entry: JsonObject = {}): Policy {
  return policyOf(policyDocument({ 'node-port-conflict': entry }, spec));
}

/** What each door answers. */
function decisions(verdict: Verdict): Readonly<Record<string, Pick<Decision, 'allowed' | 'message' | 'warnings'>>> {
  return Object.fromEntries(
    DOORS.map((door) => {
      const { allowed, message, warnings } = decide(verdict, door);
      return [door, { allowed, message, warnings }];
    }),
  );
}

function everywhereButMutate(answer: object): object {
  const mutate = { allowed: true, message: '', warnings: [] };
  return { mutate, validate: answer, 'dry-run': answer, check: answer, audit: answer };
}

const denied = (text: string): object => ({ allowed: false, message: text, warnings: [] });
const warned = (...texts: readonly string[]): object => ({ allowed: true, message: '', warnings: texts });

describe('an inventory that is not complete', () => {
  it('makes a rule that needs it undetermined: a warning', () => {
    const verdict = ask(conflictPolicy(), INCOMPLETE);
    expect(verdict.findings).toEqual([]);
    expect(verdict.undetermined).toEqual([
      { rule: 'node-port-conflict', needs: 'inventory', enforcement: 'deny', denies: false, message: NOT_LISTED },
    ]);
    expect(decisions(verdict)).toEqual(everywhereButMutate(warned(`${NOT_LISTED} [node-port-conflict]`)));
  });

  it('denies under undetermined: deny, everywhere but in /mutate', () => {
    const verdict = ask(conflictPolicy({ undetermined: 'deny' }), INCOMPLETE);
    expect(decisions(verdict)).toEqual(everywhereButMutate(denied(`${NOT_LISTED} [node-port-conflict]`)));
  });

  it.each([
    ['warn', warned(`${NOT_LISTED} [node-port-conflict]`)],
    ['audit', warned()],
  ])('denies no rule whose enforcement is %s', (enforcement, answer) => {
    const byRule = ask(conflictPolicy({ undetermined: 'deny' }, { enforcement }), INCOMPLETE);
    expect(decisions(byRule)).toEqual(everywhereButMutate(answer));
    const byLimit = ask(conflictPolicy({ undetermined: 'deny', maxEnforcement: enforcement }), INCOMPLETE);
    expect(decisions(byLimit)).toEqual(everywhereButMutate(answer));
  });

  it('is enough to find a conflict', () => {
    const holder = serviceOf({ ...web, metadata: { namespace: 'other' } });
    const verdict = ask(conflictPolicy({ undetermined: 'deny' }), worldOf([holder], { complete: false }));
    expect([verdict.undetermined, verdict.findings.map(({ messageId }) => messageId)]).toEqual([[], ['held']]);
  });

  it('does not stop an update that opens nothing new', () => {
    expect(ask(conflictPolicy({ undetermined: 'deny' }), INCOMPLETE, web, web).undetermined).toEqual([]);
    const more = nodePort([
      { name: 'http', port: 80, nodePort: 30_100 },
      { name: 'b', port: 81, nodePort: 30_101 },
    ]);
    expect(ask(conflictPolicy({ undetermined: 'deny' }), INCOMPLETE, more, web).undetermined).toHaveLength(1);
  });

  it('concerns no Service that opens nothing', () => {
    expect(ask(conflictPolicy(), INCOMPLETE, nodePort([{ port: 80 }], { type: 'ClusterIP' })).undetermined).toEqual([]);
  });
});

describe('the presets', () => {
  const preset = (name: string, spec: JsonObject = {}): Policy =>
    policyOf({ kind: 'NodePortPolicy', metadata: { name }, spec: { preset: name, ...spec } });
  const isDenied = (policy: Policy): boolean =>
    decide(ask(policy, INCOMPLETE), 'validate').undeterminedDenials.length > 0;

  it('restricted denies what it cannot know, baseline does not; undetermined overrides both', () => {
    expect(isDenied(preset('restricted'))).toBe(true);
    expect(isDenied(preset('restricted', { undetermined: 'warn' }))).toBe(false);
    expect(isDenied(preset('baseline'))).toBe(false);
    expect(isDenied(preset('baseline', { undetermined: 'deny' }))).toBe(true);
  });
});

describe('labels of a namespace that nobody knows', () => {
  const selecting = policyOf(
    policyDocument(
      { 'node-port-conflict': {}, 'node-port-range': { ranges: ['31000-31999'], enforcement: 'warn' } },
      { match: SELECTOR, undetermined: 'deny' },
    ),
  );
  const holder = serviceOf({ ...web, metadata: { namespace: 'other' } });

  it('make every rule undetermined that would object, if its policy is meant', () => {
    const verdict = ask(selecting, worldOf([holder]));
    expect(verdict.findings).toEqual([]);
    expect(verdict.undetermined).toEqual([
      { rule: 'node-port-conflict', needs: 'namespace', enforcement: 'deny', denies: true, message: NO_LABELS },
      { rule: 'node-port-range', needs: 'namespace', enforcement: 'warn', denies: false, message: NO_LABELS },
    ]);
  });

  it('do not matter to a rule that is satisfied either way', () => {
    const fine = nodePort([{ name: 'http', port: 80, nodePort: 31_100 }]);
    const verdict = ask(selecting, worldOf([holder]), fine);
    expect([verdict.judged, verdict.findings, verdict.undetermined]).toEqual([true, [], []]);
  });

  it('weigh what they leave open: nothing that already runs is denied for them', () => {
    const { undetermined } = ask(selecting, worldOf([holder]), web, web);
    expect(undetermined.map(({ rule, enforcement, denies }) => [rule, enforcement, denies])).toEqual([
      ['node-port-conflict', 'warn', false],
      ['node-port-range', 'warn', false],
    ]);
  });

  it('known, they decide', () => {
    const world = (tier: string): World => worldOf([holder], { labels: { shop: { tier } } });
    expect(ask(selecting, world('web')).undetermined).toEqual([]);
    expect(ask(selecting, world('web')).findings).toHaveLength(2);
    expect(ask(selecting, world('db')).judged).toBe(false);
  });

  it('do not matter where the policy excludes the namespace by name', () => {
    const excluded = policyOf(
      policyDocument({ 'node-port-conflict': {} }, { match: { ...SELECTOR, excludeNamespaces: ['shop'] } }),
    );
    expect(ask(excluded, worldOf()).judged).toBe(false);
  });

  it('never make an absolute rule undetermined: it denies all the same', () => {
    const absolute = policyOf(
      policyDocument({ 'external-name-node-port': {} }, { match: SELECTOR, undetermined: 'warn' }),
    );
    const parked = nodePort([{ name: 'http', port: 80, nodePort: 22 }], { type: 'ExternalName' });
    const verdict = ask(absolute, worldOf(), parked);
    expect(verdict.undetermined).toEqual([]);
    expect(messages(verdict)).toEqual([
      'deny external-name-node-port spec.ports[0].nodePort: 22 on an ExternalName is not open yet, but would be after a change of type; remove it',
    ]);
    const harmless = ask(absolute, worldOf(), nodePort([{ port: 80 }], { type: 'ClusterIP' }));
    expect([harmless.findings, harmless.undetermined]).toEqual([[], []]);
  });

  it("leave open whether a port of a pool that selects by them is the Service's own", () => {
    const pools = policyOf(
      policyDocument({ 'node-port-pool': {} }, { undetermined: 'deny' }),
      { kind: 'NodePortPool', metadata: { name: 'web' }, spec: { ports: ['30100-30199'], ...SELECTOR } },
      poolDocument('vip', '30200-30299', { namespaces: ['vip'] }),
    );
    expect(decisions(ask(pools, worldOf()))).toEqual(everywhereButMutate(denied(`${NO_LABELS} [node-port-pool]`)));
    // Whoever it turns out to be, a port of somebody else's pool is not its own.
    const foreign = ask(pools, worldOf(), nodePort([{ name: 'http', port: 80, nodePort: 30_200 }]));
    expect([foreign.undetermined, foreign.findings.map(({ messageId }) => messageId)]).toEqual([[], ['ownedByOther']]);
  });
});

describe('several policies that cannot know', () => {
  it('are told of once for each rule, as strictly as any of them is', () => {
    const policy = policyOf(
      policyDocument({ 'node-port-conflict': { enforcement: 'warn' } }, { undetermined: 'deny' }, 'a'),
      policyDocument({ 'node-port-conflict': {} }, { undetermined: 'deny' }, 'b'),
      policyDocument({ 'node-port-conflict': {} }, { undetermined: 'warn' }, 'c'),
    );
    expect(ask(policy, INCOMPLETE).undetermined).toEqual([
      { rule: 'node-port-conflict', needs: 'inventory', enforcement: 'deny', denies: true, message: NOT_LISTED },
    ]);
  });
});
