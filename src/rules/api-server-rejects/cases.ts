import type { JsonObject } from '../../domain/json.ts';
import { type Path, valueAt } from '../../domain/path.ts';
import { casesFor, type ExpectedFinding, type ServiceCase } from '../cases.ts';
import type { MESSAGES } from './messages.ts';
import { apiServerRejects } from './rule.ts';

type Id = keyof typeof MESSAGES;
type Refused = ServiceCase & { readonly findings: readonly ExpectedFinding<Id>[] };
/** The message, the field and the text, as in `invalid spec.ports[0].port: 0 is no port number; use 1 to 65535`. */
type Line = `${Id} ${string}: ${string}`;

const http = { name: 'http', port: 80 };
const open = { type: 'NodePort', ports: [http] };
const balanced = { type: 'LoadBalancer', ports: [http] };
const alias = { type: 'ExternalName', externalName: 'db.example.com' };
const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

export const cases = casesFor(apiServerRejects, {
  valid: [
    accepted('a NodePort Service', open),
    accepted('a LoadBalancer with everything', {
      ...balanced,
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30_011,
      loadBalancerClass: 'example.com/internal',
      loadBalancerSourceRanges: [' 192.0.2.0/24 '],
      allocateLoadBalancerNodePorts: false,
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_400 } },
      internalTrafficPolicy: 'Local',
      trafficDistribution: 'PreferClose',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      externalIPs: ['192.0.2.1'],
      publishNotReadyAddresses: true,
      selector: { app: 'web' },
    }),
    accepted('the annotation on a LoadBalancer', balanced, { annotations: { [RANGES]: '192.0.2.0/24, 10.0.0.0/8' } }),
    accepted('the annotation with nothing in it', balanced, { annotations: { [RANGES]: ' ' } }),
    accepted('null is not set', {
      ...open,
      ports: [{ ...http, nodePort: null, targetPort: null, appProtocol: null }],
      loadBalancerClass: null,
      allocateLoadBalancerNodePorts: null,
      clusterIP: '',
    }),
    accepted('TCP and UDP of one port share a node port', {
      type: 'NodePort',
      ports: [
        { name: 'dns', port: 53, nodePort: 30_012 },
        { name: 'dns-udp', port: 53, nodePort: 30_012, protocol: 'UDP', appProtocol: 'example.com/dns' },
      ],
    }),
    accepted('an ExternalName, with the dot at its end', { ...alias, externalName: 'db.example.com.' }),
    accepted('a ClusterIP with an external IP has a traffic policy', {
      ports: [{ ...http, targetPort: 'web-1' }],
      externalIPs: ['192.0.2.1'],
      externalTrafficPolicy: 'Local',
    }),
    accepted('a headless Service needs no port', { clusterIP: 'None', externalName: 'not.used.here' }),
    accepted('a generated name', open, { name: '', generateName: 'web-' }),
    accepted('a plain ClusterIP', { ports: [{ port: 80 }] }),
    accepted('not looked at: a Service that says nothing about the outside', {
      ports: [{ port: 80 }],
      clusterip: 'None',
    }),
    accepted('not looked at: the range of the cluster', { ...balanced, ports: [{ ...http, nodePort: 29_999 }] }),
    accepted('not looked at: numbers that are no ports', {
      ...balanced,
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: -1,
      ports: [{ ...http, nodePort: 70_000 }],
    }),
  ],
  invalid: [
    refused(
      besides({ name: 'b', port: 81, nodeport: 30_013 }),
      'unknownField spec.ports[1].nodeport: "nodeport" is no field that the API server knows here; write nodePort',
    ),
    refused(
      { ...open, nodePort: 30_013 },
      'unknownField spec.nodePort: "nodePort" is no field that the API server knows here; write nodePort in spec.ports[]',
    ),
    refused(
      { ...open, externalTrafficPolcy: 'Local' },
      'unknownField spec.externalTrafficPolcy: "externalTrafficPolcy" is no field that the API server knows here; correct its spelling or remove it',
    ),
    refused(
      { ...open, constructor: 'x' },
      'unknownField spec.constructor: "constructor" is no field that the API server knows here; correct its spelling or remove it',
    ),
    named(
      { annotation: { a: 'b' } },
      open,
      'unknownField metadata.annotation: "annotation" is no field that the API server knows here; correct its spelling or remove it',
    ),
    refused(
      { ...open, sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeout: 5 } } },
      'unknownField spec.sessionAffinityConfig.clientIP.timeout: "timeout" is no field that the API server knows here; correct its spelling or remove it',
    ),
    refused(
      { ...open, publishNotReadyAddresses: 'yes' },
      'wrongType spec.publishNotReadyAddresses: "yes" is a string; write true or false, without quotes',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, targetPort: 80.5 }] },
      'wrongType spec.ports[0].targetPort: 80.5 is not whole; write a number or the name of a port',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, nodePort: '' }] },
      'wrongType spec.ports[0].nodePort: "" is an empty string, which the API server cannot decode as a number; write a number without quotes, or remove the line',
    ),
    {
      ...refused(
        { type: 'LoadBalancer', ports: [{ ...http, nodePort: '' }] },
        'wrongType spec.ports[0].nodePort: "" is an empty string, which the API server cannot decode as a number; write a number without quotes, or remove the line',
      ),
      name: 'an empty string, which the gate would have replaced',
      documents: [{ kind: 'NodePortPool', metadata: { name: 'a' }, spec: { ports: ['30104'], namespaces: ['shop'] } }],
    },
    refused(
      { ...balanced, externalTrafficPolicy: 'Local', healthCheckNodePort: '' },
      'wrongType spec.healthCheckNodePort: "" is an empty string, which the API server cannot decode as a number; write a number without quotes, or remove the line',
    ),
    refused({ ...open, clusterIP: 10 }, 'wrongType spec.clusterIP: 10 is a number; write a string, in quotes'),
    refused(
      { ...open, clusterIPs: [10] },
      'wrongType spec.clusterIPs: this list is of other things; write a list of strings',
    ),
    refused(
      { ...balanced, loadBalancerClass: {} },
      'wrongType spec.loadBalancerClass: this is an object; write a string, in quotes',
    ),
    refused({ type: 'NodePort' }, 'missing spec.ports: this is missing; list at least one port'),
    refused(
      { type: 'NodePort', ports: [{ name: 'http' }] },
      'missing spec.ports[0].port: this is missing; write the port of the Service',
    ),
    refused(besides({ port: 81 }), 'missing spec.ports[1].name: this is missing; give each of several ports a name'),
    refused(
      { type: 'ExternalName' },
      'missing spec.externalName: this is missing; write the DNS name that the Service stands for',
    ),
    refused({ type: 'Nodeport', ports: [http] }, 'unsupported spec.type: "Nodeport" is not supported; use NodePort'),
    refused(
      { type: 'PublicLoadBalancer', ports: [http] },
      'unsupported spec.type: "PublicLoadBalancer" is not supported; use ClusterIP, ExternalName, LoadBalancer or NodePort',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, protocol: 'tcp' }] },
      'unsupported spec.ports[0].protocol: "tcp" is not supported; use TCP',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, protocol: 'HTTP' }] },
      'unsupported spec.ports[0].protocol: "HTTP" is not supported; use SCTP, TCP or UDP',
    ),
    refused(
      { ...open, externalTrafficPolicy: 'local' },
      'unsupported spec.externalTrafficPolicy: "local" is not supported; use Local',
    ),
    refused(
      { ...open, internalTrafficPolicy: 'Nearest' },
      'unsupported spec.internalTrafficPolicy: "Nearest" is not supported; use Cluster or Local',
    ),
    refused(
      { ...open, sessionAffinity: 'clientIP' },
      'unsupported spec.sessionAffinity: "clientIP" is not supported; use ClientIP',
    ),
    refused(
      { ...open, trafficDistribution: 'Close' },
      'dependsOnVersion spec.trafficDistribution: "Close" is not supported, which Kubernetes 1.31 and later refuses; use PreferClose, PreferSameNode or PreferSameZone',
    ),
    refused({ ...open, ipFamilies: ['ipv4'] }, 'unsupported spec.ipFamilies[0]: "ipv4" is not supported; use IPv4'),
    refused(
      { ...open, ipFamilyPolicy: 'DualStack' },
      'unsupported spec.ipFamilyPolicy: "DualStack" is not supported; use PreferDualStack, RequireDualStack or SingleStack',
    ),
    named({ name: 'Web_1' }, open, 'invalid metadata.name: "Web_1" is no name for a Service; use "web-1"'),
    named(
      { name: '--' },
      open,
      'invalid metadata.name: "--" is no name for a Service; use at most 63 of a-z and 0-9, with dashes inside',
    ),
    named(
      { name: '', generateName: 'web.' },
      open,
      'invalid metadata.generateName: "web." is no name for a Service; use "web"',
    ),
    named(
      { name: '', generateName: 'A-' },
      open,
      'invalid metadata.generateName: "A-" is no name for a Service; use "a"',
    ),
    named(
      { namespace: 'Shop' },
      open,
      'invalid metadata.namespace: "Shop" is no name that a namespace can have; use "shop"',
    ),
    named(
      { name: '1st' },
      open,
      'dependsOnVersion metadata.name: "1st" begins with a digit, which Kubernetes before 1.36 refuses; begin it with a letter',
    ),
    refused(
      { type: 'NodePort', ports: [{ name: 'web_http', port: 80 }] },
      'invalid spec.ports[0].name: "web_http" is no name for a port; use "web-http"',
    ),
    refused(
      { type: 'NodePort', ports: [{ name: 'http', port: 65_536 }] },
      'invalid spec.ports[0].port: 65536 is no port number; use 1 to 65535',
    ),
    refused(
      { type: 'NodePort', ports: [{ name: 'http', port: 0 }] },
      'invalid spec.ports[0].port: 0 is no port number; use 1 to 65535',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, targetPort: 70_000 }] },
      'invalid spec.ports[0].targetPort: 70000 is no port number; use 1 to 65535',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, targetPort: '8080' }] },
      'invalid spec.ports[0].targetPort: "8080" is a string of digits; write the number without quotes',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, targetPort: 'a-very-long-name' }] },
      'invalid spec.ports[0].targetPort: "a-very-long-name" is no port name; use at most 15 of a-z, 0-9 and single dashes inside, among them a letter',
    ),
    refused(
      { type: 'NodePort', ports: [{ ...http, appProtocol: 'a/b/c' }] },
      'invalid spec.ports[0].appProtocol: "a/b/c" is no protocol name; write it as in http or kubernetes.io/h2c',
    ),
    refused(
      { ...open, sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
      'invalid spec.sessionAffinityConfig.clientIP.timeoutSeconds: 0 is too short or too long; use 1 to 86400 seconds',
    ),
    refused(
      { ...alias, externalName: 'DB.example.com' },
      'invalid spec.externalName: "DB.example.com" is no DNS name; use lower-case labels of a-z, 0-9 and dashes with dots between, as in db.example.com',
    ),
    refused(
      { ...open, clusterIP: 'none' },
      'invalid spec.clusterIP: "none" is no IP address; write one as in 192.0.2.1 or 2001:db8::1',
    ),
    refused(
      { ...open, externalIPs: ['192.0.2.256'] },
      'invalid spec.externalIPs[0]: "192.0.2.256" is no IP address; write one as in 192.0.2.1 or 2001:db8::1',
    ),
    refused(
      { ...open, externalIPs: ['127.0.0.1'] },
      'invalid spec.externalIPs[0]: "127.0.0.1" is a loopback, link-local or unspecified address; use an address that is routed to the nodes',
    ),
    refused(
      { ...open, externalIPs: ['192.0.2.010'] },
      'dependsOnVersion spec.externalIPs[0]: "192.0.2.010" has a leading zero, which Kubernetes 1.36 and later refuses; write its numbers without',
    ),
    refused(
      { ...balanced, loadBalancerSourceRanges: ['192.0.2.0/24', '192.0.2.1'] },
      'invalid spec.loadBalancerSourceRanges[1]: "192.0.2.1" has no prefix length; write 192.0.2.1/32 for this one address',
    ),
    refused(
      { ...balanced, loadBalancerSourceRanges: ['192.0.2.1/24'] },
      'dependsOnVersion spec.loadBalancerSourceRanges[0]: "192.0.2.1/24" has bits set beyond the prefix, which Kubernetes 1.36 and later refuses; write 192.0.2.0/24',
    ),
    refused(
      { ...balanced, loadBalancerClass: 'in ternal' },
      'invalid spec.loadBalancerClass: "in ternal" is no class name; write it as in example.com/internal',
    ),
    refused(
      { ...balanced, healthCheckNodePort: 30_014 },
      'invalid spec.healthCheckNodePort: 30014 is only for externalTrafficPolicy Local; remove it, or set externalTrafficPolicy to Local',
    ),
    refused(
      besides({ name: 'b', port: 80 }),
      'duplicate spec.ports[1]: port 80 for "TCP" is the same as in spec.ports[0]; use another port or protocol, or remove it',
    ),
    refused(
      besides({ name: 'http', port: 81 }),
      'duplicate spec.ports[1].name: "http" is the same as in spec.ports[0].name; give each port a name of its own',
    ),
    refused(
      besides({ name: 'b', port: 81, protocol: 'UDP', nodePort: 30_010 }),
      'duplicate spec.ports[1].nodePort: 30010 is the same as in spec.ports[0].nodePort; use another one: only one port, for TCP and UDP, can have it',
    ),
    refused(
      {
        type: 'LoadBalancer',
        ports: [{ ...http, nodePort: 30_015 }],
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 30_015,
      },
      'duplicate spec.healthCheckNodePort: 30015 is the same as in spec.ports[0].nodePort; use another number',
    ),
    refused(
      { ports: [{ ...http, nodePort: 30_016 }] },
      'forbidden spec.ports[0].nodePort: 30016 may not be set when type is ClusterIP; remove it, or set type to NodePort',
    ),
    refused(
      { ports: [http], externalTrafficPolicy: 'Local' },
      'forbidden spec.externalTrafficPolicy: "Local" may not be set when type is ClusterIP; remove it, or set type to NodePort',
    ),
    refused(
      { ...open, clusterIP: 'None' },
      'forbidden spec.clusterIP: "None" may not be set when type is NodePort; remove it, or set type to ClusterIP',
    ),
    refused(
      { ...alias, clusterIP: '10.0.0.9', ipFamilyPolicy: 'SingleStack' },
      'forbidden spec.clusterIP: "10.0.0.9" may not be set when type is ExternalName; remove it',
      'forbidden spec.ipFamilyPolicy: "SingleStack" may not be set when type is ExternalName; remove it',
    ),
    refused(
      { ...open, healthCheckNodePort: 30_017 },
      'forbidden spec.healthCheckNodePort: 30017 may not be set when type is NodePort; remove it: only a LoadBalancer with Local has one',
    ),
    refused(
      { ...open, allocateLoadBalancerNodePorts: false },
      'forbidden spec.allocateLoadBalancerNodePorts: false may not be set when type is NodePort; remove it, or set type to LoadBalancer',
    ),
    refused(
      { ...open, loadBalancerClass: 'example.com/internal' },
      'forbidden spec.loadBalancerClass: "example.com/internal" may not be set when type is NodePort; remove it, or set type to LoadBalancer',
    ),
    refused(
      { ...open, loadBalancerSourceRanges: ['192.0.2.0/24'] },
      'forbidden spec.loadBalancerSourceRanges: this list may not be set when type is NodePort; use nodeport-gate.dev/source-cidrs instead, or type LoadBalancer',
    ),
    named(
      { annotations: { [RANGES]: '192.0.2.0/24' } },
      open,
      'forbidden metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: "192.0.2.0/24" may not be set when type is NodePort; use nodeport-gate.dev/source-cidrs instead, or type LoadBalancer',
    ),
    named(
      { annotations: { [RANGES]: '192.0.2.0/24,' } },
      balanced,
      'invalid metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: "" is empty; name a network, as in 192.0.2.0/24, or remove the comma',
    ),
  ],
});

