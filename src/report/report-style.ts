/** What the user asked of the reports; each looks at what concerns it. */
export interface ReportStyle {
  /** Escape sequences for a terminal. */
  readonly color: boolean;
  /** From which enforcement on a finding fails the run. */
  readonly failOn: 'deny' | 'warn';
}
