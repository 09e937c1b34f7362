import type { PoolRange } from '../domain/pool.ts';
import { formatRanges } from '../domain/port-set.ts';
import { aligned } from './aligned.ts';
import { harmless } from './harmless.ts';
import { holderText, labelText, nameText } from './holder-text.ts';
import type { NumberHolder, PortListing } from './port-listing.ts';
import type { MappedHostPort, PortMap } from './port-map.ts';

interface Row {
  readonly number: number;
  readonly cells: readonly string[];
}

const NOTHING = '-';

/** A table by number: of one cluster a row for each port, of several a row for each number and a column for each cluster. */
export function portsHuman(listing: PortListing): string {
  const { head, rows } = listing.clusters.length > 1 ? tableOfSeveral(listing) : tableOfOne(listing);
  const inOrder = rows.toSorted((a, b) => a.number - b.number);
  return `${aligned([head, ...inOrder.map(({ cells }) => cells)]).join('\n')}\n`;
}

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly Row[];
}

function tableOfOne({ clusters, free = [] }: PortListing): Table {
  return {
    head: ['NODE PORT', 'SERVICE', 'PORT', 'POOL', 'MARKS'],
    rows: [
      ...clusters.flatMap(({ map }) => rowsOf(map)),
      ...free.map((range) => freeRow(range, ['free', NOTHING, poolCell(range.pool), NOTHING])),
    ],
  };
}

function rowsOf({ ports, squatters, hostPorts }: PortMap): readonly Row[] {
  const row = (number: number, protocol: string, cells: readonly string[]): Row => ({
    number,
    cells: [`${number}/${harmless(protocol)}`, ...cells],
  });
  return [
    ...ports.map(({ nodePort, protocol, port, pool, marks, ...service }) =>
      row(nodePort, protocol, [nameText(service), labelText(port), poolCell(pool), marks.join(', ') || NOTHING]),
    ),
    ...squatters.map(({ nodePort, protocol, port, pool, ...service }) =>
      row(nodePort, protocol, [nameText(service), labelText(port), poolCell(pool), 'squatter']),
    ),
    ...hostPorts.map((port) => row(port.hostPort, port.protocol, [ownerOf(port), port.because, NOTHING, 'host-port'])),
  ];
}

function tableOfSeveral({ clusters, numbers, free = [] }: PortListing): Table {
  const used = numbers.map(({ nodePort, pool, holders, otherwise }) => {
    const cells = holders.map((there) => there.map(cellText).join(', ') || otherwise);
    return { number: nodePort, cells: [String(nodePort), poolCell(pool), ...cells] };
  });
  const everywhere = clusters.map(() => 'free');
  return {
    head: ['NODE PORT', 'POOL', ...clusters.map(({ cluster }) => harmless(cluster))],
    rows: [...used, ...free.map((range) => freeRow(range, [poolCell(range.pool), ...everywhere]))],
  };
}

function freeRow(range: PoolRange, cells: readonly string[]): Row {
  return { number: range.from, cells: [formatRanges([range]), ...cells] };
}

function cellText(holder: NumberHolder): string {
  if (holder.as === 'host-port') return `${ownerOf(holder.port)} (host port)`;
  return holder.as === 'squatter' ? `${nameText(holder.port)} (squatter)` : holderText(holder.port);
}

function ownerOf({ kind, ...owner }: MappedHostPort): string {
  return `${harmless(kind)} ${nameText(owner)}`;
}

function poolCell(pool: string | undefined): string {
  return pool === undefined ? NOTHING : harmless(pool);
}
