import type { HeldPort, Inventory } from '../domain/inventory.ts';
import { formatRef } from '../domain/service.ts';
import type { SnapshotResource } from '../domain/snapshot.ts';
import type { Policy } from '../engine/policy.ts';
import type { MappedService, PortMap } from '../report/port-map.ts';
import { holdersOf } from './host-ports.ts';
import { portMapOf } from './port-map.ts';

const NEVER_AUDITED: Omit<PortMap, 'apiVersion' | 'kind' | 'range' | 'pools'> = {
  ports: [],
  squatters: [],
  hostPorts: [],
  services: [],
  notKnown: [],
};

/** What is not known of a cluster that is not fully listed. */
const SERVICES: SnapshotResource = 'services';

/**
 * The holders as they are at this moment, with what the last audit found about those whose ports are still the same: of the
 * others it says no more than the inventory. What was found by another policy is no finding of this one, so nothing of such
 * an audit counts.
 */
export function liveMap(inventory: Inventory, policy: Policy | undefined, audited: PortMap | undefined): PortMap {
  const known = audited !== undefined && audited.policy?.hash === policy?.hash ? audited : NEVER_AUDITED;
  const before = portsBy(known.ports, known.squatters);
  const now = portsBy(inventory.held, inventory.squatters);
  const hasSamePorts = (service: MappedService): boolean =>
    before.get(formatRef(service)) === now.get(formatRef(service));
  return portMapOf({
    inventory,
    policy,
    services: known.services.filter(hasSamePorts),
    audited: {
      ...known,
      hostPorts: known.hostPorts.map((port) => ({
        ...port,
        holders: holdersOf(port.hostPort, port.protocol, inventory),
      })),
      notKnown: inventory.complete ? known.notKnown : [SERVICES, ...known.notKnown],
    },
  });
}

type Listed = Pick<HeldPort, 'namespace' | 'name' | 'nodePort' | 'protocol' | 'port'>;

/** All numbers of each Service, as one text; a Service without any has none. */
function portsBy(open: readonly Listed[], squatting: readonly Listed[]): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  const add = (state: string, ports: readonly Listed[]): void => {
    for (const { nodePort, protocol, port, ...ref } of ports) {
      const key = formatRef(ref);
      all.set(key, `${all.get(key) ?? ''} ${state}${nodePort}/${protocol}/${port}`);
    }
  };
  add('open ', open);
  add('squatting ', squatting);
  return all;
}
