import { policyJsonSchema } from '../../policy/json-schema.ts';
import { harmless } from '../../report/harmless.ts';
import { rules } from '../../rules/index.ts';
import { complain } from '../complain.ts';
import type { ExitCode, Io } from '../io.ts';
import { policyPathsFor } from '../policy-discovery.ts';
import { compileFiles, readPolicyFiles } from '../policy-files.ts';

/** Checks policy documents: every problem on standard output, as `FILE:LINE:COLUMN: …`. */
export async function validatePolicy(given: readonly string[], io: Io): Promise<ExitCode> {
  const { paths, isShipped } = await policyPathsFor(given, io.cwd);
  if (isShipped) return complain(io, ['no nodeport-gate.yaml here or above; name the files, or write one with init']);
  const loaded = compileFiles(await readPolicyFiles(paths, io.cwd));
  if (!loaded.ok) {
    for (const problem of loaded.problems) io.out.write(`${harmless(problem)}\n`);
    return 2;
  }
  const { policy, warnings, advice } = loaded.value;
  complain(
    io,
    [...warnings, ...advice()].map((warning) => `warning: ${warning}`),
  );
  io.out.write(`${policy.documents.length} ${policy.documents.length === 1 ? 'document is' : 'documents are'} valid\n`);
  io.out.write(`policy ${policy.hash}\n`);
  return 0;
}

/** Prints the JSON Schema (draft-07) of a policy document, for editors. */
export function printPolicySchema(io: Io): ExitCode {
  io.out.write(policyJsonSchema(rules));
  return 0;
}
