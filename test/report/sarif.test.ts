import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sarifReport } from '../../src/report/sarif.ts';
import type { CheckReport } from '../../src/report/check-report.ts';
import { expectGenerated } from '../support/generated-file.ts';
import { checkReport, fullReport, region, withItems } from './check-reports.ts';
import { hostileReport } from './hostile-reports.ts';
import { finding, reported } from './reported.ts';

interface Log {
  readonly runs: readonly [
    {
      readonly results: readonly (Readonly<Record<string, unknown>> & {
        readonly message: { readonly text: string };
        readonly partialFingerprints: Readonly<Record<string, string>>;
      })[];
      readonly invocations: readonly [{ readonly toolExecutionNotifications?: readonly unknown[] }];
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    },
  ];
}

const isSarif = compiledSchema();

/** The schema of the standard is draft-04, and uses nothing of it that draft-07 reads in another way, except `id`. */
function compiledSchema() {
  const { id, ...schema } = JSON.parse(readFileSync('test/fixtures/sarif-schema-2.1.0.json', 'utf8')) as { id: string };
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('uri-reference', /^(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/);
  ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
  return ajv.compile({ ...schema, $id: id, $schema: 'http://json-schema.org/draft-07/schema#' });
}

function sarif(report: CheckReport): Log {
  const text = sarifReport(report);
  const log: unknown = JSON.parse(text);
  expect(isSarif(log) ? [] : isSarif.errors).toEqual([]);
  return log as Log;
}

function resultsOf(report: CheckReport) {
  return sarif(report).runs[0].results;
}

describe('sarifReport', () => {
  it('is valid, and whole', () => {
    expectGenerated('test/fixtures/check-report.sarif.json', `${JSON.stringify(sarif(fullReport()), null, 2)}\n`);
  });

  it('is valid without anything to say', () => {
    expect(sarif(checkReport([])).runs[0]).toMatchObject({
      results: [],
      invocations: [{ executionSuccessful: true }],
    });
  });

  it('fails with a schema that bites', () => {
    expect(isSarif({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false);
    const log = sarif(fullReport());
    const bad = JSON.parse(JSON.stringify(log).replaceAll('deploy/web.yaml', 'deploy/a b.yaml')) as unknown;
    expect(isSarif(bad)).toBe(false);
  });

  it.each([
    ['a.yaml', { uri: 'a.yaml', uriBaseId: '%SRCROOT%' }],
    ['./a//b.yaml', { uri: 'a/b.yaml', uriBaseId: '%SRCROOT%' }],
    ['a b#c?d%e.yaml', { uri: 'a%20b%23c%3Fd%25e.yaml', uriBaseId: '%SRCROOT%' }],
    ['http:/x', { uri: 'http%3A/x', uriBaseId: '%SRCROOT%' }],
    ['日本/名.yaml', { uri: '%E6%97%A5%E6%9C%AC/%E5%90%8D.yaml', uriBaseId: '%SRCROOT%' }],
    ['a\ud800.yaml', { uri: 'a%EF%BF%BD.yaml', uriBaseId: '%SRCROOT%' }],
    ['../a.yaml', { uri: '../a.yaml' }],
    ['/tmp/a b.yaml', { uri: 'file:///tmp/a%20b.yaml' }],
    ['./', { uri: '.' }],
  ])('names the file %j as a URI', (file, artifactLocation) => {
    const item = { ...reported('web', { findings: [finding()] }), locate: () => region(file, 3, 5) };
    expect(resultsOf(checkReport([item]))[0]?.['locations']).toEqual([
      {
        physicalLocation: { artifactLocation, region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 10 } },
        logicalLocations: [{ fullyQualifiedName: 'shop/web', kind: 'Service' }],
      },
    ]);
  });

  it.each([
    [{ kind: 'Service', namespace: 'shop', name: 'web' }, 'shop/Service/web', 'shop/Service/web'],
    [{ kind: 'Node', name: 'n 1' }, 'Node/n%201', 'Node/n 1'],
    [{ kind: 'Pod', namespace: '..', generateName: 'a/../b' }, '../Pod/a%2F..%2Fb', '../Pod/a/../b'],
    [{ kind: '' }, '.', undefined],
  ])('names what runs, and is in no file, as GitHub takes it: %j', (object, uri, fullyQualifiedName) => {
    const [item] = checkReport([reported('web', { findings: [finding()] })]).list.items;
    if (item === undefined) throw new Error('an item was made');
    const report = withItems(checkReport([]), [{ ...item, object: { apiVersion: 'v1', ...object } }]);
    expect(resultsOf(report)[0]?.['locations']).toEqual([
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
        logicalLocations: [{ ...(fullyQualifiedName !== undefined && { fullyQualifiedName }), kind: 'resource' }],
      },
    ]);
  });

  it('keeps fingerprints when lines move, and gives equal findings one each', () => {
    const at = (line: number, file: string) =>
      checkReport([{ ...reported('web', { findings: [finding(), finding()] }), locate: () => region(file, line, 1) }]);
    const prints = (report: CheckReport) => resultsOf(report).map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(at(3, 'a.yaml'))).toEqual(prints(at(30, 'b.yaml')));
    expect(new Set(prints(at(3, 'a.yaml')).map((all) => all['nodeportGate/v1'])).size).toBe(2);
  });

  it('lets no text make a link or a placeholder', () => {
    const message = 'x: "[click](http://evil.example) {0}" is wrong';
    expect(resultsOf(checkReport([reported('web', { findings: [finding({ message })] })]))[0]?.message.text).toBe(
      String.raw`shop/web: x: "\[click\](http://evil.example) {{0}}" is wrong`,
    );
  });

  it('keeps the strictest when there are more than GitHub takes, and says so', () => {
    const [item] = checkReport([reported('web', { findings: [finding({ enforcement: 'audit' })] })]).list.items;
    const [denied] = checkReport([reported('api', { findings: [finding()] })]).list.items;
    if (item === undefined || denied === undefined) throw new Error('two items were made');
    const items = [...Array.from({ length: 25_001 }, () => item), denied];
    const log = JSON.parse(sarifReport(withItems(checkReport([]), items))) as Log;
    expect(log.runs[0].results).toHaveLength(25_000);
    expect(log.runs[0].results[0]?.message.text).toContain('shop/api');
    expect(log.runs[0].invocations[0].toolExecutionNotifications).toEqual([
      { level: 'warning', message: { text: '2 results left out, because a run holds at most 25000' } },
    ]);
  });

  it('is valid whatever it reports, with links to what is there and fingerprints of their own', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const { results, tool } = sarif(report).runs[0];
        expect(sarifReport(report)).not.toMatch(/""(?=[,}\]])/);
        const prints = results.map(({ partialFingerprints }) => partialFingerprints['nodeportGate/v1']);
        expect(new Set(prints).size).toBe(results.length);
        for (const { message, relatedLocations, ruleIndex, ruleId } of results) {
          const links = message.text.match(/(?<!\\)(?:\\\\)*\]\(/g) ?? [];
          expect(links).toHaveLength(relatedLocations === undefined ? 0 : 1);
          expect(message.text).not.toMatch(/(?<!\{)\{\d+\}/);
          if (typeof ruleIndex === 'number') expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
        }
      }),
    );
  });
});