function accepted(name: string, spec: JsonObject, metadata: JsonObject = {}): ServiceCase {
  return { name, origin: 'file', service: { metadata, spec } };
}

/** Its findings are its name. */
function refused(spec: JsonObject, ...lines: readonly Line[]): Refused {
  return named({}, spec, ...lines);
}

function named(metadata: JsonObject, spec: JsonObject, ...lines: readonly Line[]): Refused {
  const given = accepted(lines.join(' & '), spec, metadata);
  return { ...given, findings: lines.map((line) => findingOf(line, given.service)) };
}

function findingOf(line: Line, service: JsonObject): ExpectedFinding<Id> {
  const [, id, field = '', text = ''] = /^(\w+) (\S+): (.*)$/.exec(line) ?? [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type of the line says so
  const messageId = id as Id;
  const path = pathOf(field);
  const value = saidIn(text) ?? valueAt(service, path);
  const enforcement = messageId === 'dependsOnVersion' ? { enforcement: 'warn' as const } : {};
  return { messageId, path, text, ...(value !== undefined && { value }), ...enforcement };
}

/** `spec.ports[0].name` as a path. */
function pathOf(field: string): Path {
  return [...field.matchAll(/\[([^\]]+)\]|[^.[\]]+/g)].map(([step, key = step]) =>
    /^\d+$/.test(key) ? Number(key) : key,
  );
}

/** The value that the text begins with. */
function saidIn(text: string): unknown {
  const [, , word, number] = /^(port )?(?:"([^"]*)"|(-?[\d.]+))/.exec(text) ?? [];
  return word ?? (number === undefined ? undefined : Number(number));
}

/** A list of ports, of which the first is right. */
function besides(port: JsonObject): JsonObject {
  return { type: 'NodePort', ports: [{ ...http, nodePort: 30_010 }, port] };
}
