import { aligned } from './aligned.ts';

/** One line of the list of rules. */
export interface ListedRule {
  readonly name: string;
  readonly summary: string;
  /** What the presets make of it; undefined where they leave it off. */
  readonly baseline: string | undefined;
  readonly restricted: string | undefined;
}

/** A table of all rules. */
export function ruleListText(rules: readonly ListedRule[]): string {
  const rows = rules.map(({ name, baseline = '-', restricted = '-', summary }) => [
    name,
    baseline,
    restricted,
    summary,
  ]);
  const table = [['RULE', 'BASELINE', 'RESTRICTED', 'DEMANDS'], ...rows];
  return `${aligned(table).join('\n')}\n`;
}
