import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { Reservation, World } from '../../src/domain/world.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { manifest, requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { assigned, held, managed, messages, nodePort, patch } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const RULES = policyDocument({ 'node-port-pool': {}, 'node-port-conflict': {}, 'node-port-range': {} });
const policy = policyOf(RULES, poolDocument('shop', '30100-30299'));
const HTTP = { name: 'http', port: 80 };
const DNS = { name: 'dns', port: 53 };
/** The first choices of shop/web/http/TCP in 30100-30299. */
const [HOME, SECOND, THIRD] = [30_259, 30_214, 30_122];

interface Asked extends Partial<ServiceRequest> {
  readonly policy?: Policy;
  readonly world?: World;
}

/** A Service as the API server sends it: the numbers at these positions have an owner, the others do not. */
function ask(object: JsonObject, owned: readonly number[], given: Asked = {}): Verdict {
  const { policy: chosen = policy, world = worldOf(), ...request } = given;
  const service = serviceOf(managed(manifest(object), owned), 'object');
  return admit(requestFor(service, request), chosen, world, NOW);
}

function remembering(...all: readonly Reservation[]): World {
  return worldOf([], {
    reservations: {
      of: (number) => all.find((one) => one.number === number),
      find: (owner, key) => all.find((one) => one.owner === owner && one.key === key),
    },
  });
}

const final = { stage: 'final' } as const;

describe('a number that nobody wrote, at /validate', () => {
  it("is the gate's own where the gate would assign it now", () => {
    const verdict = ask(nodePort([{ ...HTTP, nodePort: HOME }]), [], final);
    expect([assigned(verdict), messages(verdict), patch(verdict)]).toEqual([[`http/TCP ${HOME} shop hash`], [], []]);
  });

  it("is the API server's pick elsewhere in the pool, and allowed", () => {
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 30_100 }]), [], final);
    expect([assigned(verdict), messages(verdict)]).toEqual([['http/TCP 30100 shop api-server'], []]);
  });

  it('outside the pool is denied, and a retry helps', () => {
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 31_999 }]), [], final);
    const text = `31999 was picked by the API server, outside pool shop, while the gate could not assign; retry and it will be ${HOME}`;
    expect(assigned(verdict)).toEqual(['http/TCP 31999 - api-server']);
    expect(messages(verdict)).toEqual([`deny node-port-pool spec.ports[0].nodePort: ${text}`]);
    expect([verdict.findings[0]?.free, patch(verdict)]).toEqual([[HOME], []]);
  });

  it.each([
    ['the pool does not assign', policyOf(RULES, poolDocument('shop', '30100-30299', { assign: false })), worldOf()],
    ['somebody owns it', policy, worldOf(), [0]],
  ])('outside the pool is denied with the free numbers where %s', (_, chosen, world, owned: readonly number[] = []) => {
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 31_999 }]), owned, { ...final, policy: chosen, world });
    const text = `31999 is outside 30100-30299 (pool shop); use ${HOME}, ${SECOND} or ${THIRD}`;
    expect(messages(verdict)).toEqual([`deny node-port-pool spec.ports[0].nodePort: ${text}`]);
  });

  it('outside a full pool is denied without the promise that a retry helps', () => {
    const small = policyOf(RULES, poolDocument('shop', '30100-30101'));
    const world = worldOf(held(30_100, 30_101));
    const text = '31999 is outside 30100-30101 (pool shop); pool shop has no free port; ask for more';
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 31_999 }]), [], { ...final, policy: small, world });
    expect(messages(verdict)).toEqual([`deny node-port-pool spec.ports[0].nodePort: ${text}`]);
  });

  it('is explicit where managedFields say nothing at all', () => {
    const service = serviceOf(nodePort([{ ...HTTP, nodePort: HOME }]), 'object');
    const verdict = admit(requestFor(service, final), policy, worldOf(), NOW);
    expect(assigned(verdict)).toEqual([`http/TCP ${HOME} shop explicit`]);
  });

  it('is kept when the old object has it', () => {
    const oldService = serviceOf(nodePort([{ ...HTTP, nodePort: 31_999 }]), 'object');
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 31_999 }]), [], { ...final, oldService });
    expect(assigned(verdict)).toEqual(['http/TCP 31999 - kept']);
    expect(messages(verdict)).toEqual([
      `warn node-port-pool spec.ports[0].nodePort: 31999 is outside 30100-30299 (pool shop); use ${HOME}, ${SECOND} or ${THIRD}`,
    ]);
  });

  it('on a LoadBalancer that allocates nothing was put there by somebody', () => {
    const spec = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false };
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 30_100 }], spec), [], final);
    expect(assigned(verdict)).toEqual(['http/TCP 30100 shop explicit']);
  });

  it('of a renamed port is denied with the number that the port had', () => {
    const oldService = serviceOf(nodePort([{ ...HTTP, nodePort: 30_150 }]), 'object');
    const verdict = ask(nodePort([{ name: 'web', port: 80, nodePort: 31_999 }]), [], { ...final, oldService });
    expect(verdict.findings.map(({ messageId, free }) => [messageId, free])).toEqual([['pickedByApiServer', [30_150]]]);
  });

  it("is the gate's own where the gate gave it to this Service seconds ago", () => {
    const world = remembering({ number: 30_100, owner: 'shop/web', key: 'shop/web/http/TCP', order: 1 });
    const own = ask(nodePort([{ ...HTTP, nodePort: 30_100 }]), [], { ...final, world });
    expect(assigned(own)).toEqual(['http/TCP 30100 shop reservation']);
    const others = remembering({ number: 30_100, owner: 'shop/web2', key: 'shop/web/http/TCP', order: 1 });
    expect(assigned(ask(nodePort([{ ...HTTP, nodePort: 30_100 }]), [], { ...final, world: others }))).toEqual([
      'http/TCP 30100 shop api-server',
    ]);
  });

  it('of a Service made from generateName is recognised by the prefix, exactly', () => {
    const object = (generateName: string): JsonObject => ({
      ...nodePort([{ ...HTTP, nodePort: 30_100 }]),
      metadata: { name: 'job-x7k2p', generateName },
    });
    const world = remembering({
      number: 30_100,
      owner: 'shop/job-#uid-of-mutate',
      key: 'shop/job-/http/TCP',
      order: 1,
    });
    expect(assigned(ask(object('job-'), [], { ...final, world, uid: 'uid-of-validate' }))).toEqual([
      'http/TCP 30100 shop hash',
    ]);
    expect(assigned(ask(object('job'), [], { ...final, world, uid: 'uid-of-validate' }))).toEqual([
      'http/TCP 30100 shop api-server',
    ]);
  });
});

