import { HEALTH_CHECK_PORT_NAME, portLabel, type Service, type ServicePort } from '../domain/service.ts';
import { compareText } from '../domain/text.ts';

/** k8s.io/apiserver/pkg/storage/names: a generated name is at most 63 characters, 5 of them random. */
const RANDOM_LENGTH = 5;
const LONGEST_PREFIX = 63 - RANDOM_LENGTH;

/**
 * The name that keys are made of. A Service made from generateName keeps using that prefix once it has its name, so that
 * `/validate` finds the port that `/mutate` chose.
 */
export function keyName({ name, generateName }: Pick<Service, 'name' | 'generateName'>): string {
  return isGenerated(name, generateName) ? generateName : name;
}

function isGenerated(name: string, generateName: string): boolean {
  if (generateName === '') return false;
  const prefix = generateName.slice(0, LONGEST_PREFIX);
  return name === '' || (name.startsWith(prefix) && name.length === prefix.length + RANDOM_LENGTH);
}

/** The rendezvous key `namespace/name/portName-or-port/PROTOCOL`. */
export function portKey(service: Service, label: string, protocol: string): string {
  return `${service.namespace}/${keyName(service)}/${label}/${protocol}`;
}

/**
 * The key under which ports that share one `port` number choose their one node port: that of the TCP sibling, else of the
 * alphabetically first protocol.
 */
export function groupKey(service: Service, siblings: readonly ServicePort[]): string {
  const [first] = [...siblings].sort(byTcpThenProtocol);
  return first === undefined ? '' : portKey(service, portLabel(first), first.protocol);
}

export function healthCheckKey(service: Service): string {
  return portKey(service, HEALTH_CHECK_PORT_NAME, 'TCP');
}

/** Whose a remembered port is: the Service, or, before it has a name, this one request. */
export function reservationOwner(service: Service, uid: string): string {
  const generated = isGenerated(service.name, service.generateName);
  return generated ? `${generatedOwnerPrefix(service)}${uid}` : `${service.namespace}/${service.name}`;
}

/** What all owners made from one generateName have in common; a Service that has a name shares with nobody. */
export function generatedOwnerPrefix({ namespace, generateName }: Service): string {
  return `${namespace}/${generateName}#`;
}

function byTcpThenProtocol(a: ServicePort, b: ServicePort): number {
  const rank = ({ protocol }: ServicePort): string => (protocol === 'TCP' ? '' : protocol);
  return compareText(rank(a), rank(b)) || a.index - b.index;
}
