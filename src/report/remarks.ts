import { ENFORCEMENTS, type Enforcement } from '../domain/finding.ts';
import type { InputProblem, SourceRegion } from '../domain/source.ts';
import { findingKey, numbered } from './fingerprint.ts';
import type { ReportedFinding, VerdictItem, VerdictList } from './verdict-list.ts';

/** One line of a report: a finding, or a rule that could not know. */
export interface Remark {
  readonly item: VerdictItem;
  readonly level: Enforcement;
  readonly rule: string;
  readonly message: string;
  /** Only where the object came from a file. */
  readonly source: SourceRegion | undefined;
  /** Unique in the list; see `findingKey`. */
  readonly key: string;
  /** undefined for a rule that could not know. */
  readonly finding: ReportedFinding | undefined;
}

/** In the order of the list; those of an object strictest first. */
export function remarksOf({ items }: Pick<VerdictList, 'items'>): readonly Remark[] {
  const remarks = items.flatMap(remarksOfItem);
  const keys = numbered(remarks.map(({ key }) => key));
  return remarks.map((remark, index) => ({ ...remark, key: keys[index] ?? remark.key }));
}

/** Strictest first, otherwise in their order. */
export function strictestFirst<Item extends Pick<Remark, 'level'>>(remarks: readonly Item[]): readonly Item[] {
  return ENFORCEMENTS.flatMap((wanted) => remarks.filter(({ level }) => level === wanted));
}

/** `deploy/web.yaml:12:17`, which terminals and editors open. */
export function placeText({ file, line, column }: SourceRegion): string {
  return `${file}:${line}:${column}`;
}

/** The same, as far as it is known. */
export function problemPlace({ file, line, column }: InputProblem): string {
  const known = line === undefined ? [file] : [file, line, column].filter((part) => part !== undefined);
  return known.join(':');
}

function remarksOfItem(item: VerdictItem): readonly Remark[] {
  const findings = item.findings.map((finding): Remark => {
    const { rule, enforcement, message, source } = finding;
    return { item, level: enforcement, rule, message, source, key: findingKey(item.object, finding), finding };
  });
  const undetermined = item.undetermined.map(({ rule, needs, enforcement, message }): Remark => {
    const key = findingKey(item.object, { rule, field: `undetermined.${needs}` });
    return { item, level: enforcement, rule, message, source: item.source, key, finding: undefined };
  });
  return strictestFirst([...findings, ...undetermined]);
}