describe('the dummies of a dry run at /validate', () => {
  const dry = { stage: 'final', dryRun: true } as const;

  it('count as unassigned: the verdict is that of /mutate', () => {
    const verdict = ask(
      nodePort([
        { ...HTTP, nodePort: 32_769 },
        { ...DNS, nodePort: 32_770 },
      ]),
      [],
      dry,
    );
    expect([assigned(verdict), messages(verdict), patch(verdict)]).toEqual([
      [`http/TCP ${HOME} shop hash`, 'dns/TCP 30175 shop hash'],
      [],
      [],
    ]);
  });

  it('are recognised beside an explicit number and for the health check', () => {
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_012 };
    const object = managed(
      manifest(
        nodePort(
          [
            { ...DNS, nodePort: 30_110 },
            { ...HTTP, nodePort: 30_111 },
          ],
          spec,
        ),
      ),
      [0],
    );
    const { healthCheckNodePort: _, ...withoutDummy } = spec;
    const fields = managed(manifest(nodePort([DNS, HTTP], withoutDummy)), [0]);
    const seen = { ...object, metadata: fields['metadata'] ?? null };
    const verdict = admit(requestFor(serviceOf(seen, 'object'), dry), policy, worldOf(), NOW);
    expect([assigned(verdict), messages(verdict)]).toEqual([
      ['dns/TCP 30110 shop explicit', `http/TCP ${HOME} shop hash`, 'healthCheck/TCP 30130 shop hash'],
      [],
    ]);
  });

  it('are nothing at all where no pool assigns', () => {
    const none = policyOf(RULES);
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 32_769 }]), [], { ...dry, policy: none });
    expect([assigned(verdict), messages(verdict)]).toEqual([[], []]);
  });

  it('an explicit number out of range is judged although the API server accepts it in a dry run', () => {
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 80 }]), [0], dry);
    expect(decide(verdict, 'validate').message).toBe(
      `spec.ports[0].nodePort: 80 is outside 30100-30299 (pool shop); use ${HOME}, ${SECOND} or ${THIRD} [node-port-range]`,
    );
  });
});

