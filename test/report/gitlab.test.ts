import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gitlabReport } from '../../src/report/gitlab.ts';
import { checkReport, fullReport, region } from './check-reports.ts';
import { hostileReport } from './hostile-reports.ts';
import { finding, reported } from './reported.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

describe('gitlabReport', () => {
  it('lists what could not be read, then the findings', () => {
    expect(JSON.stringify(JSON.parse(gitlabReport(fullReport())), null, 1)).toMatchInlineSnapshot(`
      "[
       {
        "description": "could not be read: the list that begins here has no end; close it with ]",
        "check_name": "could-not-be-read",
        "fingerprint": "29e9de0fd91b39aef7ea53c6d3e1d4d5b0a43c8b37ee0e57d015c496c1cfb735",
        "severity": "blocker",
        "location": {
         "path": "broken.yaml",
         "lines": {
          "begin": 2
         }
        }
       },
       {
        "description": "could not be read: is binary; leave it out with --exclude",
        "check_name": "could-not-be-read",
        "fingerprint": "015cb1d1340c453fb860aeae8f5572f45c347615ed197372ed760715f565cebe",
        "severity": "blocker",
        "location": {
         "path": "photo.yaml",
         "lines": {
          "begin": 1
         }
        }
       },
       {
        "description": "shop/web: spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142",
        "check_name": "node-port-range",
        "fingerprint": "e64c2273a897b3cb78a4fc4609deb7f8d1769b504b5f5aa7237fb9317652aeff",
        "severity": "critical",
        "location": {
         "path": "deploy/web.yaml",
         "lines": {
          "begin": 12
         }
        }
       },
       {
        "description": "shop/web: spec.ports[1].nodePort: 30104 is held by erp/gateway (https/TCP); use 30117 or 30142",
        "check_name": "node-port-conflict",
        "fingerprint": "83363f4bf7401fc93909b232a010dd1f718d1f2091e6e59c962e4ee318c2deca",
        "severity": "critical",
        "location": {
         "path": "deploy/web.yaml",
         "lines": {
          "begin": 15
         }
        }
       },
       {
        "description": "shop/web: spec.externalTrafficPolicy: Cluster hides the client; use Local",
        "check_name": "external-traffic-policy",
        "fingerprint": "18a2612d7937dc25336a22aae752f0493421a2b57df410dfcca662fc072e1d5b",
        "severity": "minor",
        "location": {
         "path": "deploy/web.yaml",
         "lines": {
          "begin": 3
         }
        }
       },
       {
        "description": "shop/web: not all Services are known; give --inventory",
        "check_name": "node-port-conflict",
        "fingerprint": "b55d99d2d8febffb5d0c0a3908bad58051db6169a576407e519a19364b648d54",
        "severity": "minor",
        "location": {
         "path": "deploy/web.yaml",
         "lines": {
          "begin": 1
         }
        }
       },
       {
        "description": "shop/web: spec.ports[1].protocol: SCTP is not allowed; use TCP; excused by exception legacy-erp",
        "check_name": "protocols",
        "fingerprint": "a52a9a77c6ee0182b6bcce0ae45a6a67c03d3a54ab8f250f6dac425776b6bd83",
        "severity": "info",
        "location": {
         "path": "deploy/web.yaml",
         "lines": {
          "begin": 12
         }
        }
       },
       {
        "description": "shop/web: known; known to the baseline",
        "check_name": "protocols",
        "fingerprint": "659e1e5df7f9e44aecbba26f0b9238e512633bb7644e6a417ea1a8911792c637",
        "severity": "info",
        "location": {
         "path": "deploy/web.yaml",
         "lines": {
          "begin": 12
         }
        }
       }
      ]"
    `);
  });

  it('names no path with ./ in front, and an object that stands in no file', () => {
    const placed = { ...reported('a', { findings: [finding()] }), locate: () => region('./x/y.yaml', 3, 1) };
    const issues = JSON.parse(gitlabReport(checkReport([placed, reported('b', { findings: [finding()] })]))) as Issue[];
    expect(issues.map(({ location }) => location)).toEqual([
      { path: 'x/y.yaml', lines: { begin: 3 } },
      { path: 'shop/b', lines: { begin: 1 } },
    ]);
  });

  it('tells equal problems apart', () => {
    const problem = { file: 'a.yaml', line: undefined, column: undefined, message: 'is binary; leave it out' };
    const issues = JSON.parse(gitlabReport(checkReport([], { problems: [problem, problem] }))) as Issue[];
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('is an empty list when there is nothing to say', () => {
    expect(gitlabReport(checkReport([reported('web', {})]))).toBe('[]\n');
  });

  it('has complete entries with fingerprints of their own', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const issues = JSON.parse(gitlabReport(report)) as Issue[];
        const remarks = report.list.items.flatMap(({ findings, undetermined }) => [...findings, ...undetermined]);
        expect(issues).toHaveLength(remarks.length + report.problems.length);
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
        expect(issues.filter(({ location }) => location.path === '' || location.lines.begin < 1)).toEqual([]);
        expect(issues.filter(({ description }) => /[\u0000-\u001f]/.test(description) || description === '')).toEqual(
          [],
        );
      }),
    );
  });
});
