import type { HeldPort } from '../domain/inventory.ts';
import { formatRef, HEALTH_CHECK_PORT_NAME } from '../domain/service.ts';
import { printable } from '../domain/text.ts';

/** `shop/web (port http)`, `shop/web (health check)`. */
export function describeHolder(holder: HeldPort): string {
  const port = holder.port === HEALTH_CHECK_PORT_NAME ? 'health check' : `port ${printable(holder.port)}`;
  return `${printable(formatRef(holder))} (${port})`;
}
