import type { Inventory } from '../domain/inventory.ts';
import type { PortSet } from '../domain/port-set.ts';
import { formatRef } from '../domain/service.ts';
import { counted, firstOf, printable } from '../domain/text.ts';

const MOST_NAMES = 3;

/**
 * What the operator should know of numbers that ExternalName Services carry since before the gate: those that the API
 * server can allocate are lost to everybody, and nothing else says to whom.
 */
export function squatterRemarks({ squatters }: Inventory, clusterPorts: PortSet | undefined): readonly string[] {
  const lost = squatters.filter(({ nodePort }) => clusterPorts?.has(nodePort));
  if (lost.length === 0) return [];
  const numbers = new Set(lost.map(({ nodePort }) => nodePort)).size;
  const names = firstOf([...new Set(lost.map((squatter) => printable(formatRef(squatter))))], MOST_NAMES).join(', ');
  const [are, them] = numbers === 1 ? ['is', 'it'] : ['are', 'them'];
  return [
    `${counted(numbers, 'number')} ${are} carried by ExternalName Services (${names}), which Kubernetes counts as taken; ` +
      `set ${them} to 0`,
  ];
}
