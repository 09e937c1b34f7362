import { describe, expect, it } from 'vitest';
import { AUDIT_FORMATS } from '../../src/report/audit-formats.ts';
import { auditReport, EMPTY_MAP, fullAudit } from './audit-reports.ts';

const STYLE = { color: false, failOn: 'deny', program: 'nodeport-gate', flags: [] } as const;

describe('AUDIT_FORMATS', () => {
  it('has the formats of the documentation, each a text that ends with its last line', () => {
    expect(Object.keys(AUDIT_FORMATS)).toEqual(['human', 'json', 'sarif', 'csv', 'html']);
    for (const format of Object.values(AUDIT_FORMATS)) expect(format(fullAudit(), STYLE)).toMatch(/[^\n]\n$/);
  });

  it('is, as json, what check prints with the map and the comparison beside it', () => {
    const { list, problems, map, comparison } = fullAudit();
    const text = AUDIT_FORMATS.json(fullAudit());
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ ...list, problems, map, comparison })));
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'apiVersion',
      'kind',
      'policy',
      'summary',
      'items',
      'problems',
      'map',
      'comparison',
    ]);
  });

  it('leaves out of json what was not asked for or did not happen', () => {
    const report = auditReport([]);
    expect(AUDIT_FORMATS.json(report)).toBe(`${JSON.stringify({ ...report.list, map: EMPTY_MAP })}\n`);
  });

  it('is, as html, the page with the map in it', () => {
    expect(AUDIT_FORMATS.html(auditReport([]))).toBe(
      `<!doctype html><title>page</title><script type="application/json" id="port-map">${JSON.stringify(EMPTY_MAP)}</script>\n`,
    );
  });
});
