import { createHash } from 'node:crypto';
import type { CheckReport } from '../report/check-report.ts';
import { rules } from '../rules/index.ts';
import { VERSION } from './version.ts';

/** What every report knows of the program, whatever it is about. */
export const REPORT_FACTS: Pick<CheckReport, 'rules' | 'version' | 'digest'> = {
  rules: rules.map(({ meta: { name, summary, why } }) => ({ name, summary, why })),
  version: VERSION,
  digest: (text) => createHash('sha256').update(text).digest('hex'),
};
