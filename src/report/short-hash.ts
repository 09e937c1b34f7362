const PREFIX = 'sha256:';
const LENGTH = 12;

/** Enough to tell two policies apart by eye; the whole hash is in the JSON. */
export function shortHash(hash: string): string {
  return hash.startsWith(PREFIX) ? hash.slice(0, PREFIX.length + LENGTH) : hash;
}
