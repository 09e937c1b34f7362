/** What a parser gives back: the value, or every problem it found. Never the first problem only. */
export type Result<Value, Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** None where it went well. */
export function problemsOf<Problem>(result: Result<unknown, Problem>): readonly Problem[] {
  return result.ok ? [] : result.problems;
}

export function failed<Problem>(problems: readonly Problem[]): {
  readonly ok: false;
  readonly problems: readonly Problem[];
} {
  return { ok: false, problems };
}
