import { policyJsonSchema } from '../../policy/json-schema.ts';
import { rules } from '../../rules/index.ts';
import type { ExitCode, Io } from '../io.ts';
import { compileFiles, readPolicyFiles } from '../policy-files.ts';

/** Checks policy documents: every problem on standard output, as `FILE:LINE:COLUMN: …`. */
export async function validatePolicy(paths: readonly string[], io: Io): Promise<ExitCode> {
  const loaded = compileFiles(await readPolicyFiles(paths, io.cwd));
  if (!loaded.ok) {
    for (const problem of loaded.problems) io.out.write(`${problem}\n`);
    return 2;
  }
  const { policy, warnings, advice } = loaded.value;
  for (const warning of [...warnings, ...advice]) io.err.write(`warning: ${warning}\n`);
  io.out.write(`${policy.documents.length} ${policy.documents.length === 1 ? 'document is' : 'documents are'} valid\n`);
  io.out.write(`policy ${policy.hash}\n`);
  return 0;
}

/** Prints the JSON Schema (draft-07) of a policy document, for editors. */
export function printPolicySchema(io: Io): ExitCode {
  io.out.write(policyJsonSchema(rules));
  return 0;
}
