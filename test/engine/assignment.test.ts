import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { World } from '../../src/domain/world.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import published from '../fixtures/score-vectors.json' with { type: 'json' };
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { assigned, held, messages, nodePort, patch } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const CONTACT = { contact: 'shop@example.com' };
const RULES = policyDocument({ 'node-port-pool': {}, 'node-port-conflict': {}, 'node-port-range': {} });
const policy = policyOf(RULES, poolDocument('shop', published.pool, CONTACT));
/** The published choices of shop/web/http/TCP. */
const [HOME = 0, SECOND = 0, THIRD = 0] = published.vectors[0]?.choices ?? [];

const HTTP = { name: 'http', port: 80 };
const DNS = { name: 'dns', port: 53 };
const DNS_UDP = { name: 'dns-udp', port: 53, protocol: 'UDP' };

interface Asked extends Partial<ServiceRequest> {
  readonly policy?: Policy;
  readonly world?: World;
}

function ask(manifest: JsonObject, { policy: chosen = policy, world = worldOf(), ...request }: Asked = {}): Verdict {
  return admit(requestFor(serviceOf(manifest), request), chosen, world, NOW);
}

/** An UPDATE of `old` to `manifest`, both as the API server sends them. */
function update(old: JsonObject, manifest: JsonObject, given: Asked = {}): Verdict {
  const { policy: chosen = policy, world = worldOf([serviceOf(old)]), ...request } = given;
  const service = serviceOf(manifest, 'object');
  return admit(requestFor(service, { oldService: serviceOf(old, 'object'), ...request }), chosen, world, NOW);
}

describe('a missing number', () => {
  it('is the same in a dry run and for real, whatever is created in between', () => {
    const dry = ask(nodePort([HTTP]), { dryRun: true });
    const between = held(...Array.from({ length: 150 }, (_, at) => 30_100 + at).filter((port) => port !== HOME));
    const real = ask(nodePort([HTTP]), { world: worldOf(between) });
    expect([assigned(dry), patch(dry)]).toEqual([
      [`http/TCP ${HOME} shop hash`],
      [`add /spec/ports/0/nodePort ${HOME}`],
    ]);
    expect([assigned(real), patch(real)]).toEqual([assigned(dry), patch(dry)]);
  });

  it('is the next choice of its own pool while the home port is held, and the next after that', () => {
    expect(assigned(ask(nodePort([HTTP]), { world: worldOf(held(HOME)) }))).toEqual([`http/TCP ${SECOND} shop hash`]);
    const both = worldOf(held(HOME, SECOND));
    expect(assigned(ask(nodePort([HTTP]), { world: both }))).toEqual([`http/TCP ${THIRD} shop hash`]);
  });

  it('may be one that the Service itself holds, and is not when another holds it as well', () => {
    const own = serviceOf(nodePort([{ ...HTTP, name: 'former', nodePort: HOME }]));
    expect(assigned(ask(nodePort([HTTP]), { world: worldOf([own]) }))).toEqual([`http/TCP ${HOME} shop hash`]);
    const shared = worldOf([own, ...held(HOME)]);
    expect(assigned(ask(nodePort([HTTP]), { world: shared }))).toEqual([`http/TCP ${SECOND} shop hash`]);
  });

  it('is never a reserved one, nor one that belongs to a pool with precedence', () => {
    const reserved = policyOf(RULES, poolDocument('shop', published.pool, { reserved: [HOME] }));
    expect(assigned(ask(nodePort([HTTP]), { policy: reserved }))).toEqual([`http/TCP ${SECOND} shop hash`]);
    const other = poolDocument('vip', `${HOME}`, { namespaces: ['vip'], priority: 1 });
    const behind = policyOf(RULES, poolDocument('shop', published.pool), other);
    expect(assigned(ask(nodePort([HTTP]), { policy: behind }))).toEqual([`http/TCP ${SECOND} shop hash`]);
  });

  it('says so while the inventory is incomplete', () => {
    const world = worldOf([], { complete: false });
    expect(assigned(ask(nodePort([HTTP]), { world }))).toEqual([`http/TCP ${HOME} shop hash, inventory incomplete`]);
  });

  it('follows generateName before there is a name, and is recognised once there is one', () => {
    const named = (metadata: JsonObject): JsonObject => ({
      ...nodePort([{ name: 'game', port: 1, protocol: 'UDP' }]),
      metadata,
    });
    const pools = policyOf(RULES, poolDocument('a', published.pool, { namespaces: ['team-a'] }));
    const [home = 0] = published.vectors[3]?.choices ?? [];
    const before = ask(named({ namespace: 'team-a', name: '', generateName: 'game-' }), { policy: pools });
    const after = ask(named({ namespace: 'team-a', name: 'game-x7k2p', generateName: 'game-' }), { policy: pools });
    expect(assigned(before)).toEqual([`game/UDP ${home} a hash`]);
    expect(assigned(after)).toEqual(assigned(before));
    const other = ask(named({ namespace: 'team-a', name: 'game-x7k2', generateName: 'game-' }), { policy: pools });
    expect(assigned(other)).not.toEqual(assigned(before));
  });
});

