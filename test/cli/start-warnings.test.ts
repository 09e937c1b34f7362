import { describe, expect, it } from 'vitest';
import type { Exception } from '../../src/domain/exception.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { exceptionWarnings, sharedNumberWarnings } from '../../src/cli/start-warnings.ts';
import { serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';

function exception(expires: string): Exception {
  return {
    name: 'legacy-erp',
    rules: ['external-traffic-policy'],
    criteria: { namespaces: ['erp'], namespaceSelector: undefined },
    services: undefined,
    ports: undefined,
    reason: 'vendor appliance',
    ticket: '',
    expires,
    endsAt: Date.parse(`${expires}T00:00:00Z`) + 24 * 3_600_000,
  };
}

describe('exceptionWarnings', () => {
  it.each([
    ['2026-11-20', ['exception legacy-erp ended after 2026-11-20 (UTC) and excuses nothing; renew or remove it']],
    ['2026-11-21', ['exception legacy-erp ends after 2026-11-21 (UTC); renew it, or fix the Services that it excuses']],
    ['2026-12-04', ['exception legacy-erp ends after 2026-12-04 (UTC); renew it, or fix the Services that it excuses']],
    ['2026-12-05', []],
  ])('for one that expires on %s', (expires, warnings) => {
    expect(exceptionWarnings([exception(expires)], NOW)).toEqual(warnings);
  });
});

describe('sharedNumberWarnings', () => {
  function held(...services: readonly (readonly [string, number])[]): ReturnType<typeof inventoryOf>['held'] {
    return inventoryOf(
      services.map(([name, nodePort]) =>
        serviceOf({ metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] } }),
      ),
    ).held;
  }

  it('is silent where every number has one holder', () => {
    expect(sharedNumberWarnings(held(['a', 30_001], ['b', 30_002]), 'services.json')).toEqual([]);
  });

  it('is no matter of one Service that has a number twice', () => {
    const twice = serviceOf({
      metadata: { name: 'dns' },
      spec: {
        type: 'NodePort',
        ports: [
          { name: 'tcp', port: 53, nodePort: 30_053, protocol: 'TCP' },
          { name: 'udp', port: 53, nodePort: 30_053, protocol: 'UDP' },
        ],
      },
    });
    expect(sharedNumberWarnings(inventoryOf([twice]).held, 'services.json')).toEqual([]);
  });

  it('names both holders', () => {
    expect(sharedNumberWarnings(held(['a', 30_001], ['b', 30_001]), 'services.json')).toEqual([
      'services.json: this node port has several holders: 30001 (shop/a, shop/b); give each Service a number of its own',
    ]);
  });

  it('names five numbers and counts the others', () => {
    const services = [1, 2, 3, 4, 5, 6, 7].flatMap((n) => [
      ['a' + n, 30_000 + n] as const,
      ['b' + n, 30_000 + n] as const,
    ]);
    expect(sharedNumberWarnings(held(...services), 'services.json')).toEqual([
      'services.json: these node ports have several holders: 30001 (shop/a1, shop/b1), 30002 (shop/a2, shop/b2), ' +
        '30003 (shop/a3, shop/b3), 30004 (shop/a4, shop/b4), 30005 (shop/a5, shop/b5), and 2 more; ' +
        'give each Service a number of its own',
    ]);
  });
});
