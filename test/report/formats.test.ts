import { expect, it } from 'vitest';
import { FORMATS } from '../../src/report/formats.ts';
import { fullReport } from './check-reports.ts';

it('has the formats of the documentation, each a text that ends with its last line', () => {
  expect(Object.keys(FORMATS)).toEqual(['human', 'json', 'sarif', 'junit', 'github', 'gitlab']);
  for (const format of Object.values(FORMATS)) {
    expect(format(fullReport(), { color: false, failOn: 'deny', program: 'nodeport-gate', flags: [] })).toMatch(
      /[^\n]\n$/,
    );
  }
});
