import type { PortMap } from '../../report/port-map.ts';
import { isPortMap } from '../model/harmless-map.ts';

/** The map that `audit -o html` has put into the page; undefined in a page that a gate serves. */
export function embeddedMap(): PortMap | undefined {
  const text = document.getElementById('port-map')?.textContent;
  if (text === undefined) return undefined;
  const map: unknown = JSON.parse(text);
  return isPortMap(map) ? map : undefined;
}
