import { opened } from '../domain/node-port.ts';
import { formatPath, valueAt } from '../domain/path.ts';
import { type Answering, answeringNodes } from '../domain/reach.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { Service } from '../domain/service.ts';
import { type Declaration, declarationOf, isOpenToWorld, MOST_ITEMS } from '../domain/source-declaration.ts';
import { printable } from '../domain/text.ts';
import type { World } from '../domain/world.ts';
import { policiesFor } from '../engine/matching.ts';
import type { Policy } from '../engine/policy.ts';
import type { MappedAnswering, MappedService, MappedSources } from '../report/port-map.ts';
import type { ReportItem } from '../report/verdict-list.ts';
import { mappedFindings } from './mapped-findings.ts';

/** What a reader of the map wants to know of one Service that was judged. */
export function serviceFacts(
  request: ServiceRequest,
  { verdict, decision }: Pick<ReportItem, 'verdict' | 'decision'>,
  policy: Policy,
  world: World,
): MappedService {
  const { service } = request;
  const { namespace, name, type, externalTrafficPolicy } = service;
  const opensPorts = opened(service).length > 0;
  const declared = declaredBy(service);
  const created = valueAt(service.raw, ['metadata', 'creationTimestamp']);
  const nodes = opensPorts && externalTrafficPolicy === 'Local' ? answeringNodes(world.reach, service) : undefined;
  const policies = policiesFor(policy.policies, request, world.labelsOf(namespace));
  return {
    namespace,
    name,
    type,
    ...(typeof created === 'string' && { created }),
    ...(externalTrafficPolicy !== '' && { externalTrafficPolicy }),
    ...(declared !== undefined && { sources: sourcesOf(declared) }),
    isOpenToWorld: opensPorts && isOpenToWorld(declared, service),
    ...(nodes !== undefined && { nodes: firstNodes(nodes) }),
    policies: policies.map((each) => each.name),
    allowed: decision.allowed,
    findings: mappedFindings(verdict),
  };
}

/** Of each; an operator who wants all of them asks the cluster. */
const MOST_NODES = 50;

function firstNodes({ answering, silent }: Answering): MappedAnswering {
  const [moreAnswering, moreSilent] = [answering.length - MOST_NODES, silent.length - MOST_NODES];
  return {
    answering: answering.slice(0, MOST_NODES),
    silent: silent.slice(0, MOST_NODES),
    ...(moreAnswering > 0 && { moreAnswering }),
    ...(moreSilent > 0 && { moreSilent }),
  };
}

/** As the firewall of a load balancer really works: it filters no node port (facts: kube-proxy, `closed`). */
function declaredBy(service: Service): Declaration | undefined {
  const opensServicePorts = opened(service).some(({ path }) => path[1] === 'ports');
  return declarationOf(service, { accept: 'closed', opensServicePorts });
}

function sourcesOf({ path, items }: Declaration): MappedSources {
  return { field: formatPath(path), networks: items.slice(0, MOST_ITEMS).map(printable) };
}