describe('a full pool', () => {
  const small = policyOf(
    RULES,
    poolDocument('shop', '30100-30102', CONTACT),
    poolDocument('spare', '31000-31099', { priority: 2000 }),
  );
  const FULL =
    'pool shop, contact shop@example.com, is full, none of its 3 ports is free; ask its contact for more ports';

  it('denies through both webhooks, and never falls through to the next pool', () => {
    const verdict = ask(nodePort([HTTP]), { policy: small, world: worldOf(held(30_100, 30_101, 30_102)) });
    expect(messages(verdict)).toEqual([`deny node-port-pool spec.ports[0].nodePort: ${FULL}`]);
    expect([assigned(verdict), patch(verdict)]).toEqual([[], []]);
    expect(decide(verdict, 'mutate').message).toBe(`spec.ports[0].nodePort: ${FULL} [node-port-pool]`);
    expect(decide(verdict, 'validate').message).toBe(decide(verdict, 'mutate').message);
  });

  it('gives what it has to the first keys', () => {
    const ports = [{ name: 'https', port: 443 }, HTTP];
    const verdict = ask(nodePort(ports), { policy: small, world: worldOf(held(30_100, 30_102)) });
    expect(assigned(verdict)).toEqual(['http/TCP 30101 shop hash']);
    expect(messages(verdict)).toEqual([`deny node-port-pool spec.ports[0].nodePort: ${FULL}`]);
  });

  it('is not filled by reserved numbers alone: they do not count as its ports', () => {
    const reserved = policyOf(RULES, poolDocument('shop', '30100-30102', { reserved: ['30100-30101'] }));
    const text = 'pool shop is full, none of its 1 ports is free; ask its owner for more ports';
    expect(messages(ask(nodePort([HTTP]), { policy: reserved, world: worldOf(held(30_102)) }))).toEqual([
      `deny node-port-pool spec.ports[0].nodePort: ${text}`,
    ]);
  });

  it('keeps an explicit number possible in the next pool', () => {
    const world = worldOf(held(30_100, 30_101, 30_102));
    const verdict = ask(nodePort([{ ...HTTP, nodePort: 31_000 }]), { policy: small, world });
    expect([messages(verdict), assigned(verdict)]).toEqual([[], ['http/TCP 31000 spare explicit']]);
  });
});

