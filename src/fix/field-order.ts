import { isScalar, type Pair, type YAMLMap } from 'yaml';
import { own } from '../domain/json.ts';

/** A new field is written behind these, where they are: one line each, as a rule, and where people look for it. */
const COMES_AFTER: Readonly<Record<string, readonly string[]>> = {
  nodePort: ['port', 'targetPort'],
  externalTrafficPolicy: ['type'],
  allocateLoadBalancerNodePorts: ['type'],
  healthCheckNodePort: ['type', 'externalTrafficPolicy'],
};

/** The pairs of the mapping behind which the key may be written, best first. */
export function predecessors(mapping: YAMLMap, key: string): readonly Pair[] {
  const names = own(COMES_AFTER, key) ?? [];
  const best = mapping.items.findLast((pair) => names.some((name) => isKey(pair, name)));
  const last = mapping.items.at(-1);
  return [best, last].filter((pair) => pair !== undefined);
}

export function isKey({ key }: Pair, name: string): boolean {
  return isScalar(key) && key.value === name;
}
