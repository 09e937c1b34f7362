import { liveMap } from '../audit/live-map.ts';
import type { Gate } from './gate.ts';
import { type Version, versionOf } from './send-version.ts';

/**
 * Gives the port map as JSON. Of 5,000 Services it takes tens of milliseconds to make, and a page asks every few seconds, so
 * it is made again only when a part of it is another one: each is a value that is replaced when anything in it changes.
 */
export function makeCurrentMap(gate: Gate): () => Version {
  let made: { readonly of: readonly unknown[]; readonly version: Version } | undefined;
  return () => {
    const inventory = gate.cluster.inventory();
    const policy = gate.policy();
    const audited = gate.audited()?.map;
    const { held, squatters, complete } = inventory;
    const parts: readonly unknown[] = [held, squatters, complete, policy, audited];
    if (made === undefined || parts.some((part, index) => part !== made?.of[index])) {
      made = { of: parts, version: versionOf(JSON.stringify(liveMap(inventory, policy, audited))) };
    }
    return made.version;
  };
}
