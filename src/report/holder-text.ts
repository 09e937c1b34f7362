import { assignedLabel } from './assignment-text.ts';
import { harmless } from './harmless.ts';
import { objectName } from './object-title.ts';
import type { MappedPort } from './port-map.ts';

/** `shop/web` */
export function nameText({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return harmless(objectName({ namespace, name }));
}

/** `http`, `health check` */
export function labelText(port: string): string {
  return harmless(assignedLabel(port));
}

/** `shop/web (http/TCP)`: whoever shares a number with others may have it for another protocol. */
export function holderText(port: Pick<MappedPort, 'namespace' | 'name' | 'port' | 'protocol'>): string {
  return `${nameText(port)} (${labelText(port.port)}/${harmless(port.protocol)})`;
}
