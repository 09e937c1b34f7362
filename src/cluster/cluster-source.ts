import { growing, type Inventory, withCompleteness } from '../domain/inventory.ts';
import { formatRef, type ServiceRef } from '../domain/service.ts';
import { counted } from '../domain/text.ts';
import type { ApiClient } from './api-client.ts';
import type { ClusterView } from './cluster-view.ts';
import { type Confirmation, CONFIRM_MS, makeConfirm } from './confirmations.ts';
import { makeHeldServices, trimService } from './held-services.ts';
import { makeNamespaceLabels, trimNamespace } from './namespace-labels.ts';
import { type Pace, USUAL_PACE } from './pace.ts';
import { reflect, type Reflector } from './reflector.ts';

/** A view that follows a live cluster until it is stopped. */
export interface ClusterSource extends ClusterView {
  stop(): void;
}

type Resource = 'services' | 'namespaces';

/** Who is told of what happens; none of these may throw. */
export interface ClusterParts {
  readonly pace?: Pace;
  /** The API server was heard of. */
  onContact?(resource: Resource, at: Date): void;
  onListed?(resource: Resource, count: number): void;
  /** A watch or list ended otherwise than planned; it goes on after a pause. */
  onRestart?(resource: Resource, reason: string, message: string): void;
  /** The inventory knows by now what this Service holds, or that it is gone. */
  onEvent?(service: ServiceRef): void;
  /** One sentence about an object that cannot be read and is not in the inventory. */
  onUnread?(message: string): void;
}

/** Watches are heard of every minute; after ten without a word too much may have changed. */
const TOO_OLD_MS = 600_000;
/** From then on it is worth a remark. */
const NOTABLE_MS = 120_000;
/** Confirming is for a denial, which names a few holders; nobody makes the gate send hundreds of requests. */
const MOST_CONFIRMED = 10;

/** Begins to follow the Services and Namespaces of a cluster at once; works without the API server until it is there. */
export function watchCluster(client: ApiClient, parts: ClusterParts = {}): ClusterSource {
  const { pace = USUAL_PACE } = parts;
  const services = makeHeldServices(
    (message) => parts.onUnread?.(message),
    (service) => parts.onEvent?.(service),
  );
  const namespaces = makeNamespaceLabels(client);
  const confirm = makeConfirm(client);
  const follow = (resource: Resource): Reflector =>
    reflect(
      client,
      { path: `/api/v1/${resource}`, trim: resource === 'services' ? trimService : trimNamespace },
      resource === 'services' ? services : namespaces,
      {
        pace,
        hooks: {
          onContact: (atMs) => parts.onContact?.(resource, new Date(atMs)),
          onListed: (count) => parts.onListed?.(resource, count),
          onRestart: (reason, message) => parts.onRestart?.(resource, reason, message),
        },
      },
    );
  const reflectors = { services: follow('services'), namespaces: follow('namespaces') };

  const isComplete = (): boolean =>
    reflectors.services.synced && reflectors.namespaces.synced && reflectors.services.silentMs() < TOO_OLD_MS;
  const inventory = (): Inventory => withCompleteness(services.inventory(), isComplete());

  return {
    inventory,
    labelsOf: namespaces.of,
    async confirm(asked) {
      const refs = [...new Map(asked.map((ref) => [formatRef(ref), ref])).values()];
      const answers = await Promise.all(refs.slice(0, MOST_CONFIRMED).map((ref) => inTime(confirm(ref))));
      return overlaid(inventory(), refs, answers);
    },
    fetchLabels: namespaces.fetch,
    notReady: () => Object.entries(reflectors).flatMap(([resource, reflector]) => whyNotSynced(resource, reflector)),
    remarks() {
      const old = (['services', 'namespaces'] as const).flatMap((resource) =>
        reflectors[resource].synced ? whyOld(resource, reflectors[resource]) : [],
      );
      const { size } = services.unread();
      return size === 0 ? old : [...old, `${counted(size, 'Service')} cannot be read, so what they hold is not known`];
    },
    stop() {
      reflectors.services.stop();
      reflectors.namespaces.stop();
    },
  };
}

/** The inventory with what is known now of those who were asked about; `answers` may be fewer than `asked`. */
function overlaid(base: Inventory, asked: readonly ServiceRef[], answers: readonly Confirmation[]): Inventory {
  const { inventory, add, remove } = growing(base);
  let isComplete = base.complete;
  for (const [index, ref] of asked.entries()) {
    const answer = answers[index];
    if (answer?.kind === 'there') add(answer.service);
    else remove(ref);
    if (answer === undefined || answer.kind === 'failed') isComplete = false;
  }
  return withCompleteness(inventory, isComplete);
}

/** An answer that waits behind another one for the same Service may come too late; its requester does not wait longer. */
async function inTime(answer: Promise<Confirmation>): Promise<Confirmation> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Confirmation>((resolve) => {
    timer = setTimeout(
      () => resolve({ kind: 'failed', reason: `no answer within ${CONFIRM_MS} ms` }),
      CONFIRM_MS,
    ).unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function whyNotSynced(resource: string, reflector: Reflector): readonly string[] {
  if (reflector.synced) return [];
  const why = reflector.lastFault() ?? `the first list of ${resource} is under way`;
  return [`the inventory is not synced yet: ${why}`];
}

function whyOld(resource: string, reflector: Reflector): readonly string[] {
  const ageMs = reflector.silentMs();
  if (ageMs < NOTABLE_MS) return [];
  const fault = reflector.lastFault();
  const because = fault === undefined ? '' : `: ${fault}`;
  return [`nothing was heard of ${resource} for ${Math.round(ageMs / 60_000)} min${because}`];
}
