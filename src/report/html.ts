import type { PortMap } from './port-map.ts';

/** Where a page has its map, if it has one; `build/page.ts` leaves it free. */
export const MAP_PLACE = '<!--port-map-->';

/**
 * The page with a map in it: it shows that one and asks nobody. The map is data in an element that no browser runs, and no
 * text in it can end that element.
 */
export function pageWithMap(page: string, map: PortMap): string {
  const data = JSON.stringify(map).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  // A function: in a text, `$&` of somebody's annotation would mean something.
  return page.replace(MAP_PLACE, () => `<script type="application/json" id="port-map">${data}</script>`);
}
