import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { PortMap } from '../../report/port-map.ts';
import { type Atlas, atlasOf } from '../model/atlas.ts';
import { type Connection, UNASKED, waitBefore } from '../model/connection.ts';
import { harmlessMap, isPortMap } from '../model/harmless-map.ts';

/** How long the gate may take to answer. */
const PATIENCE_MS = 10_000;

export interface FollowedMap {
  /** Undefined before the first answer. */
  readonly atlas: Atlas | undefined;
  readonly connection: Connection;
}

/** The map that came with the page, or the gate's, followed while somebody looks. */
export function useMap(embedded: PortMap | undefined): FollowedMap {
  const [map, setMap] = useState(embedded);
  const [connection, setConnection] = useState(UNASKED);
  // Not after the first picture: the answer takes as long as drawing that.
  useLayoutEffect(() => {
    if (embedded !== undefined) return undefined;
    return followPorts({ map: setMap, connection: setConnection });
  }, [embedded]);
  const atlas = useMemo(() => (map === undefined ? undefined : atlasOf(harmlessMap(map))), [map]);
  return { atlas, connection };
}

interface Listener {
  map(map: PortMap): void;
  connection(connection: Connection): void;
}

/** Asks for `ports`, again and again, with the tag of what it has; not while nobody looks. Gives back how to stop. */
function followPorts(tell: Listener): () => void {
  let connection = UNASKED;
  let tag: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isStopped = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    clearTimeout(timer);
    const answer = await askForPorts(tag);
    isAsking = false;
    if (isStopped) return;
    if (answer?.map !== undefined) tell.map(answer.map);
    if (answer !== undefined) tag = answer.tag;
    connection =
      answer === undefined
        ? { ...connection, failures: connection.failures + 1 }
        : { answeredAt: Date.now(), failures: 0 };
    tell.connection(connection);
    if (!document.hidden) timer = setTimeout(() => void ask(), waitBefore(connection));
  };
  const follow = (): void => {
    clearTimeout(timer);
    if (!document.hidden) void ask();
  };
  document.addEventListener('visibilitychange', follow);
  void ask();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', follow);
  };
}

interface Answer {
  /** Undefined: it is still the one with the tag. */
  readonly map?: PortMap;
  readonly tag: string | undefined;
}

async function askForPorts(tag: string | undefined): Promise<Answer | undefined> {
  try {
    const response = await fetch('ports', {
      headers: { accept: 'application/json', ...(tag !== undefined && { 'if-none-match': tag }) },
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === 304) return { tag };
    if (!response.ok) return undefined;
    const map: unknown = await response.json();
    return isPortMap(map) ? { map, tag: response.headers.get('etag') ?? undefined } : undefined;
  } catch {
    return undefined;
  }
}