describe('several ports', () => {
  it('leave explicit numbers alone, also where they are the home port of another', () => {
    const verdict = ask(nodePort([HTTP, { name: 'admin', port: 90, nodePort: HOME }]));
    expect(assigned(verdict)).toEqual([`http/TCP ${SECOND} shop hash`, `admin/TCP ${HOME} shop explicit`]);
    expect(patch(verdict)).toEqual([`add /spec/ports/0/nodePort ${SECOND}`]);
  });

  it('choose in the order of their keys, not of the list', () => {
    const ports = ['a', 'b', 'c', 'd'].map((name, at) => ({ name, port: 80 + at }));
    // Four ports for a pool of four: each choice depends on those before it.
    const tight = policyOf(RULES, poolDocument('shop', '30100-30103'));
    const forwards = assigned(ask(nodePort(ports), { policy: tight }));
    for (const order of [
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ]) {
      const permuted = assigned(ask(nodePort(order.map((at) => ports[at] ?? {})), { policy: tight }));
      expect(permuted).toEqual(order.map((at) => forwards[at]));
    }
    expect(new Set(forwards).size).toBe(4);
  });

  it('that share one port number share one node port, by the key of the TCP one', () => {
    const alone = assigned(ask(nodePort([DNS])));
    const both = ask(nodePort([DNS_UDP, DNS]));
    expect(alone).toEqual(['dns/TCP 30175 shop hash']);
    expect(assigned(both)).toEqual(['dns-udp/UDP 30175 shop hash', 'dns/TCP 30175 shop hash']);
    expect(patch(both)).toEqual(['add /spec/ports/0/nodePort 30175', 'add /spec/ports/1/nodePort 30175']);
  });

  it('without TCP use the key of the first protocol in the alphabet', () => {
    const sctp = { name: 'sig', port: 53, protocol: 'SCTP' };
    const [alone] = ask(nodePort([sctp])).assigned;
    expect(ask(nodePort([DNS_UDP, sctp])).assigned.map(({ nodePort: number }) => number)).toEqual([
      alone?.nodePort,
      alone?.nodePort,
    ]);
  });

  it('take the explicit number of their sibling', () => {
    const verdict = ask(nodePort([DNS_UDP, { ...DNS, nodePort: 30_111 }]));
    expect(assigned(verdict)).toEqual(['dns-udp/UDP 30111 shop explicit', 'dns/TCP 30111 shop explicit']);
    expect(patch(verdict)).toEqual(['add /spec/ports/0/nodePort 30111']);
  });

  it('with one name per protocol are told free numbers of the key that they would choose with', () => {
    const wrong = nodePort([DNS, DNS_UDP].map((port) => ({ ...port, nodePort: 32_000 })));
    const [tcp, udp] = ask(wrong).findings;
    expect(tcp?.free?.[0]).toBe(30_175);
    expect(udp?.free).toEqual(tcp?.free);
  });
});

describe('a load balancer', () => {
  const balancer = (spec: JsonObject): JsonObject => nodePort([HTTP], { type: 'LoadBalancer', ...spec });
  const healthCheck = policyOf(RULES, poolDocument('shop', published.pool));

  it('with Local gets its health-check port from the pool, allocating or not', () => {
    const [home = 0] = published.vectors[4]?.choices ?? [];
    const named = (spec: JsonObject): JsonObject => ({ ...balancer(spec), metadata: { name: 'lbl' } });
    const local = ask(named({ externalTrafficPolicy: 'Local' }), { policy: healthCheck });
    expect(assigned(local)[1]).toBe(`healthCheck/TCP ${home} shop hash`);
    expect(patch(local)[1]).toBe(`add /spec/healthCheckNodePort ${home}`);
    const none = named({ externalTrafficPolicy: 'Local', allocateLoadBalancerNodePorts: false });
    expect(patch(ask(none, { policy: healthCheck }))).toEqual([`add /spec/healthCheckNodePort ${home}`]);
  });

  it('that allocates nothing gets nothing, and keeps what it asks for', () => {
    const none = ask(balancer({ allocateLoadBalancerNodePorts: false }));
    expect([assigned(none), patch(none)]).toEqual([[], []]);
    const ports = [{ ...HTTP, nodePort: 30_150 }, DNS, DNS_UDP];
    const some = ask(balancer({ allocateLoadBalancerNodePorts: false, ports }));
    expect([assigned(some), patch(some)]).toEqual([['http/TCP 30150 shop explicit'], []]);
  });

  it('keeps its health-check port on UPDATE, and the report drops it with the policy that needed it', () => {
    const old = balancer({
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30_200,
      ports: [{ ...HTTP, nodePort: 30_201 }],
    });
    const same = update(old, balancer({ externalTrafficPolicy: 'Local' }));
    expect(assigned(same)).toEqual(['http/TCP 30201 shop kept', 'healthCheck/TCP 30200 shop kept']);
    expect(patch(same)).toEqual([]);
    // A PATCH to Cluster still carries the number; the API server drops it (dropTypeDependentFields).
    const cluster = update(old, balancer({ externalTrafficPolicy: 'Cluster', healthCheckNodePort: 30_200 }));
    expect([assigned(cluster), patch(cluster)]).toEqual([['http/TCP 30201 shop kept'], []]);
    expect(cluster.service?.healthCheckNodePort).toBe(0);
  });
});

