/** Flags that every command on manifest files has, as commander gives them. */
export interface RunFlags {
  readonly policy?: readonly string[];
  readonly inventory?: readonly string[];
  readonly namespace?: string;
  readonly exclude?: readonly string[];
  readonly stdinFilename?: string;
  readonly render?: boolean;
  /** Not from the command line: also Services that no rule of the policy has anything to say about. */
  readonly everyService?: true;
}
