/** What the user asked of the reports; each looks at what concerns it. */
export interface ReportStyle {
  /** Escape sequences for a terminal. */
  readonly color: boolean;
  /** From which enforcement on a finding fails the run. */
  readonly failOn: 'deny' | 'warn';
  /** How the user calls the program. */
  readonly program: string;
  /** The flags with which another command goes by the same: `-p policy.yaml`, as a shell reads them. */
  readonly flags: readonly string[];
}