describe('who gets nothing', () => {
  it.each(['ClusterIP', 'ExternalName'])('%s', (type) => {
    const verdict = ask(nodePort([HTTP], { type }));
    expect([assigned(verdict), patch(verdict), messages(verdict)]).toEqual([[], [], []]);
  });

  it('a Service that no policy matches', () => {
    const elsewhere = policyOf(
      policyDocument({ 'node-port-pool': {} }, { match: { namespaces: ['other'] } }),
      poolDocument('shop', published.pool),
    );
    expect(ask(nodePort([HTTP]), { policy: elsewhere })).toEqual({
      judged: false,
      untouchedBecause: 'no policy matches it',
      findings: [],
      undetermined: [],
      assigned: [],
      changes: [],
      notices: [],
      service: undefined,
    });
  });

  it('a namespace without a pool: the API server picks', () => {
    const none = policyOf(RULES, poolDocument('other', published.pool, { namespaces: ['other'] }));
    const verdict = ask(nodePort([HTTP]), { policy: none });
    expect([assigned(verdict), patch(verdict), messages(verdict)]).toEqual([[], [], []]);
  });

  it('an owner whose first pool depends on namespace labels that nobody knows', () => {
    const selector = { matchLabels: { tier: 'web' } };
    const pools = policyOf(
      RULES,
      {
        kind: 'NodePortPool',
        metadata: { name: 'web' },
        spec: { ports: ['31000-31099'], namespaceSelector: selector, priority: 1 },
      },
      poolDocument('shop', published.pool),
    );
    const labels = (tier: string): World => worldOf([], { labels: { shop: { tier } } });
    expect(patch(ask(nodePort([HTTP]), { policy: pools }))).toEqual([]);
    expect(patch(ask(nodePort([HTTP]), { policy: pools, world: labels('db') }))).toEqual([
      `add /spec/ports/0/nodePort ${HOME}`,
    ]);
    expect(assigned(ask(nodePort([HTTP]), { policy: pools, world: labels('web') }))).toEqual([
      'http/TCP 31009 web hash',
    ]);
  });

  it('the owner of a pool that does not assign: three free numbers instead', () => {
    const manual = policyOf(RULES, poolDocument('shop', published.pool, { ...CONTACT, assign: false }));
    const verdict = ask(nodePort([HTTP]), { policy: manual });
    const advice = `use ${HOME}, ${SECOND} or ${THIRD}`;
    const text = `is missing, and pool shop, contact shop@example.com, does not assign numbers; ${advice}`;
    expect(messages(verdict)).toEqual([`deny node-port-pool spec.ports[0].nodePort: ${text}`]);
    expect([verdict.findings[0]?.free, patch(verdict)]).toEqual([[HOME, SECOND, THIRD], []]);
  });
});

describe('the annotation nodeport-gate.dev/pool', () => {
  const pools = policyOf(
    RULES,
    poolDocument('shop', published.pool),
    poolDocument('spare', '31000-31099', { priority: 2000 }),
  );
  const choosing = (name: string): JsonObject => ({
    ...nodePort([HTTP]),
    metadata: { annotations: { 'nodeport-gate.dev/pool': name } },
  });

  it('chooses among the entitled pools', () => {
    expect(assigned(ask(choosing('spare'), { policy: pools }))).toEqual(['http/TCP 31009 spare hash']);
    expect(assigned(ask(choosing('shop'), { policy: pools }))).toEqual([`http/TCP ${HOME} shop hash`]);
  });

  it.each(['vip', '', 'constructor', '__proto__', 'shop\n'])(
    'names no entitled pool as %j: nothing is assigned',
    (name) => {
      const verdict = ask(choosing(name), { policy: pools });
      expect([assigned(verdict), patch(verdict)]).toEqual([[], []]);
      expect(verdict.findings.map(({ messageId, field }) => [messageId, field])).toEqual([
        ['refusedChoice', 'metadata.annotations[nodeport-gate.dev/pool]'],
      ]);
    },
  );
});
