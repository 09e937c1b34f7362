import { type Command, Option } from 'commander';
import type { OutputFlag } from '../report-settings.ts';

/**
 * The flags of the commands that make reports. `-o` and `--output-file` belong together by their order, which is in the
 * list that comes back once the arguments have been read.
 */
export function addReportOptions(command: Command, formats: string, fallback: string): readonly OutputFlag[] {
  const outputs: OutputFlag[] = [];
  const addFormat = (format: string): void => {
    outputs.push({ format, file: undefined });
  };
  const addFile = (file: string): void => {
    const last = outputs.at(-1);
    if (last === undefined || last.file !== undefined) outputs.push({ format: undefined, file });
    else outputs[outputs.length - 1] = { ...last, file };
  };
  command
    .addOption(new Option('-o, --output <format>', `repeatable: ${formats}; default: ${fallback}`).argParser(addFormat))
    .addOption(new Option('--output-file <file>', 'where the format before it goes').argParser(addFile))
    .option('--fail-on <level>', 'end with 1 for findings of this level: deny, warn; default: deny')
    .option('--baseline <file>', 'do not count what this baseline knows')
    .option('--create-baseline <file>', 'write everything that is found now into a baseline')
    .option('--exit-zero', 'end with 0 whatever is found');
  return outputs;
}
