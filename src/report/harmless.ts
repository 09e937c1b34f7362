import { escaped } from '../domain/text.ts';

/**
 * One line that no reader of logs takes for anything but text. Beside what `escaped` does, orders to CI are taken apart:
 * `::error::` at its beginning (GitHub Actions), `##[group]` and `##vso[task.setvariable]` anywhere (Azure Pipelines too).
 */
export function harmless(text: string): string {
  return escaped(text)
    .replaceAll(/##(?=[\w-]*\[)/g, String.raw`#\u0023`)
    .replace(/^(\s*):(?=:)/, String.raw`$1\u003a`);
}
