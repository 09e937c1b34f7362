import { type Holdings, type Inventory, makeHoldings } from '../domain/inventory.ts';
import { isJsonObject, type Json, type JsonObject, own } from '../domain/json.ts';
import { formatRef, type ServiceRef } from '../domain/service.ts';
import { printable } from '../domain/text.ts';
import { describeProblem } from '../wire/problem.ts';
import { readService } from '../wire/service.ts';
import type { Sink } from './reflector.ts';

/** The node ports of all Services that the watch told of. */
export interface HeldServices extends Sink {
  /** Live until the next `replace`, which begins another one. */
  inventory(): Inventory;
  /** Services that could not be read, as `namespace/name`: what they hold is not known. */
  unread(): ReadonlySet<string>;
}

/**
 * `onUnread` gets one sentence about each object that cannot be read; the others are taken all the same. `onEvent` hears of
 * every Service that the watch tells of by itself, not of those in a list.
 */
export function makeHeldServices(
  onUnread: (message: string) => void,
  onEvent: (service: ServiceRef) => void,
): HeldServices {
  let holdings = makeHoldings();
  let unread = new Set<string>();

  function put(object: JsonObject, into: Holdings, faulty: Set<string>): void {
    const service = readService(object, { path: '', authorship: 'object' });
    if (service.ok) {
      faulty.delete(formatRef(service.value));
      into.put(service.value);
      return;
    }
    const ref = refOf(object);
    faulty.add(formatRef(ref));
    into.remove(ref);
    const [problem] = service.problems;
    onUnread(
      `Service ${printable(formatRef(ref))} cannot be read: ${problem === undefined ? '' : describeProblem(problem)}`,
    );
  }

  return {
    inventory: () => holdings.inventory,
    unread: () => unread,
    replace(objects) {
      const fresh = makeHoldings();
      const faulty = new Set<string>();
      for (const object of objects) put(object, fresh, faulty);
      holdings = fresh;
      unread = faulty;
    },
    put(object) {
      put(object, holdings, unread);
      onEvent(refOf(object));
    },
    remove(object) {
      const ref = refOf(object);
      onEvent(ref);
      unread.delete(formatRef(ref));
      holdings.remove(ref);
    },
  };
}

/** What holding a number takes: a Service is ten times as large, and a list of thousands is in memory as a whole. */
export function trimService(object: JsonObject): JsonObject {
  const { namespace, name } = refOf(object);
  const spec = own(object, 'spec') ?? null;
  if (!isJsonObject(spec)) return { metadata: { namespace, name }, spec };
  const kept = Object.entries(spec).filter(([key]) => HOLDING_FIELDS.has(key));
  return {
    metadata: { namespace, name },
    spec: Object.fromEntries(kept.map(([key, value]) => [key, key === 'ports' ? holdingPorts(value) : value])),
  };
}

const HOLDING_FIELDS: ReadonlySet<string> = new Set(['type', 'ports', 'healthCheckNodePort']);
const FIELDS_OF_PORT: ReadonlySet<string> = new Set(['name', 'port', 'protocol', 'nodePort']);

/** A Service without node ports may have thousands of ports. What is no port stays, so that reading tells of it. */
function holdingPorts(ports: Json): Json {
  if (!Array.isArray(ports)) return ports;
  const kept = (ports as readonly Json[]).filter((port) => !isJsonObject(port) || (own(port, 'nodePort') ?? 0) !== 0);
  return kept.map((port) =>
    isJsonObject(port) ? Object.fromEntries(Object.entries(port).filter(([key]) => FIELDS_OF_PORT.has(key))) : port,
  );
}

function refOf(object: JsonObject): { readonly namespace: string; readonly name: string } {
  const metadata = own(object, 'metadata');
  const text = (key: string): string => {
    const value = isJsonObject(metadata) ? own(metadata, key) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { namespace: text('namespace'), name: text('name') };
}
