import type { Command } from 'commander';

/**
 * Of every flag that takes one value, in the command and those below it: commander would take the last one, and drop the others
 * without a word.
 */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    const isRepeatable = option.parseArg !== undefined && option.argChoices === undefined;
    if (isRepeatable || !option.required) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`${option.long}: this is given twice; give it once`);
      isGiven = true;
    });
  }
  for (const below of command.commands) refuseRepeats(below);
}
