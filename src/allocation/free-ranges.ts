import type { Pool, PoolRange } from '../domain/pool.ts';
import { type PortRange, type PortSet, portSet } from '../domain/port-set.ts';
import { freeNumbers, type Occupancy } from './free-numbers.ts';

/** What is free in all of these worlds, in pools and outside of them, ascending. */
export function freeRanges(
  { pools, unpooledPorts }: { readonly pools: readonly Pool[]; readonly unpooledPorts: PortSet },
  worlds: readonly Occupancy[],
): readonly PoolRange[] {
  const rangesIn = (assignable: PortSet): readonly PortRange[] => {
    const free = freeNumbers({ assignable }, worlds, Infinity);
    return portSet(free.map((number) => ({ from: number, to: number }))).ranges;
  };
  const ranges: readonly PoolRange[] = [
    ...pools.flatMap(({ name, assignable }) => rangesIn(assignable).map((range) => ({ ...range, pool: name }))),
    ...rangesIn(unpooledPorts),
  ];
  return ranges.toSorted((a, b) => a.from - b.from);
}
