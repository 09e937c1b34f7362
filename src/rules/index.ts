import type { Rule } from './define.ts';
import { apiServerRejects } from './api-server-rejects/rule.ts';
import { ephemeralRange } from './ephemeral-range/rule.ts';
import { explicitNodePort } from './explicit-node-port/rule.ts';
import { externalIps } from './external-ips/rule.ts';
import { externalNameNodePort } from './external-name-node-port/rule.ts';
import { externalTrafficPolicy } from './external-traffic-policy/rule.ts';
import { hostPort } from './host-port/rule.ts';
import { loadBalancerNodePorts } from './load-balancer-node-ports/rule.ts';
import { localEndpoints } from './local-endpoints/rule.ts';
import { nodePortConflict } from './node-port-conflict/rule.ts';
import { nodePortPool } from './node-port-pool/rule.ts';
import { nodePortQuota } from './node-port-quota/rule.ts';
import { nodePortRange } from './node-port-range/rule.ts';
import { nodePortReserved } from './node-port-reserved/rule.ts';
import { nullNodePort } from './null-node-port/rule.ts';
import { protocols } from './protocols/rule.ts';
import { requiredAnnotations } from './required-annotations/rule.ts';
import { serviceType } from './service-type/rule.ts';
import { sharedPortNumber } from './shared-port-number/rule.ts';
import { sourceCidrs } from './source-cidrs/rule.ts';

/** Every rule, one line each, sorted by name. Schema, presets, docs, explain and tests follow from this list. */
export const rules: readonly Rule[] = [
  apiServerRejects,
  ephemeralRange,
  explicitNodePort,
  externalIps,
  externalNameNodePort,
  externalTrafficPolicy,
  hostPort,
  loadBalancerNodePorts,
  localEndpoints,
  nodePortConflict,
  nodePortPool,
  nodePortQuota,
  nodePortRange,
  nodePortReserved,
  nullNodePort,
  protocols,
  requiredAnnotations,
  serviceType,
  sharedPortNumber,
  sourceCidrs,
];
