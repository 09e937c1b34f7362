import { shellWord } from '../report/shell-word.ts';
import type { RunFlags } from './run-flags.ts';

/** The flags with which another command judges by the same, as a shell reads them: what a message tells to run must do as it says. */
export function sameFlags({ policy = [], inventory = [], namespace, exclude = [] }: RunFlags): readonly string[] {
  return [
    ...policy.flatMap((path) => ['-p', shellWord(path)]),
    ...inventory.flatMap((path) => ['--inventory', shellWord(path)]),
    ...(namespace === undefined ? [] : ['-n', shellWord(namespace)]),
    ...exclude.flatMap((glob) => ['--exclude', shellWord(glob)]),
  ];
}
