import type { VNode } from 'preact';
import type { MappedNode } from '../../report/port-map.ts';
import type { Atlas, AtlasPool } from '../model/atlas.ts';
import { fullness } from '../model/fullness.ts';
import { ShowMore } from './show-more.tsx';

export interface PoolsViewProps {
  readonly atlas: Atlas;
  readonly onPool: (name: string) => void;
}

/** Whose the numbers are and how full, and the nodes on which they are open. */
export function PoolsView({ atlas, onPool }: PoolsViewProps): VNode {
  const { pools, map } = atlas;
  return (
    <>
      <section aria-labelledby="pools">
        <h2 id="pools">
          Pools <small>{pools.length}</small>
        </h2>
        {pools.length === 0 ? <p class="empty">No pools.</p> : <PoolTable pools={pools} onPool={onPool} />}
      </section>
      <section aria-labelledby="nodes">
        <h2 id="nodes">
          Nodes <small>{map.nodes?.length ?? 'not known'}</small>
        </h2>
        <p class="hint">Every node port is open on each of them, unless a Service has externalTrafficPolicy Local.</p>
        <ShowMore items={map.nodes ?? []} name={({ name }) => name} draw={(node) => <NodeItem node={node} />} />
      </section>
    </>
  );
}

function NodeItem({ node: { name, addresses } }: { readonly node: MappedNode }): VNode {
  return (
    <li class="node">
      <span class="ref">{name}</span> <span>{addresses.join(', ') || 'no address'}</span>
    </li>
  );
}

interface PoolTableProps {
  readonly pools: readonly AtlasPool[];
  readonly onPool: (name: string) => void;
}

function PoolTable({ pools, onPool }: PoolTableProps): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of pools">
      <table class="pools">
        <thead>
          <tr>
            <th scope="col">Pool</th>
            <th scope="col">Fullness</th>
            <th scope="col">Free</th>
            <th scope="col">Ports</th>
            <th scope="col">Reserved</th>
            <th scope="col">Contact</th>
            <th scope="col">Priority</th>
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <tr key={pool.name}>
              <th scope="row">
                <button type="button" class="number" onClick={() => onPool(pool.name)}>
                  {pool.name}
                </button>
              </th>
              <td>
                <Fullness pool={pool} />
              </td>
              <td class="figure-cell">{pool.free.toLocaleString('en')}</td>
              <td>{pool.ports}</td>
              <td>{pool.reserved || 'none'}</td>
              <td>{pool.contact ?? 'none named'}</td>
              <td>
                {pool.priority}
                {!pool.assign && <small> assigns none</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Fullness({ pool }: { readonly pool: AtlasPool }): VNode {
  const { share, text, isNearlyFull } = fullness(pool);
  return (
    <div class={isNearlyFull ? 'fullness nearly' : 'fullness'}>
      <span class="track" aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <span>{text}</span>
    </div>
  );
}
