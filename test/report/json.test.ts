import { expect, it } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { checkReport, fullReport } from './check-reports.ts';

it('is the VerdictList in one line', () => {
  const report = checkReport([]);
  expect(jsonReport(report)).toBe(`${JSON.stringify(report.list)}\n`);
});

it('has the problems beside the items, when there are some', () => {
  const report = fullReport();
  expect(JSON.parse(jsonReport(report))).toEqual(
    JSON.parse(JSON.stringify({ ...report.list, problems: report.problems })),
  );
});
