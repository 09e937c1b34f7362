import { isJsonObject } from '../domain/json.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { compareText } from '../domain/text.ts';
import { findingKey } from '../report/fingerprint.ts';
import type { ReportItem, VerdictList } from '../report/verdict-list.ts';

const API_VERSION = 'nodeport-gate.dev/v1alpha1';
const KIND = 'Baseline';
const REMEDY = 'make it again with --create-baseline';

/** The findings that were there when it was made, by `findingKey`: not by file or line, so moving a Service keeps them. */
export type Baseline = ReadonlySet<string>;

/** Tells by its `findingKey` whether a finding is to count no more. */
export type Known = Pick<Baseline, 'has'>;

/** Knows whatever is found. A baseline is made of a run with it, in which nothing that denies hides what it is in the way of. */
export const EVERYTHING: Known = { has: () => true };

/**
 * The text of a baseline of everything in the run that denies or warns, one finding a line, so that a diff shows which came
 * and went.
 */
export function renderBaseline(items: readonly Pick<ReportItem, 'object' | 'verdict'>[]): {
  readonly text: string;
  readonly keys: ReadonlySet<string>;
} {
  const keys = new Set(
    items.flatMap(({ object, verdict }) =>
      verdict.findings
        .filter(({ enforcement }) => enforcement !== 'audit')
        .map((finding) => findingKey(object, finding)),
    ),
  );
  const findings = [...keys].sort(compareText);
  return {
    text: `${JSON.stringify({ apiVersion: API_VERSION, kind: KIND, findings }, null, 2)}\n`,
    keys,
  };
}

export function parseBaseline(text: string): Result<Baseline, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed([`this is not JSON; ${REMEDY}`]);
  }
  if (!isJsonObject(value) || value['kind'] !== KIND) return failed([`this is no ${KIND}; ${REMEDY}`]);
  if (value['apiVersion'] !== API_VERSION) return failed([`this is no ${KIND} of ${API_VERSION}; ${REMEDY}`]);
  const { findings } = value;
  if (!Array.isArray(findings) || !findings.every((each) => typeof each === 'string')) {
    return failed([`findings: this is no list of texts; ${REMEDY}`]);
  }
  return ok(new Set(findings));
}

/** How many of its findings are there no more. */
export function repairedSince(baseline: Baseline, { items }: VerdictList): number {
  const known = items.flatMap(({ object, findings }) =>
    findings.filter((finding) => finding.baseline === true).map((finding) => findingKey(object, finding)),
  );
  return baseline.size - new Set(known).size;
}
