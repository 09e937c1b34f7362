import { failed, ok, problemsOf, type Result } from '../../domain/result.ts';
import { effectiveRules, presetOf } from '../../policy/effective-rules.ts';
import { type ShownPolicy, shownPolicy } from '../../report/shown-policy.ts';
import { shownPolicyText } from '../../report/shown-policy-text.ts';
import { rules } from '../../rules/index.ts';
import { namespaceFault } from '../flag-faults.ts';
import { loadChosenPolicy } from '../chosen-policy.ts';
import { complain } from '../complain.ts';
import { loadInventories } from '../inventory-file.ts';
import type { ExitCode, Io } from '../io.ts';

/** Flags as commander gives them. */
export interface ShowFlags {
  readonly policy?: readonly string[];
  readonly namespace?: string;
  readonly inventory?: readonly string[];
  readonly output?: string;
}

/** Prints the policy in effect: presets merged in, defaults filled in, pools in order of precedence. */
export async function showPolicy(flags: ShowFlags, io: Io): Promise<ExitCode> {
  const read = await readShown(flags, io);
  if (!read.ok) return complain(io, read.problems);
  const { shown, remarks } = read.value;
  complain(io, remarks);
  io.out.write(flags.output === 'json' ? `${JSON.stringify(shown, null, 2)}\n` : shownPolicyText(shown));
  return 0;
}

async function readShown(
  { policy: given, namespace, inventory: dumps = [] }: ShowFlags,
  { cwd, now }: Io,
): Promise<Result<{ readonly shown: ShownPolicy; readonly remarks: readonly string[] }, string>> {
  const [chosen, loaded] = await Promise.all([loadChosenPolicy(given, cwd), loadInventories(dumps, cwd)]);
  const faults = namespaceFault(namespace);
  if (!chosen.ok || !loaded.ok || faults.length > 0) {
    return failed([...faults, ...[chosen, loaded].flatMap(problemsOf)]);
  }
  const { policy, remarks } = chosen.value;
  const { inventory, namespaceLabels } = loaded.value;
  const shown = shownPolicy(policy, {
    namespace,
    labels: namespace === undefined ? undefined : namespaceLabels.get(namespace),
    inventory: dumps.length === 0 ? undefined : inventory,
    now: now(),
    presetOf: (name) => presetOf(policy, name),
    rulesOf: (name) => effectiveRules(policy, name, rules),
  });
  return ok({ shown, remarks });
}
