import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepSummary } from '../../src/report/step-summary.ts';
import { checkReport, fullReport } from './check-reports.ts';
import { hostileReport } from './hostile-reports.ts';
import { finding, reported } from './reported.ts';

const STYLE = { failOn: 'deny' } as const;

describe('stepSummary', () => {
  it('is a table of what could not be read, the findings and the ports', () => {
    expect(stepSummary(fullReport(), STYLE)).toMatchInlineSnapshot(`
      "### nodeport-gate: not everything could be read

      4 objects: 3 allowed, 1 denied; 4 documents skipped; 2 to fix (deny); 1 warning; 1 undetermined; 2 only recorded (1 excused, 1 known to the baseline); 2 problems with the input; policy \`sha256:0123456789ab\`

      #### Could not be read

      | Place | Problem |
      | --- | --- |
      | broken.yaml:2:7 | the list that begins here has no end; close it with \\] |
      | photo.yaml | is binary; leave it out with --exclude |

      #### Findings

      | Level | Place | Object | Finding | Rule |
      | --- | --- | --- | --- | --- |
      | deny | deploy/web.yaml:12:17 | shop/web | spec.ports\\[0\\].nodePort: 29999 is outside 30100-30199 \\(pool team-a\\); use 30104, 30117 or 30142 | node-port-range |
      | deny | deploy/web.yaml:15:14 | shop/web | spec.ports\\[1\\].nodePort: 30104 is held by erp/gateway \\(https/TCP\\); use 30117 or 30142 | node-port-conflict |
      | warn | deploy/web.yaml:3:31 | shop/web | spec.externalTrafficPolicy: Cluster hides the client; use Local | external-traffic-policy |
      | warn | deploy/web.yaml:1:1 | shop/web | not all Services are known; give --inventory | node-port-conflict |
      | audit | deploy/web.yaml:12:17 | shop/web | spec.ports\\[1\\].protocol: SCTP is not allowed; use TCP; excused by exception legacy-erp | protocols |
      | audit | deploy/web.yaml:12:17 | shop/web | known; known to the baseline | protocols |

      #### Node ports

      | Object | Port | Node port | Pool | Why |
      | --- | --- | --- | --- | --- |
      | shop/web | http/TCP | 29999 |  | explicit |
      | shop/web | admin/TCP | 30142 | shop | hash |
      "
    `);
  });

  it.each([
    ['deny', 'allowed'],
    ['warn', 'warnings'],
  ] as const)('says what it comes to, where %s fails', (failOn, words) => {
    const report = checkReport([reported('web', { findings: [finding({ enforcement: 'warn' })] })]);
    expect(stepSummary(report, { failOn }).split('\n')[0]).toBe(`### nodeport-gate: ${words}`);
  });

  it('stays below what GitHub takes, and says how much is missing', () => {
    const message = '名'.repeat(1000);
    const report = checkReport([
      reported('web', { findings: Array.from({ length: 1000 }, () => finding({ message })) }),
    ]);
    const text = stepSummary(report, STYLE);
    const shown = text.split('\n').filter((line) => line.startsWith('| deny')).length;
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
    expect(shown).toBeGreaterThan(100);
    expect(text.split('\n').slice(-2)).toEqual([`and ${1000 - shown} more`, '']);
  });

  it('shows markup as the text that it is', () => {
    const message = '<b>&</b> | [x](https://a.b) ![x](www.a.b) `c` *d* _e_ ~f~ #1 @g \\ \n';
    const report = checkReport([reported('web', { findings: [finding({ message })] })]);
    expect(stepSummary(report, STYLE).split('\n')[8]).toMatchInlineSnapshot(
      `"| deny |  | shop/web | &lt;b&gt;&amp;&lt;/b&gt; &#124; \\[x\\]\\(https&#58;//a.b\\) \\!\\[x\\]\\(www&#46;a.b\\) \\\`c\\\` \\*d\\* \\_e\\_ \\~f\\~ \\#1 &#64;g \\\\ \\\\u000a | node-port-range |"`,
    );
  });

  it('keeps the shape of its tables, whatever they hold', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const rows = stepSummary(report, STYLE)
          .split('\n')
          .filter((line) => line.startsWith('|'));
        expect(rows.filter((row) => ![3, 6].includes(row.split('|').length - 1))).toEqual([]);
        expect(rows.filter((row) => /[<>@]|(?<!\\)(?:\\\\)*[`[\]]|:\/\/|www\./i.test(row))).toEqual([]);
      }),
    );
  });
});
