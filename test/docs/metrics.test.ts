import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveMap } from '../../src/audit/live-map.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

/** What a gate exports to which everything that is counted has happened, as `name{label,label}`. */
async function exported(): Promise<readonly string[]> {
  const metrics = makeMetrics('0');
  metrics.follow({
    notReady: () => [],
    policy: () => policyOf(policyDocument({ 'node-port-conflict': {} }), poolDocument('shop', '30100-30199')),
    inventory: () => inventoryOf([]),
    audited: () => ({
      at: NOW,
      map: liveMap(inventoryOf([]), undefined, undefined),
      findings: [{ rule: 'node-port-conflict', enforcement: 'deny', count: 1 }],
    }),
    certificateEnd: () => NOW,
  });
  metrics.measure({ door: 'validate', operation: 'CREATE', outcome: 'deny', dryRun: false, seconds: 0.001 });
  metrics.countViolation('node-port-conflict', 'deny');
  metrics.countReload('loaded', NOW);
  metrics.setLastContact('services', NOW);
  metrics.countInformerRestart('services', 'gone');
  metrics.countFault('no-policy');
  const { text } = await metrics.render();
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => {
    const series = type === 'histogram' ? `${name}_count` : name;
    const [, labels = ''] = new RegExp(`^${series}(?:\\{(.*)\\})? `, 'm').exec(text) ?? [];
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    return names.length === 0 ? name : `${name}{${names.join()}}`;
  });
}

/** The first cells of the rows of a document that are one word in backquotes and begin so. */
function rowsOf(file: string, begin: string): readonly string[] {
  const rows = [...readFileSync(file, 'utf8').matchAll(/^\| `([^`|]+)` +\|/gm)].map(([, cell = '']) => cell);
  return rows.filter((cell) => cell.startsWith(begin));
}

describe('the documentation', () => {
  it('lists every metric with its labels, and no other', async () => {
    expect([...rowsOf('docs/http.md', 'nodeport_gate_')].sort()).toEqual([...(await exported())].sort());
  });

  it('says of every alert what to do, in their order', () => {
    const rules = readFileSync('manifests/components/monitoring/prometheus-rule.yaml', 'utf8');
    const alerts = [...rules.matchAll(/- alert: (\w+)$/gm)].map(([, name]) => name);
    expect(rowsOf('docs/operations.md', 'NodePortGate')).toEqual(alerts);
  });
});
