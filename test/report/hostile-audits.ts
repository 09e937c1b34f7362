import fc from 'fast-check';
import type { AuditReport } from '../../src/report/audit-report.ts';
import type { Comparison } from '../../src/report/comparison.ts';
import { PORT_MARKS, type PortMap } from '../../src/report/port-map.ts';
import { SNAPSHOT_RESOURCES } from '../../src/domain/snapshot.ts';
import { EMPTY_MAP, auditReport } from './audit-reports.ts';
import { hostileReport, nasty } from './hostile-reports.ts';

const number = fc.integer({ min: 1, max: 65_535 });
const names = fc.array(nasty, { maxLength: 5 });
const place = { nodePort: number, protocol: nasty, namespace: nasty, name: nasty, port: nasty };

const port = fc.record(
  { ...place, pool: nasty, marks: fc.subarray([...PORT_MARKS]) },
  { requiredKeys: ['nodePort', 'protocol', 'namespace', 'name', 'port', 'marks'] },
);
const squatter = fc.record(
  { ...place, pool: nasty, type: nasty, victims: names },
  { requiredKeys: ['nodePort', 'protocol', 'namespace', 'name', 'port', 'victims'] },
);
const mapped = fc.array(
  fc.record({ rule: nasty, enforcement: fc.constantFrom('deny', 'warn', 'audit'), message: nasty }),
  { maxLength: 2 },
);
const hostPort = fc.record({
  hostPort: number,
  protocol: nasty,
  because: fc.constantFrom('hostPort', 'hostNetwork'),
  kind: nasty,
  namespace: nasty,
  name: nasty,
  pods: fc.nat(9),
  holders: names,
  findings: mapped,
});
const service = fc.record(
  {
    namespace: nasty,
    name: nasty,
    type: nasty,
    created: nasty,
    externalTrafficPolicy: nasty,
    sources: fc.record({ field: nasty, networks: names }),
    isOpenToWorld: fc.boolean(),
    nodes: fc.record({ answering: names, silent: names }),
    policies: names,
    allowed: fc.boolean(),
    findings: mapped,
  },
  { requiredKeys: ['namespace', 'name', 'type', 'isOpenToWorld', 'policies', 'allowed', 'findings'] },
);
const pool = fc.record(
  {
    name: nasty,
    contact: nasty,
    ports: fc.constant('30000-30001, 30003'),
    reserved: fc.constant(''),
    priority: fc.nat(),
    assign: fc.boolean(),
    size: fc.nat(9),
    held: fc.nat(9),
    free: fc.nat(9),
  },
  { requiredKeys: ['name', 'ports', 'reserved', 'priority', 'assign', 'size', 'held', 'free'] },
);

/** What somebody can make of a cluster in which he may write what he wants. */
export const hostileMap: fc.Arbitrary<PortMap> = fc
  .record({
    ports: fc.array(port, { maxLength: 4 }),
    squatters: fc.array(squatter, { maxLength: 2 }),
    hostPorts: fc.array(hostPort, { maxLength: 2 }),
    services: fc.array(service, { maxLength: 4 }),
    pools: fc.array(pool, { maxLength: 2 }),
    notKnown: fc.subarray([...SNAPSHOT_RESOURCES]),
  })
  .map((parts) => ({ ...EMPTY_MAP, ...parts }));

/** Reports in which whatever may come from outside is as bad as it can be. */
export const hostileAudit: fc.Arbitrary<AuditReport> = fc
  .tuple(hostileReport, hostileMap)
  .map(([report, map]) => ({ ...auditReport([]), ...report, map, comparison: comparisonOf(report) }));

function comparisonOf({ list: { policy, items } }: Pick<AuditReport, 'list'>): Comparison {
  return {
    policy,
    summary: { objects: items.length, stranded: items.length, freed: 0, changed: items.length },
    items: items.map(({ object, allowed, findings }) => ({
      object,
      allowed: { current: allowed, other: !allowed },
      updatable: allowed,
      appearing: findings,
      disappearing: findings,
    })),
  };
}
