import { describe, expect, it } from 'vitest';
import { liveMap } from '../../src/audit/live-map.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { at, objectsOf, readManifest, textAt } from './support/objects.ts';

/** A time series as Prometheus would store it. */
interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a gate exports to which everything that is counted has happened once. */
async function exported(): Promise<readonly Series[]> {
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
  for (const door of ['mutate', 'validate'] as const) {
    metrics.measure({ door, operation: 'CREATE', outcome: 'deny', dryRun: false, seconds: 0.001 });
  }
  metrics.countViolation('node-port-conflict', 'deny');
  metrics.countReload('failed', NOW);
  metrics.countReload('loaded', NOW);
  metrics.setLastContact('services', NOW);
  metrics.countInformerRestart('services', 'reset');
  metrics.countFault('some-code');
  const { text } = await metrics.render();
  return [...text.matchAll(/^(nodeport_gate_\w+)(?:\{(.*)\})? /gm)].map(([, name = '', labels = '']) => ({
    name,
    labels: labelsOf(labels),
  }));
}

function labelsOf(text: string): Series['labels'] {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Every `metric{label="value"}` of an expression. */
function selectorsOf(expression: string): readonly Series[] {
  return [...expression.matchAll(/(nodeport_gate_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', labels = '']) => ({
    name,
    labels: labelsOf(labels),
  }));
}

/** Labels that a series must have, because an expression groups or joins by them or a text prints them. */
function labelsUsedIn(text: string): readonly string[] {
  const grouped = [...text.matchAll(/\b(?:by|ignoring) ?\(([\w, ]+)\)/g)].flatMap(([, list = '']) => list.split(','));
  return (
    [...grouped, ...[...text.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)].map(([, name = '']) => name)]
      .map((name) => name.trim())
      // Of the scrape, not of the gate.
      .filter((name) => !['pod', 'value'].includes(name))
  );
}

interface Query {
  readonly title: string;
  readonly expression: string;
  /** What is printed for each series. */
  readonly text: string;
}

function alerts(): readonly Query[] {
  const [rule] = objectsOf(readManifest('components/monitoring/prometheus-rule.yaml'));
  const list = at(rule, 'spec', 'groups', 0, 'rules') as readonly unknown[];
  return list.map((alert) => ({
    title: textAt(alert, 'alert'),
    expression: textAt(alert, 'expr'),
    text: JSON.stringify(at(alert, 'annotations')).replaceAll(/\$value[^}]*/g, ''),
  }));
}

function panels(): readonly Query[] {
  const { panels: list } = JSON.parse(readManifest('components/monitoring/dashboard.json')) as {
    readonly panels: readonly {
      readonly title: string;
      readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
    }[];
  };
  return list.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expression: expr, text: legendFormat })),
  );
}

const series = await exported();

describe.each([
  ['alerts', alerts()],
  ['panels', panels()],
])('%s', (_, queries) => {
  it.each(queries)('$title asks for what the gate exports', ({ expression, text }) => {
    const asked = selectorsOf(expression);
    expect(asked).not.toEqual([]);
    const candidates = asked.map((selector) => ({
      selector,
      found: series.filter(
        ({ name, labels }) =>
          name === selector.name && Object.entries(selector.labels).every(([label, value]) => labels[label] === value),
      ),
    }));
    expect(candidates.filter(({ found }) => found.length === 0)).toEqual([]);
    const labels = new Set(candidates.flatMap(({ found }) => found.flatMap((one) => Object.keys(one.labels))));
    expect(labelsUsedIn(`${expression} ${text}`).filter((label) => !labels.has(label))).toEqual([]);
  });
});

it('has an alert for each way to lose the gate', () => {
  expect(alerts().map(({ title }) => title)).toEqual([
    'NodePortGateDown',
    'NodePortGateReplicaNotReady',
    'NodePortGateCertificateExpiresSoon',
    'NodePortGatePoolFillingUp',
    'NodePortGatePoolNearlyFull',
    'NodePortGateDenialSpike',
    'NodePortGateSlow',
    'NodePortGatePolicyReloadFailed',
    'NodePortGateInventoryStale',
    'NodePortGateConflict',
    'NodePortGateAuditFailing',
  ]);
});
