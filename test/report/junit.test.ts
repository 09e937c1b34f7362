import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { junitReport } from '../../src/report/junit.ts';
import { checkReport, fullReport } from './check-reports.ts';
import { hostileReport } from './hostile-reports.ts';
import { finding, reported } from './reported.ts';

const STYLE = { failOn: 'deny' } as const;

/** `name` once for each element, as a strict parser of XML 1.0 reads the document. */
function elementsOf(xml: string): readonly string[] {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => names.push(name));
  parser.write(xml).close();
  return names;
}

describe('junitReport', () => {
  it('has a suite for each file and a test for each object', () => {
    expect(junitReport(fullReport(), STYLE)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="nodeport-gate" tests="6" failures="1" errors="2" time="0">
        <testsuite name="broken.yaml" tests="1" failures="0" errors="1" skipped="0" time="0">
          <testcase classname="broken.yaml" name="broken.yaml:2:7" time="0">
            <error message="the list that begins here has no end; close it with ]" type="input">broken.yaml:2:7: the list that begins here has no end; close it with ]</error>
          </testcase>
        </testsuite>
        <testsuite name="photo.yaml" tests="1" failures="0" errors="1" skipped="0" time="0">
          <testcase classname="photo.yaml" name="photo.yaml" time="0">
            <error message="is binary; leave it out with --exclude" type="input">photo.yaml: is binary; leave it out with --exclude</error>
          </testcase>
        </testsuite>
        <testsuite name="deploy/web.yaml" tests="1" failures="1" errors="0" skipped="0" time="0">
          <testcase classname="deploy/web.yaml" name="shop/web" time="0">
            <failure message="spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142 (and 1 more)" type="node-port-range">deploy/web.yaml:12:17: spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142 [node-port-range]
      deploy/web.yaml:15:14: spec.ports[1].nodePort: 30104 is held by erp/gateway (https/TCP); use 30117 or 30142 [node-port-conflict]</failure>
            <system-out>warn: deploy/web.yaml:3:31: spec.externalTrafficPolicy: Cluster hides the client; use Local [external-traffic-policy]
      warn: deploy/web.yaml:1:1: not all Services are known; give --inventory [node-port-conflict]
      audit: deploy/web.yaml:12:17: spec.ports[1].protocol: SCTP is not allowed; use TCP [protocols]; excused by exception legacy-erp
      audit: deploy/web.yaml:12:17: known [protocols]; known to the baseline</system-out>
          </testcase>
        </testsuite>
        <testsuite name="objects" tests="3" failures="0" errors="0" skipped="1" time="0">
          <testcase classname="objects" name="shop/quiet" time="0"/>
          <testcase classname="objects" name="shop/other" time="0">
            <skipped message="no policy matches it"/>
          </testcase>
          <testcase classname="objects" name="shop/soon" time="0">
            <system-out>note: exception legacy-erp ends on 2027-03-31; renew it or change the Service</system-out>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it('fails for warnings where they fail the run', () => {
    const report = checkReport([reported('web', { findings: [finding({ enforcement: 'warn' })] })]);
    expect(junitReport(report, { failOn: 'warn' })).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nodeport-gate" tests="1" failures="1" errors="0" time="0">
  <testsuite name="objects" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="objects" name="shop/web" time="0">
      <failure message="${finding().message}" type="node-port-range">${finding().message} [node-port-range]</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('spells out what XML cannot hold', () => {
    const message = 'a\u0000\u001b\ufffe\ud800]]><x y="\'">&amp;\n';
    const xml = junitReport(checkReport([reported('web', { findings: [finding({ message })] })]), STYLE);
    expect(xml).toContain(
      String.raw`message="a\u0000\u001b\ufffe\ud800]]&gt;&lt;x y=&quot;&apos;&quot;&gt;&amp;amp;\u000a"`,
    );
    expect(elementsOf(xml)).toEqual(['testsuites', 'testsuite', 'testcase', 'failure']);
  });

  it('is an empty list of suites for nothing', () => {
    expect(elementsOf(junitReport(checkReport([]), STYLE))).toEqual(['testsuites']);
  });

  it('is well-formed, with one test for each object and problem, whatever it reports', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const names = elementsOf(junitReport(report, STYLE));
        const tests = names.filter((name) => name === 'testcase');
        expect(tests).toHaveLength(report.list.items.length + report.problems.length);
      }),
    );
  });
});
