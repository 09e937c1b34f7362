import type { CaseTable } from '../../src/rules/cases.ts';
import { cases as externalIps } from '../../src/rules/external-ips/cases.ts';
import { cases as externalNameNodePort } from '../../src/rules/external-name-node-port/cases.ts';
import { cases as externalTrafficPolicy } from '../../src/rules/external-traffic-policy/cases.ts';
import { cases as loadBalancerNodePorts } from '../../src/rules/load-balancer-node-ports/cases.ts';
import { cases as nodePortConflict } from '../../src/rules/node-port-conflict/cases.ts';
import { cases as nodePortPool } from '../../src/rules/node-port-pool/cases.ts';
import { cases as nodePortRange } from '../../src/rules/node-port-range/cases.ts';
import { cases as nodePortReserved } from '../../src/rules/node-port-reserved/cases.ts';
import { cases as protocols } from '../../src/rules/protocols/cases.ts';
import { cases as serviceType } from '../../src/rules/service-type/cases.ts';
import { cases as sourceCidrs } from '../../src/rules/source-cidrs/cases.ts';

/** The tables of all rules, sorted as the registry is. */
export const tables: readonly CaseTable<string>[] = [
  externalIps,
  externalNameNodePort,
  externalTrafficPolicy,
  loadBalancerNodePorts,
  nodePortConflict,
  nodePortPool,
  nodePortRange,
  nodePortReserved,
  protocols,
  serviceType,
  sourceCidrs,
];
