import type { InputProblem } from '../../domain/source.ts';
import type { Place } from './place.ts';

export interface FileLead {
  readonly kind: 'file';
  readonly place: Place;
  /** An argument, not found in a directory or by a glob. */
  readonly isNamed: boolean;
}

/** A directory to render. */
export interface DirectoryLead {
  readonly kind: 'chart' | 'kustomization';
  readonly place: Place;
  readonly isNamed: boolean;
}

/** Something to read or to render. */
export type Lead =
  | FileLead
  | DirectoryLead
  | { readonly kind: 'stdin' }
  /** What the shell passes on as an open file: `<(helm template .)` is /dev/fd/63. */
  | { readonly kind: 'descriptor'; readonly fd: number; readonly shown: string }
  | { readonly kind: 'problem'; readonly problem: InputProblem };

export interface Search {
  readonly cwd: string;
  readonly render: boolean;
  /** Whether a directory stands for what is in it; else it is a mistake. */
  readonly entersDirectories: boolean;
  /** By the name that is shown. */
  readonly isExcluded: (shown: string) => boolean;
  /** The real paths of everything that was found. */
  readonly seen: Set<string>;
}
