import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { ApiClient } from '../cluster/api/api-client.ts';
import { watchCluster } from '../cluster/cluster-source.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import type { OnRestart } from '../cluster/reflector.ts';
import { ok, type Result } from '../domain/result.ts';
import { formatRef } from '../domain/service.ts';
import type { Metrics } from '../server/metrics.ts';
import type { ReservationBook } from '../server/reservations.ts';
import type { ClusterAccess } from './settings.ts';

/** The API server of the settings, not asked yet; undefined without a cluster. The client is loaded only where there is one. */
export async function findApiServer(
  access: ClusterAccess | undefined,
  cwd: string,
): Promise<Result<ApiClient | undefined, string>> {
  if (access === undefined) return ok(undefined);
  const { connect } = await import('../cluster/api/api-client.ts');
  return connect(access === 'in-cluster' ? access : { kubeconfig: resolve(cwd, access.kubeconfig) });
}

/** What happens to watches, of whatever they are, goes into the log and the metrics. */
export function tellOfRestarts({ metrics, log }: { readonly metrics: Metrics; readonly log: Logger }): OnRestart {
  return (resource, reason, message) => {
    metrics.countInformerRestart(resource, reason);
    log.warn({ resource, reason, message }, 'watch restarted');
  };
}

/** Follows the cluster. */
export function followCluster(
  client: ApiClient,
  {
    metrics,
    log,
    reservations,
  }: { readonly metrics: Metrics; readonly log: Logger; readonly reservations: ReservationBook },
): ClusterView & { close(): void } {
  const source = watchCluster(client, {
    onEvent: (service) => reservations.forget(formatRef(service)),
    onContact: metrics.setLastContact,
    onListed: (resource, count) => log.info({ resource, count }, 'listed'),
    onRestart: tellOfRestarts({ metrics, log }),
    onUnread: (message) => log.warn({ message }, 'Service not readable'),
  });
  return { ...source, close: source.stop };
}
