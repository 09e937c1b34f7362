import { growing, type Inventory, withCompleteness } from '../domain/inventory.ts';
import { formatRef, type ServiceRef } from '../domain/service.ts';
import { counted } from '../domain/text.ts';
import type { ApiClient } from './api/api-client.ts';
import type { ClusterView, Confirmed } from './cluster-view.ts';
import { type Confirmation, CONFIRM_MS, makeConfirm } from './confirmations.ts';
import { makeHeldServices, trimService } from './held-services.ts';
import { makeNamespaceLabels, trimNamespace } from './namespace-labels.ts';
import { type Pace, USUAL_PACE } from './pace.ts';
import { type OnRestart, reflect, type Reflector } from './reflector.ts';

/** A view that follows a live cluster until it is stopped. */
export interface ClusterSource extends ClusterView {
  stop(): void;
}

const RESOURCES = ['services', 'namespaces'] as const;
type Resource = (typeof RESOURCES)[number];

/** Who is told of what happens; none of these may throw. */
export interface ClusterParts {
  readonly pace?: Pace;
  /** The API server was heard of. */
  onContact?(resource: Resource, at: Date): void;
  onListed?(resource: Resource, count: number): void;
  readonly onRestart?: OnRestart;
  /** The inventory knows by now what this Service holds, or that it is gone. */
  onEvent?(service: ServiceRef): void;
  /** One sentence about an object that cannot be read and is not in the inventory. */
  onUnread?(message: string): void;
}

/** Watches are heard of every minute; after three without a word too much may have changed. */
const TOO_OLD_MS = 180_000;
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

  // Of namespaces as well: labels that were taken away or given long ago decide who may have which number.
  const isComplete = (): boolean =>
    RESOURCES.every((resource) => reflectors[resource].synced && reflectors[resource].silentMs() < TOO_OLD_MS);
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
    notReady: () => whyNotSynced(reflectors),
    remarks() {
      const bad = RESOURCES.flatMap((resource) => whyBad(resource, reflectors[resource]));
      const { size } = services.unread();
      return size === 0 ? bad : [...bad, `${counted(size, 'Service')} cannot be read, so what they hold is not known`];
    },
    stop() {
      reflectors.services.stop();
      reflectors.namespaces.stop();
    },
  };
}

/** What is known now of those who were asked about; `answers` may be fewer than `asked`. */
function overlaid(base: Inventory, asked: readonly ServiceRef[], answers: readonly Confirmation[]): Confirmed {
  const { inventory, add, remove } = growing(base);
  const unanswered: ServiceRef[] = [];
  for (const [index, ref] of asked.entries()) {
    const answer = answers[index];
    if (answer?.kind === 'there') add(answer.service);
    else if (answer?.kind === 'gone') remove(ref);
    else unanswered.push(ref);
  }
  return { inventory, unanswered };
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

/** One line for each reason: an API server that is not reached is the same one for every resource. */
function whyNotSynced(reflectors: Readonly<Record<Resource, Reflector>>): readonly string[] {
  const waiting = RESOURCES.filter((resource) => !reflectors[resource].synced);
  const byReason = Map.groupBy(waiting, (one) => reflectors[one].lastFault() ?? 'the first list is under way');
  return [...byReason].map(([why, which]) => `the inventory is not synced yet, ${which.join(' and ')}: ${why}`);
}

function whyBad(resource: Resource, reflector: Reflector): readonly string[] {
  if (!reflector.synced) return [];
  const ageMs = reflector.silentMs();
  const lasting = reflector.lastingFault();
  if (ageMs < NOTABLE_MS) return lasting === undefined ? [] : [`${resource} cannot be followed: ${lasting}`];
  const fault = reflector.lastFault() ?? lasting;
  const because = fault === undefined ? '' : `: ${fault}`;
  return [`nothing was heard of ${resource} for ${Math.round(ageMs / 60_000)} min${because}`];
}
