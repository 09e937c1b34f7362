import { own } from '../domain/json.ts';
import { type Entitlement, type Pool, POOL_ANNOTATION } from '../domain/pool.ts';
import { type Labels, matchesNamespace } from '../domain/selection.ts';

/** What of a Service decides about its pools. */
export interface Claimant {
  readonly namespace: string;
  readonly type: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The pools from the point of view of one Service. `pools` in order of precedence; `labels` of its namespace, undefined
 * where nobody knows them: then a pool with a namespaceSelector assigns nothing, and neither does a pool behind it, because
 * the number might have to come from the first.
 */
export function entitledPools(claimant: Claimant, pools: readonly Pool[], labels: Labels | undefined): Entitlement {
  const candidates = pools
    .filter(({ serviceTypes }) => serviceTypes === undefined || serviceTypes.includes(claimant.type))
    .map((pool) => ({ pool, match: matchesNamespace(pool.criteria, claimant.namespace, labels) }))
    .filter(({ match }) => match !== 'no');
  const entitled = candidates.filter(({ match }) => match === 'yes').map(({ pool }) => pool);
  const unknown = candidates.filter(({ match }) => match === 'unknown').map(({ pool }) => pool);
  const view = { all: pools, entitled, unknown };

  const choice = own(claimant.annotations, POOL_ANNOTATION);
  if (choice === undefined) {
    const first = candidates.find(({ pool }) => pool.assign);
    return { ...view, assigning: first?.match === 'yes' ? first.pool : undefined, refusedChoice: undefined };
  }
  const chosen = entitled.find(({ name }) => name === choice);
  const isRefused = chosen === undefined && unknown.every(({ name }) => name !== choice);
  return {
    ...view,
    assigning: chosen?.assign === true ? chosen : undefined,
    chosen,
    refusedChoice: isRefused ? choice : undefined,
  };
}
