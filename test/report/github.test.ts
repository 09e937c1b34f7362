import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubReport } from '../../src/report/github.ts';
import { checkReport, fullReport, region } from './check-reports.ts';
import { hostileReport } from './hostile-reports.ts';
import { finding, reported } from './reported.ts';

function findings(count: number, enforcement: 'deny' | 'warn') {
  return Array.from({ length: count }, () => finding({ enforcement }));
}

describe('githubReport', () => {
  it('annotates what could not be read, what is denied and what warns', () => {
    expect(githubReport(fullReport())).toMatchInlineSnapshot(`
      "::error file=broken.yaml,line=2,col=7,title=could not be read::the list that begins here has no end; close it with ]
      ::error file=photo.yaml,title=could not be read::is binary; leave it out with --exclude
      ::error file=deploy/web.yaml,line=12,endLine=12,col=17,endColumn=22,title=node-port-range::shop/web: spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142
      ::error file=deploy/web.yaml,line=15,endLine=15,col=14,endColumn=19,title=node-port-conflict::shop/web: spec.ports[1].nodePort: 30104 is held by erp/gateway (https/TCP); use 30117 or 30142
      ::warning file=deploy/web.yaml,line=3,endLine=3,col=31,endColumn=38,title=external-traffic-policy::shop/web: spec.externalTrafficPolicy: Cluster hides the client; use Local
      ::warning file=deploy/web.yaml,line=1,endLine=1,col=1,endColumn=6,title=node-port-conflict::shop/web: not all Services are known; give --inventory
      nodeport-gate: 4 objects: 3 allowed, 1 denied; 4 documents skipped; 2 to fix (deny); 1 warning; 1 undetermined; 2 only recorded (1 excused, 1 known to the baseline); 2 problems with the input
      "
    `);
  });

  it('shows as many of a level as GitHub does, and says how many more there are', () => {
    const report = checkReport([reported('web', { findings: [...findings(10, 'warn'), ...findings(12, 'deny')] })]);
    const lines = githubReport(report).split('\n');
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(10);
    expect(lines[9]).toBe('::error title=nodeport-gate::and 3 more; see the step summary or the log');
    expect(lines[19]).toContain('::warning title=node-port-range::shop/web: spec.ports[0].nodePort');
  });

  it('escapes files and messages', () => {
    const web = {
      ...reported('web', { findings: [finding({ message: '100%\n::error::x' })] }),
      locate: () => region('./a,b:c%\n.yaml', 1, 2),
    };
    expect(githubReport(checkReport([web])).split('\n')[0]).toBe(
      '::error file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=1,col=2,endColumn=7,title=node-port-range::shop/web: 100%25\\u000a::error::x',
    );
  });

  it('gives no orders but its own', () => {
    const own =
      /^::(?:error|warning) (?:(?:file|line|endLine|col|endColumn|title)=[^:,\r\n]*,?)+::[^\r\n]*$|^nodeport-gate: \d+ object/;
    fc.assert(
      fc.property(hostileReport, (report) => {
        const lines = githubReport(report)
          .trimEnd()
          .split(/\r\n|[\r\n]/);
        expect(lines.filter((line) => !own.test(line))).toEqual([]);
        expect(lines.length).toBeLessThanOrEqual(21);
      }),
    );
  });
});
