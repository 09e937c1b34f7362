import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growing, inventoryOf, withCompleteness } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { Reservations, World } from '../../src/domain/world.ts';
import { admit } from '../../src/engine/admit.ts';
import { makeReservations } from '../../src/server/reservations.ts';
import published from '../fixtures/score-vectors.json' with { type: 'json' };
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { assigned, held, messages, nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const RULES = policyDocument({ 'node-port-pool': {}, 'node-port-conflict': {} });
const policy = policyOf(RULES, poolDocument('shop', published.pool));
/** A pool of four, in the order in which shop/web/http/TCP wants them. */
const small = policyOf(RULES, poolDocument('shop', '30100-30103'));
const WANTED = [30_103, 30_100, 30_102, 30_101] as const;
/** The published choices of shop/web/http/TCP. */
const [HOME = 0, SECOND = 0, THIRD = 0, FOURTH = 0] = published.vectors[0]?.choices ?? [];

const HTTP = { name: 'http', port: 80 };

/** ExternalName Services of a time before the gate. */
function squatting(...numbers: readonly number[]): readonly Service[] {
  return numbers.map((number) => squatter(`old-${number}`, number));
}

function squatter(name: string, number: number, namespace = 'other'): Service {
  const spec = { type: 'ExternalName', externalName: 'a.example.com', ports: [{ port: 80, nodePort: number }] };
  return serviceOf({ metadata: { namespace, name }, spec });
}

function ask(world: World, manifest: JsonObject = nodePort([HTTP]), chosen = policy): Verdict {
  return admit(requestFor(serviceOf(manifest)), chosen, world, NOW);
}

/** Given to these owners one after the other; the key is that of shop/web. */
function given(...gifts: readonly (readonly [owner: string, number: number])[]): Reservations {
  const book = makeReservations(10_000);
  for (const [owner, number] of gifts) {
    book.remember([{ nodePort: number, key: 'shop/web/http/TCP' }], owner, NOW.getTime());
  }
  return book.view(NOW.getTime());
}

describe('a number that an ExternalName carries', () => {
  it('is not assigned while another one is free', () => {
    expect(assigned(ask(worldOf(squatting(HOME))))).toEqual([`http/TCP ${SECOND} shop hash`]);
    expect(assigned(ask(worldOf([...squatting(HOME), ...held(SECOND)])))).toEqual([`http/TCP ${THIRD} shop hash`]);
  });

  it('is not avoided for the Service that carries it itself', () => {
    const own = squatter('web', HOME, 'shop');
    expect(assigned(ask(worldOf([own])))).toEqual([`http/TCP ${HOME} shop hash`]);
    expect(assigned(ask(worldOf([own, ...squatting(HOME)])))).toEqual([`http/TCP ${SECOND} shop hash`]);
  });

  it('is assigned when every other one is held: squatters do not exhaust a pool', () => {
    const numbers = Array.from({ length: 200 }, (_, at) => 30_100 + at);
    const world = worldOf([...held(...numbers.filter((number) => number !== THIRD)), ...squatting(THIRD)]);
    expect(assigned(ask(world))).toEqual([`http/TCP ${THIRD} shop hash`]);
  });

  it('ranks behind every one that was given away seconds ago, and of several the most wanted one is first', () => {
    const [first, second, third, fourth] = WANTED;
    const chosen = (reservations: Reservations, ...squatted: readonly number[]): readonly string[] =>
      assigned(ask(worldOf(squatting(...squatted), { reservations }), nodePort([HTTP]), small));
    const nobody = given();
    expect([chosen(nobody), chosen(nobody, first), chosen(nobody, ...WANTED)]).toEqual(
      [first, second, first].map((number) => [`http/TCP ${number} shop hash`]),
    );
    const others = given(['shop/a', third], ['shop/b', fourth]);
    expect([chosen(others, first, second), chosen(others, first, second, third)]).toEqual(
      [third, fourth].map((number) => [`http/TCP ${number} shop hash`]),
    );
    // Both at once: given to another, and refused to everybody.
    expect(chosen(given(['shop/a', first]), ...WANTED)).toEqual([`http/TCP ${second} shop hash`]);
  });

  it('is not kept for the owner of a reservation that the API server will refuse for ever', () => {
    const reservations = given(['shop/web', SECOND]);
    expect(assigned(ask(worldOf([], { reservations })))).toEqual([`http/TCP ${SECOND} shop reservation`]);
    expect(assigned(ask(worldOf(squatting(SECOND), { reservations })))).toEqual([`http/TCP ${HOME} shop hash`]);
  });

  it('is not suggested while there are others', () => {
    const wrong = nodePort([{ ...HTTP, nodePort: 32_000 }]);
    expect(ask(worldOf(squatting(HOME, THIRD)), wrong).findings[0]?.free?.slice(0, 2)).toEqual([SECOND, FOURTH]);
    const [first, second, third, fourth] = WANTED;
    const few = ask(worldOf([...squatting(first, second), ...held(fourth)]), wrong, small);
    expect(few.findings[0]?.free).toEqual([third, first, second]);
  });

  it('may be asked for: the API server decides', () => {
    const verdict = ask(worldOf(squatting(HOME)), nodePort([{ ...HTTP, nodePort: HOME }]));
    expect([messages(verdict), assigned(verdict)]).toEqual([[], [`http/TCP ${HOME} shop explicit`]]);
  });

  it('is seen in every kind of inventory', () => {
    const base = inventoryOf(squatting(HOME));
    const { inventory, add, remove } = growing(base);
    const chosen = (): readonly string[] => assigned(ask(worldOf([], { inventory })));
    const seen = [chosen()];
    add(squatter('later', SECOND));
    seen.push(chosen());
    remove({ namespace: 'other', name: `old-${HOME}` });
    seen.push(chosen());
    expect(seen).toEqual([SECOND, THIRD, HOME].map((number) => [`http/TCP ${number} shop hash`]));
    expect(assigned(ask(worldOf([], { inventory: withCompleteness(base, false) })))).toEqual([
      `http/TCP ${SECOND} shop hash, inventory incomplete`,
    ]);
  });
});

describe('any squatters', () => {
  const some = fc.subarray([...WANTED]);

  it('change what is assigned to the most wanted number that is neither held nor squatted, if there is one', () => {
    fc.assert(
      fc.property(some, some, (taken, squatted) => {
        const world = worldOf([...held(...taken), ...squatting(...squatted)]);
        const free = WANTED.filter((number) => !taken.includes(number));
        const best = free.find((number) => !squatted.includes(number)) ?? free[0];
        expect(assigned(ask(world, nodePort([HTTP]), small))).toEqual(
          best === undefined ? [] : [`http/TCP ${best} shop hash`],
        );
      }),
    );
  });
});
