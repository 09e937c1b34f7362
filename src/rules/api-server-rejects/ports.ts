import { nodePortPath } from '../../domain/node-port.ts';
import { type Path, valueAt } from '../../domain/path.ts';
import { MAX_PORT } from '../../domain/port-set.ts';
import type { Service, ServicePort } from '../../domain/service.ts';
import { quoted } from '../define.ts';
import type { Scene } from '../scene.ts';
import { isHeadless } from './addresses.ts';
import { type Check, type Say, shown } from './messages.ts';
import { isLabel, isQualifiedName, labelAdvice, portNameFault } from './names.ts';
import { checkSupported } from './values.ts';

const PORTS = ['spec', 'ports'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export const checkPorts: Check = ({ service }, say) => {
  const { type, ports, raw } = service;
  if (ports.length === 0 && type !== 'ExternalName' && !isHeadless(raw)) {
    say('missing', PORTS, { advice: 'list at least one port' });
  }
  const byName = new Map<string, ServicePort>();
  for (const port of ports) {
    checkName(port, service, byName, say);
    checkNumber(port, raw, say);
    checkSupported(port.protocol, at(port, 'protocol'), PROTOCOLS, say);
    checkTarget(valueAt(raw, at(port, 'targetPort')), at(port, 'targetPort'), say);
    checkAppProtocol(valueAt(raw, at(port, 'appProtocol')), at(port, 'appProtocol'), say);
  }
};

/** Of two ports that are alike the first is right, and the others are remarked. */
export const checkDuplicates: Check = ({ service: { ports } }, say) => {
  const byPort = new Map<string, ServicePort>();
  for (const port of ports) {
    const key = `${port.port}/${port.protocol}`;
    const first = byPort.get(key);
    if (first === undefined) byPort.set(key, port);
    else {
      const advice = 'use another port or protocol, or remove it';
      const value = `port ${port.port} for ${quoted(port.protocol)}`;
      const data = { value, other: `spec.ports[${first.index}]`, advice };
      say('duplicate', [...PORTS, port.index], data, { value: port.port });
    }
  }
};

export const checkNodePorts: Check = (scene, say) => {
  const { type, ports } = scene.service;
  const written = explicitPaths(scene);
  const byNumber = new Map<number, ServicePort>();
  for (const port of ports) {
    const { nodePort: value, index } = port;
    const path = nodePortPath(index);
    if (value !== 0 && type === 'ClusterIP') {
      say('forbidden', path, { value, type, advice: 'remove it, or set type to NodePort' });
    }
    if (!written.has(index)) continue;
    const first = byNumber.get(value) ?? port;
    byNumber.set(value, first);
    if (first.port !== port.port) {
      const other = `spec.ports[${first.index}].nodePort`;
      say('duplicate', path, { value, other, advice: 'use another one: only one port, for TCP and UDP, can have it' });
    }
  }
};

/**
 * The ports whose numbers the allocator would be asked for: neither those that the gate assigns, nor those that the Service
 * has already. It is asked once for all ports of one `port` number (initNodePorts in
 * pkg/registry/core/service/storage/alloc.go), so ports of two cannot share, whatever their protocols are.
 */
function explicitPaths({ ports }: Scene): ReadonlySet<unknown> {
  return new Set(ports.filter(({ because }) => because === 'explicit').map(({ path }) => path[2]));
}

function checkName(port: ServicePort, { ports }: Service, byName: Map<string, ServicePort>, say: Say): void {
  const { name, index } = port;
  const path = at(port, 'name');
  if (name === '') {
    if (ports.length > 1) say('missing', path, { advice: 'give each of several ports a name' });
    return;
  }
  if (!isLabel(name)) {
    say('invalid', path, { value: quoted(name), problem: 'is no name for a port', advice: labelAdvice(name) });
  }
  const first = byName.get(name);
  if (first === undefined) byName.set(name, port);
  else if (first.index !== index) {
    const other = `spec.ports[${first.index}].name`;
    say('duplicate', path, { value: quoted(name), other, advice: 'give each port a name of its own' });
  }
}

function checkNumber(port: ServicePort, raw: unknown, say: Say): void {
  const { port: value } = port;
  const path = at(port, 'port');
  const written = valueAt(raw, path);
  if (written === undefined || written === null) say('missing', path, { advice: 'write the port of the Service' });
  else if (!isPort(value))
    say('invalid', path, { value, problem: 'is no port number', advice: `use 1 to ${MAX_PORT}` });
}

/** 0 and "" are filled in with the port. */
function checkTarget(value: unknown, path: Path, say: Say): void {
  if (typeof value === 'number' && Number.isInteger(value) && value !== 0 && !isPort(value)) {
    say('invalid', path, { value, problem: 'is no port number', advice: `use 1 to ${MAX_PORT}` });
  }
  const fault = typeof value === 'string' && value !== '' ? portNameFault(value) : undefined;
  if (fault !== undefined) say('invalid', path, { value: shown(value), ...fault });
}

function checkAppProtocol(value: unknown, path: Path, say: Say): void {
  if (typeof value !== 'string' || isQualifiedName(value)) return;
  const advice = 'write it as in http or kubernetes.io/h2c';
  say('invalid', path, { value: quoted(value), problem: 'is no protocol name', advice });
}

function isPort(value: number): boolean {
  return value >= 1 && value <= MAX_PORT;
}

function at({ index }: ServicePort, field: string): Path {
  return [...PORTS, index, field];
}
