import { z } from 'zod';
import {
  describePool,
  type Entitlement,
  ownPool,
  type Pool,
  POOL_ANNOTATION,
  poolAsSubject,
  poolOf,
} from '../../domain/pool.ts';
import { formatRanges } from '../../domain/port-set.ts';
import { anyOf, printable } from '../../domain/text.ts';
import { defineRule, type Report } from '../define.ts';
import type { Scene, ScenePort, UnassignedPort } from '../scene.ts';
import { freePorts, suggest } from '../suggestion.ts';

/** A pool may have hundreds of ranges; a message needs a few of them. */
const MOST_RANGES = 3;
/** Of a pool that is larger, some holder may be gone without anybody asking; then a retry helps. */
const MOST_DEPENDED_ON = 10;

const messages = {
  outsidePool: { text: '{number} is outside {ranges} (pool {pool}); {advice}' },
  ownedByOther: { text: '{number} belongs to pool {pool}; {advice}' },
  unowned: { text: '{number} is in no pool, and namespace {namespace} has none; {advice}' },
  pickedByApiServer: {
    text: '{number} was picked by the API server, outside pool {pool}, while the gate could not assign; retry and it will be {wouldGet}',
  },
  exhausted: {
    text: 'pool {pool} is full, none of its {size} ports is free; {advice}',
    preemptsApiServer: true,
  },
  notAssigned: { text: 'is missing, and pool {pool} does not assign numbers; {advice}' },
  noPool: { text: 'is missing, and namespace {namespace} has no pool to take it from; {advice}' },
  refusedChoice: { text: '{choice} is not a pool that this Service may use; {advice}' },
} as const;

export const nodePortPool = defineRule({
  name: 'node-port-pool',
  summary: 'A node port inside a pool is for the owners of that pool, and who has a pool uses only its ports.',
  why: 'Kubernetes has one range for the whole cluster: without pools nobody can tell whose a port is, and firewalls cannot be written for a team.',
  subject: 'open-service',
  guardsPorts: true,
  yieldsTo: ['node-port-range'],
  options: z.strictObject({
    unowned: z
      .enum(['allow', 'deny'])
      .default('allow')
      .describe(
        'Whether Services that have no pool may use ports outside every pool. Without any pool nothing is denied.',
      ),
  }),
  messages,
  presets: {
    baseline: { enforcement: 'deny', unowned: 'allow' },
    restricted: { enforcement: 'deny', unowned: 'deny' },
  },
  permits: (number, { pools }, { unowned }) => isPermitted(number, pools, unowned),
  check(scene, { unowned }, report, undetermined) {
    const { refusedChoice, unknown } = scene.pools;
    if (scene.pools.all.length === 0 && refusedChoice === undefined) return;
    if (refusedChoice !== undefined) reportRefusedChoice(scene, refusedChoice, report);
    reportExhausted(scene, report);
    const isUnclear = [
      ...scene.ports.map((port) => checkNumber(scene, port, unowned, report)),
      ...scene.unassigned.map((port) => checkMissing(scene, port, unowned, report)),
    ].includes('unclear');
    if (isUnclear && unknown.length > 0) undetermined('namespace');
  },
});

function isPermitted(number: number, pools: Entitlement, unowned: 'allow' | 'deny'): boolean {
  if (pools.all.length === 0) return true;
  const owner = poolOf(pools.all, number);
  if (owner !== undefined) return pools.entitled.includes(owner);
  return ownPool(pools) === undefined && unowned === 'allow';
}

type Checked = 'clear' | 'unclear';
type PoolReport = Report<typeof messages>;

/** `unclear`: it depends on a pool that the Service may or may not be entitled to. */
function checkNumber(scene: Scene, port: ScenePort, unowned: 'allow' | 'deny', report: PoolReport): Checked {
  const { all, entitled, unknown } = scene.pools;
  const owner = poolOf(all, port.number);
  const own = ownPool(scene.pools);
  if (owner !== undefined && entitled.includes(owner)) return 'clear';
  if (owner !== undefined && unknown.includes(owner)) return 'unclear';
  if (owner === undefined && own === undefined) {
    if (unknown.length > 0) return 'unclear';
    if (unowned === 'allow') return 'clear';
  }
  reportNumber(scene, port, { owner, own }, report);
  return 'clear';
}

interface Owners {
  readonly owner: Pool | undefined;
  readonly own: Pool | undefined;
}

function reportNumber(scene: Scene, port: ScenePort, { owner, own }: Owners, report: PoolReport): void {
  const { number, path, wouldGet } = port;
  if (wouldGet !== undefined && own !== undefined) {
    report('pickedByApiServer', path, { number, pool: describePool(own), wouldGet }, { port, free: [wouldGet] });
    return;
  }
  const free = scene.freeFor(port);
  const evidence = { port, ...freePorts(free) };
  if (owner !== undefined) {
    report('ownedByOther', path, { number, pool: describePool(owner), advice: adviceFor(own, free) }, evidence);
  } else if (own !== undefined) {
    const ranges = formatRanges(own.ports.ranges, MOST_RANGES);
    report('outsidePool', path, { number, ranges, pool: describePool(own), advice: adviceFor(own, free) }, evidence);
  } else {
    report('unowned', path, { number, namespace: namespaceOf(scene), advice: ASK_FOR_POOL }, evidence);
  }
}

function checkMissing(scene: Scene, port: UnassignedPort, unowned: 'allow' | 'deny', report: PoolReport): Checked {
  const { path, why } = port;
  if (why === 'exhausted') return 'clear';
  const own = ownPool(scene.pools);
  if (scene.pools.unknown.length > 0) return 'unclear';
  if (scene.pools.refusedChoice !== undefined) return 'clear';
  if (own !== undefined) {
    const free = scene.freeFor(port);
    report('notAssigned', path, { pool: poolAsSubject(own), advice: adviceFor(own, free) }, freePorts(free));
  } else if (unowned === 'deny') {
    report('noPool', path, { namespace: namespaceOf(scene), advice: ASK_FOR_POOL });
  }
  return 'clear';
}

/** Once, however many ports come away empty: there is one thing to do about all of them. */
function reportExhausted({ unassigned, inventory }: Scene, report: PoolReport): void {
  const first = unassigned.find(({ why }) => why === 'exhausted');
  if (first?.pool === undefined) return;
  const { pool, path } = first;
  const advice = pool.contact === '' ? 'ask its owner for more ports' : 'ask its contact for more ports';
  const { numbers } = pool.assignable;
  const dependsOn = [...numbers.subarray(0, MOST_DEPENDED_ON)].flatMap(inventory.holdersOf);
  report('exhausted', path, { pool: poolAsSubject(pool), size: numbers.length, advice }, { dependsOn });
}

function reportRefusedChoice(scene: Scene, choice: string, report: PoolReport): void {
  const names = scene.pools.entitled.map(({ name }) => name);
  const advice = names.length === 0 ? 'remove the annotation' : `use ${anyOf(names)}, or remove the annotation`;
  report('refusedChoice', ['metadata', 'annotations', POOL_ANNOTATION], { choice: `"${printable(choice)}"`, advice });
}

const ASK_FOR_POOL = 'ask whoever runs the cluster for a pool';

function adviceFor(own: Pool | undefined, free: readonly number[]): string {
  if (own !== undefined) return suggest(free, `pool ${poolAsSubject(own)} has no free port; ask for more`);
  return suggest(free, ASK_FOR_POOL);
}

function namespaceOf({ service }: Scene): string {
  return printable(service.namespace);
}
