import { createHash } from 'node:crypto';
import type { InputProblem, SourceRegion } from '../../src/domain/source.ts';
import type { CheckReport } from '../../src/report/check-report.ts';
import { type ReportItem, type VerdictItem, verdictList } from '../../src/report/verdict-list.ts';
import { finding, POLICY_HASH, reported } from './reported.ts';

const RULES = ['external-traffic-policy', 'node-port-conflict', 'node-port-range', 'protocols'].map((name) => ({
  name,
  summary: `Services obey ${name}.`,
  why: `Who does not obey ${name} pays for it.`,
}));

const HOLDER = {
  namespace: 'erp',
  name: 'gateway',
  nodePort: 30_104,
  protocol: 'TCP',
  port: 'https',
  servicePort: 443,
};

const LINES = new Map([
  ['deploy/web.yaml:12', '      nodePort: 29999'],
  ['deploy/web.yaml:15', '\t- nodePort: 30104 # held'],
  ['deploy/web.yaml:3', 'spec: {externalTrafficPolicy: Cluster}'],
  ['broken.yaml:2', 'kind: [Service'],
]);

export function region(file: string, line: number, column: number, endColumn = column + 5): SourceRegion {
  return { file, line, column, endLine: line, endColumn };
}

export function checkReport(items: readonly ReportItem[], fields: Partial<CheckReport> = {}): CheckReport {
  return {
    list: verdictList(items, POLICY_HASH, { skipped: 0 }),
    problems: [],
    rules: RULES,
    version: '1.2.3',
    lineOf: ({ file, line }) => LINES.get(`${file}:${line}`),
    fromRoot: (file) => file,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    ...fields,
  };
}

/** A report with one of everything: files, holders, exceptions, a baseline, ports, what could not be read or known. */
export function fullReport(): CheckReport {
  const web = reported('web', {
    findings: [
      finding({
        enforcement: 'warn',
        rule: 'external-traffic-policy',
        field: 'spec.externalTrafficPolicy',
        path: ['spec', 'externalTrafficPolicy'],
        value: 'Cluster',
        message: 'spec.externalTrafficPolicy: Cluster hides the client; use Local',
        fix: { path: ['spec', 'externalTrafficPolicy'], value: 'Local' },
        free: [],
      }),
      finding(),
      finding({
        rule: 'node-port-conflict',
        path: ['spec', 'ports', 1, 'nodePort'],
        field: 'spec.ports[1].nodePort',
        value: 30_104,
        message: 'spec.ports[1].nodePort: 30104 is held by erp/gateway (https/TCP); use 30117 or 30142',
        holder: HOLDER,
      }),
      finding({
        enforcement: 'audit',
        rule: 'protocols',
        field: 'spec.ports[1].protocol',
        value: 'SCTP',
        message: 'spec.ports[1].protocol: SCTP is not allowed; use TCP',
        exception: 'legacy-erp',
        free: [],
      }),
      finding({ rule: 'protocols', field: 'spec.ports[0].protocol', value: 'UDP', message: 'known', free: [] }),
    ],
    undetermined: [
      {
        rule: 'node-port-conflict',
        needs: 'inventory',
        enforcement: 'deny',
        denies: false,
        message: 'not all Services are known; give --inventory',
      },
    ],
    assigned: [
      { port: 'http', protocol: 'TCP', nodePort: 29_999, pool: undefined, because: 'explicit', path: [], key: 'k' },
      { port: 'admin', protocol: 'TCP', nodePort: 30_142, pool: 'shop', because: 'hash', path: [], key: 'k' },
    ],
    changes: [{ path: ['spec', 'allocateLoadBalancerNodePorts'], value: false }],
  });
  const places: Readonly<Record<string, SourceRegion>> = {
    'spec,ports,0,nodePort': region('deploy/web.yaml', 12, 17),
    'spec,ports,1,nodePort': region('deploy/web.yaml', 15, 14),
    'spec,externalTrafficPolicy': region('deploy/web.yaml', 3, 31, 38),
  };
  const problems: readonly InputProblem[] = [
    { file: 'broken.yaml', line: 2, column: 7, message: 'the list that begins here has no end; close it with ]' },
    { file: 'photo.yaml', line: undefined, column: undefined, message: 'is binary; leave it out with --exclude' },
  ];
  const list = verdictList(
    [
      {
        ...web,
        isFixable: true,
        locate: (path) => places[path.join(',')] ?? region('deploy/web.yaml', 1, 1),
        locateHolder: () => region('deploy/erp gateway.yaml', 9, 17),
        isInBaseline: ({ message }) => message === 'known',
      },
      reported('quiet', {}),
      reported('other', { judged: false, untouchedBecause: 'no policy matches it' }),
      reported('soon', { notices: ['exception legacy-erp ends on 2027-03-31; renew it or change the Service'] }),
    ],
    POLICY_HASH,
    { skipped: 4 },
  );
  return { ...checkReport([]), list, problems };
}

/** The items as given, each at a place of its own where it has none. */
export function withItems(report: CheckReport, items: readonly VerdictItem[]): CheckReport {
  return { ...report, list: { ...report.list, items } };
}
