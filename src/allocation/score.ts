const utf8 = new TextEncoder();

/**
 * The seed of a rendezvous key: FNV-1a (32 bits) over its UTF-8 bytes, then MurmurHash3's finalizer, so that keys that
 * differ in one letter have nothing in common. Published with test vectors (docs/assignment.md): changing it moves ports.
 */
export function seedOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return mix(hash);
}

/**
 * How much the key with this seed wants this port, 0 to 2^32-1; the highest wins. For one seed no two ports have the same
 * score: port times an odd number is a bijection on 32 bits, and so are the exclusive or and the finalizer.
 */
export function score(seed: number, port: number): number {
  return mix(seed ^ Math.imul(port, 0x9e3779b1));
}

/** fmix32 of MurmurHash3 (Austin Appleby, public domain). */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
