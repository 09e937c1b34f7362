/** Highest number a TCP, UDP or SCTP port can have. */
export const MAX_PORT = 65_535;

/** Both ends inclusive, as in `--service-node-port-range`. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A set of port numbers that answers `has` in constant time and lists its members in ascending order.
 * Numbers outside 0-65535 are never members: a Service may carry any int32 (the API server does not range-check an ExternalName).
 */
export interface PortSet {
  readonly ranges: readonly PortRange[];
  /** Made when first asked for. */
  readonly numbers: Uint16Array;
  has(port: number): boolean;
}

/** Reads `30000-32767` or `30080`; undefined when the text is neither, a port is not in 1-65535, or the range is backwards. */
export function parseRange(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= 1 && from <= to && to <= MAX_PORT ? { from, to } : undefined;
}

/** `30000-30100, 30500`, and of many ranges the first ones: `30000, 30002, 30004 and 97 more`. */
export function formatRanges(ranges: readonly PortRange[], most = ranges.length): string {
  const hidden = ranges.length - most;
  const shown = ranges.slice(0, most).map(formatRange).join(', ');
  return hidden > 0 ? `${shown} and ${hidden} more` : shown;
}

function formatRange({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/** The union of the ranges; touching and overlapping ones become one. */
export function portSet(ranges: readonly PortRange[]): PortSet {
  const merged = mergeRanges(ranges);
  const bits = bitsOf(merged);
  let numbers: Uint16Array | undefined;
  return {
    ranges: merged,
    get numbers() {
      return (numbers ??= numbersOf(merged));
    },
    has: (port) => port >= 0 && port <= MAX_PORT && ((bits[port >>> 5] ?? 0) & (1 << (port & 31))) !== 0,
  };
}

/** Whole words where it can: a set of 30000 ports is made at each start. */
function bitsOf(ranges: readonly PortRange[]): Uint32Array {
  const bits = new Uint32Array((MAX_PORT + 1) / 32);
  for (const { from, to } of ranges) {
    for (let port = from; port <= to;) {
      const isWord = (port & 31) === 0 && port + 31 <= to;
      bits[port >>> 5] = isWord ? 0xffff_ffff : (bits[port >>> 5] ?? 0) | (1 << (port & 31));
      port += isWord ? 32 : 1;
    }
  }
  return bits;
}

function numbersOf(ranges: readonly PortRange[]): Uint16Array {
  const numbers = new Uint16Array(ranges.reduce((size, { from, to }) => size + to - from + 1, 0));
  let next = 0;
  for (const { from, to } of ranges) {
    for (let port = from; port <= to; port += 1) {
      numbers[next] = port;
      next += 1;
    }
  }
  return numbers;
}

/** The members of `set` that are not in `taken`. */
export function without(set: PortSet, taken: PortSet): PortSet {
  const left: PortRange[] = [];
  let index = 0;
  for (const { from, to } of set.ranges) {
    let next = from;
    for (let gone = taken.ranges[index]; gone !== undefined && gone.from <= to; gone = taken.ranges[index]) {
      if (gone.from > next) left.push({ from: next, to: gone.from - 1 });
      next = Math.max(next, gone.to + 1);
      // It may reach into the next range.
      if (gone.to > to) break;
      index += 1;
    }
    if (next <= to) left.push({ from: next, to });
  }
  return portSet(left);
}

/** The part that two sets share, as ranges; empty when they are disjoint. */
export function sharedRanges(a: PortSet, b: PortSet): readonly PortRange[] {
  return a.ranges.flatMap((left) =>
    b.ranges
      .filter((right) => left.from <= right.to && right.from <= left.to)
      .map((right) => ({ from: Math.max(left.from, right.from), to: Math.min(left.to, right.to) })),
  );
}

function mergeRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}
