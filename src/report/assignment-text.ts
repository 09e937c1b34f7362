import { HEALTH_CHECK_PORT_NAME } from '../domain/service.ts';
import { escaped, printable } from '../domain/text.ts';
import type { Because } from '../domain/verdict.ts';
import type { ReportedAssignment, VerdictItem } from './verdict-list.ts';

/** `from pool shop (…)` for what the gate chose, `in pool shop (…)` for what somebody else chose. */
const REASONS: Readonly<Record<Because, { readonly preposition: 'from' | 'in'; readonly words: string }>> = {
  kept: { preposition: 'in', words: 'it has this number already' },
  explicit: { preposition: 'in', words: 'as the manifest says' },
  hash: { preposition: 'from', words: 'chosen by the hash of its name: the same again, as long as it is free' },
  'hash, inventory incomplete': {
    preposition: 'from',
    words: 'chosen by the hash of its name, but not all Services are known yet, so it may still be taken',
  },
  reservation: { preposition: 'from', words: 'given to it a moment ago' },
  'api-server': { preposition: 'in', words: 'picked by the API server' },
};

/** As a verdict has it, or as a report has it. */
type AnyAssignment = Omit<ReportedAssignment, 'pool'> & { readonly pool?: string | undefined };

/** `http/TCP 30104 from pool shop (…)`. */
export function assignmentText({ port, protocol, nodePort, pool, because }: AnyAssignment): string {
  const { preposition, words } = REASONS[because];
  const place = pool === undefined ? '' : ` ${preposition} pool ${pool}`;
  return `${assignedLabel(port)}/${printable(protocol)} ${nodePort}${place} (${words})`;
}

/** As people call the port. */
export function assignedLabel(port: string): string {
  return port === HEALTH_CHECK_PORT_NAME ? 'health check' : printable(port);
}

/** `spec.externalTrafficPolicy to Local`: what the patch fills in beside the port numbers, which have lines of their own. */
export function otherChanges({ patch }: Pick<VerdictItem, 'patch'>): readonly string[] {
  return patch
    .filter(({ path }) => !/\/(?:nodePort|healthCheckNodePort)$/.test(path))
    .map(({ path, value }) => `${fieldOf(path)} to ${printable(String(value))}`);
}

/** `spec.externalTrafficPolicy` from its JSON Pointer; the gate changes plain fields of `spec` only. */
function fieldOf(pointer: string): string {
  return escaped(pointer.slice(1).replaceAll('/', '.'));
}
