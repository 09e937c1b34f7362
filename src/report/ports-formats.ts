import { type CsvCell, csvText } from './csv.ts';
import { freeIn, type PortListing } from './port-listing.ts';
import { PORT_COLUMNS, type PortRow, portRows } from './port-rows.ts';
import { portsHuman } from './ports-human.ts';
import { portsJson } from './ports-json.ts';

/** What `-o` of `ports` takes. */
export const PORTS_FORMATS = {
  human: portsHuman,
  json: portsJson,
  csv: portsCsv,
} as const satisfies Readonly<Record<string, (listing: PortListing) => string>>;

/**
 * A row for each port, and for each number that is free, where that was asked for. Of several clusters each row begins with
 * the cluster, and ends with those in which the number is free.
 */
function portsCsv({ clusters, numbers, free = [] }: PortListing): string {
  const isSeveral = clusters.length > 1;
  const freeElsewhere = new Map(numbers.map((use) => [use.nodePort, freeIn(use, clusters).join(', ')]));
  const everywhere = clusters.map(({ cluster }) => cluster).join(', ');
  const cells = (row: PortRow, cluster: string, free_in: string | undefined): readonly CsvCell[] => {
    const own = PORT_COLUMNS.map((column) => row[column]);
    return isSeveral ? [cluster, ...own, free_in] : own;
  };
  const rows = [
    ...clusters.flatMap(({ cluster, map }) =>
      portRows(map).map((row) => cells(row, cluster, freeElsewhere.get(Number(row.node_port)))),
    ),
    ...free.flatMap(({ from, to, pool }) =>
      Array.from({ length: to - from + 1 }, (_, index) =>
        cells({ kind: 'free', node_port: from + index, pool }, '', everywhere),
      ),
    ),
  ];
  return csvText(isSeveral ? ['cluster', ...PORT_COLUMNS, 'free_in'] : PORT_COLUMNS, rows);
}