describe('a number that nobody wrote, at /mutate', () => {
  it("is the gate's own in the second round, and not patched again", () => {
    const verdict = ask(nodePort([{ ...HTTP, nodePort: HOME }]), []);
    expect([assigned(verdict), patch(verdict)]).toEqual([[`http/TCP ${HOME} shop hash`], []]);
  });

  it("is another webhook's otherwise: it stays, and nobody else is given it", () => {
    const verdict = ask(nodePort([HTTP, { ...DNS, nodePort: HOME }]), []);
    expect(assigned(verdict)).toEqual([`http/TCP ${SECOND} shop hash`, `dns/TCP ${HOME} shop explicit`]);
    expect(patch(verdict)).toEqual([`add /spec/ports/0/nodePort ${SECOND}`]);
  });

  it('stays when another webhook adds a port that would have chosen it first', () => {
    const small = policyOf(RULES, poolDocument('shop', '30100-30102'));
    expect(assigned(ask(nodePort([DNS]), [], { policy: small }))).toEqual(['dns/TCP 30100 shop hash']);
    const round1 = ask(nodePort([HTTP]), [], { policy: small });
    expect(patch(round1)).toEqual(['add /spec/ports/0/nodePort 30100']);
    const round2 = ask(nodePort([{ ...HTTP, nodePort: 30_100 }, DNS]), [], { policy: small });
    expect(patch(round2)).toEqual(['add /spec/ports/1/nodePort 30102']);
    expect(messages(round2)).toEqual([]);
  });
});

describe('a port that was given away seconds ago', () => {
  const mine = { number: HOME, owner: 'shop/web', key: 'shop/web/http/TCP', order: 1 };
  const theirs = { number: HOME, owner: 'shop/other', key: 'shop/other/http/TCP', order: 1 };

  it('goes back to its owner, also when it is not the home port', () => {
    expect(assigned(ask(nodePort([HTTP]), [], { world: remembering(mine) }))).toEqual([`http/TCP ${HOME} shop hash`]);
    const third = remembering({ ...mine, number: THIRD });
    expect(assigned(ask(nodePort([HTTP]), [], { world: third }))).toEqual([`http/TCP ${THIRD} shop reservation`]);
  });

  it('does not go back once it is held, reserved in the pool or used by a sibling', () => {
    const third = { ...mine, number: THIRD };
    const world = { ...remembering(third), inventory: worldOf(held(THIRD)).inventory };
    expect(assigned(ask(nodePort([HTTP]), [], { world }))).toEqual([`http/TCP ${HOME} shop hash`]);
    const reserved = policyOf(RULES, poolDocument('shop', '30100-30299', { reserved: [THIRD] }));
    expect(assigned(ask(nodePort([HTTP]), [], { policy: reserved, world: remembering(third) }))).toEqual([
      `http/TCP ${HOME} shop hash`,
    ]);
    const sibling = ask(nodePort([HTTP, { ...DNS, nodePort: THIRD }]), [1], { world: remembering(third) });
    expect(assigned(sibling)).toEqual([`http/TCP ${HOME} shop hash`, `dns/TCP ${THIRD} shop explicit`]);
  });

  it('ranks last for others, but is never unavailable', () => {
    expect(assigned(ask(nodePort([HTTP]), [], { world: remembering(theirs) }))).toEqual([
      `http/TCP ${SECOND} shop hash`,
    ]);
    const single = policyOf(RULES, poolDocument('shop', `${HOME}`));
    expect(assigned(ask(nodePort([HTTP]), [], { policy: single, world: remembering(theirs) }))).toEqual([
      `http/TCP ${HOME} shop hash`,
    ]);
  });

  it('is suggested last as well', () => {
    const [finding] = ask(nodePort([{ ...HTTP, nodePort: 31_999 }]), [0], { world: remembering(theirs) }).findings;
    expect(finding?.free).toEqual([SECOND, THIRD, 30_105]);
  });
});
