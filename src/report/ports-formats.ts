import type { PortListing } from './port-listing.ts';
import { portsCsv } from './ports-csv.ts';
import { portsHuman } from './ports-human.ts';
import { portsJson } from './ports-json.ts';

/** What `-o` of `ports` takes. */
export const PORTS_FORMATS = {
  human: portsHuman,
  json: portsJson,
  csv: portsCsv,
} as const satisfies Readonly<Record<string, (listing: PortListing) => string>>;

export type PortsFormatName = keyof typeof PORTS_FORMATS;
