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
  const widthOf = (column: number): number => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const widths = [widthOf(0), widthOf(1), widthOf(2), 0];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
