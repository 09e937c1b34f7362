import type { Finding } from '../../src/domain/finding.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { decide } from '../../src/engine/decide.ts';
import type { ReportItem } from '../../src/report/verdict-list.ts';

export const POLICY_HASH = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

const RANGE_FINDING: Finding = {
  rule: 'node-port-range',
  enforcement: 'deny',
  messageId: 'outside',
  path: ['spec', 'ports', 0, 'nodePort'],
  field: 'spec.ports[0].nodePort',
  message: 'spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142',
  value: 29_999,
  port: { number: 29_999, protocol: 'TCP' },
  free: [30_104, 30_117, 30_142],
  policies: ['default'],
  preemptsApiServer: true,
  alreadyThere: false,
};

const SILENT: Verdict = {
  judged: true,
  findings: [],
  undetermined: [],
  assigned: [],
  changes: [],
  notices: [],
  service: undefined,
};

/** As the `/dry-run` door reports it. */
export function reported(name: string, verdict: Partial<Verdict>): ReportItem {
  const whole = { ...SILENT, ...verdict };
  return {
    object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name, generateName: '' },
    verdict: whole,
    decision: decide(whole, 'dry-run'),
  };
}

export function finding(fields: Partial<Finding> = {}): Finding {
  return { ...RANGE_FINDING, ...fields };
}
