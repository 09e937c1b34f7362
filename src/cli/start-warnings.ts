import { type Exception, expiresSoon, isExpired } from '../domain/exception.ts';
import type { HeldPort } from '../domain/inventory.ts';
import { formatRef } from '../domain/service.ts';
import { firstOf, escaped } from '../domain/text.ts';

/** How many of the numbers, and of the holders of each, one line names. */
const MOST_NAMED = 5;

/** Exceptions that no longer excuse anything, and those that will stop to within 14 days of `now`. */
export function exceptionWarnings(exceptions: readonly Exception[], now: Date): readonly string[] {
  return exceptions.flatMap((exception) => {
    const { name, expires } = exception;
    if (isExpired(exception, now)) {
      return [`exception ${name} ended after ${expires} (UTC) and excuses nothing; renew or remove it`];
    }
    if (!expiresSoon(exception, now)) return [];
    return [`exception ${name} ends after ${expires} (UTC); renew it, or fix the Services that it excuses`];
  });
}

/** At most one line, on node ports that several Services hold: no allocator would give them, but one was got around. */
export function sharedNumberWarnings(held: readonly HeldPort[], file: string): readonly string[] {
  const shared = [...Map.groupBy(held, ({ nodePort }) => nodePort)].flatMap(([nodePort, ports]) => {
    const holders = [...new Set(ports.map((port) => escaped(formatRef(port))))];
    return holders.length < 2 ? [] : [`${nodePort} (${firstOf(holders, MOST_NAMED).join(', ')})`];
  });
  if (shared.length === 0) return [];
  const names = firstOf(shared, MOST_NAMED);
  const what = shared.length === 1 ? 'this node port has' : 'these node ports have';
  return [`${file}: ${what} several holders: ${names.join(', ')}; give each Service a number of its own`];
}
