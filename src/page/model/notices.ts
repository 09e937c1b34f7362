import { allOf } from '../../domain/text.ts';
import type { PortMap } from '../../report/port-map.ts';

type Resource = PortMap['notKnown'][number];

/** What is looked up by audits. */
const WITHOUT: Readonly<Record<Exclude<Resource, 'services'>, string>> = {
  namespaces: 'which pools choose a namespace by its labels',
  nodes: 'which nodes there are',
  pods: 'which host ports pods take',
  endpointslices: 'which nodes answer',
};

/** What the map cannot say, and what to do about it; one sentence each. */
export function noticesOf(map: PortMap): readonly string[] {
  const { policy, auditedAt, ports, squatters, notKnown, pools } = map;
  const notices: string[] = [];
  if (policy === undefined) {
    notices.push('No policy is in force: pools and findings are not known. The log and /readyz of the gate say why.');
  } else if (pools.length === 0) {
    notices.push('The policy has no pools: a number belongs to nobody. Write a NodePortPool to give them owners.');
  }
  if (auditedAt === undefined) {
    notices.push(
      'No audit has run: who may connect, which nodes answer, host ports and findings are not known. Start the gate with --audit-interval.',
    );
  }
  const lookedUp = notKnown.filter((resource) => resource !== 'services');
  if (lookedUp.length > 0) notices.push(notKnownText(lookedUp));
  if (lookedUp.length < notKnown.length) {
    notices.push('Not all Services are listed: a number that looks free may be held. /readyz of the gate says why.');
  } else if (ports.length + squatters.length === 0) {
    notices.push(`No Service has a node port: all of ${map.range} is free.`);
  }
  return notices;
}

function notKnownText(resources: readonly (keyof typeof WITHOUT)[]): string {
  const missing = allOf(resources.map((resource) => WITHOUT[resource]));
  const text = `${missing} is not known: ${allOf(resources)} could not be looked up`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. That takes the right to list them, or a dump that has them.`;
}
