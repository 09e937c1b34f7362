import type { PortEntry } from './atlas.ts';

/** Who may connect, in the width of a column; the card has all of it. */
export function reachText({ kind, service, marks }: PortEntry): string {
  if (kind !== 'held') return '';
  if (marks.includes('open-to-world')) return 'the world';
  if (service === undefined) return 'not known';
  if (service.sources === undefined) return 'not said';
  return service.sources.networks.join(', ') || 'nobody';
}
