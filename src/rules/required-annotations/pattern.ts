import { RE2JS, RE2JSSyntaxException } from 're2js';
import { z } from 'zod';
import { quoted } from '../define.ts';

/** A regular expression that matches in linear time, whatever the value. */
export interface Pattern {
  /** As the policy writes it. */
  readonly text: string;
  /** Whether it matches the value from the first character to the last. Only for values within `LONGEST_VALUE`. */
  matches(value: string): boolean;
}

/** In characters. Matching takes time in proportion to the value and the pattern, and both hold up other requests. */
export const LONGEST_VALUE = 1024;
const LONGEST_PATTERN = 256;
/** `[a-z]{1,60}` has about 120 instructions; RE2 itself refuses repetitions that come to more than 1000. */
const MOST_INSTRUCTIONS = 500;

/** The pattern as a policy writes it, compiled. */
export const pattern = z
  .string()
  .min(1, { error: 'is empty; write a pattern, as in team-[a-z]+, or .* for any value' })
  .max(LONGEST_PATTERN)
  .regex(/^[^\u0000-\u001f\u007f]*$/, { error: 'write it in one line, without control characters' })
  .transform((text, context): Pattern => {
    const compiled = compile(text);
    if ('matches' in compiled) return compiled;
    context.addIssue({ code: 'custom', message: compiled.fault });
    return z.NEVER;
  });

function compile(text: string): Pattern | { readonly fault: string } {
  try {
    const expression = RE2JS.compile(text);
    const size = expression.programSize();
    // The quicker testExact() keeps a cache for each pattern, which the authors of Services could fill up.
    if (size <= MOST_INSTRUCTIONS) return { text, matches: (value) => expression.matcher(value).matches() };
    const limits = `${size} instructions, of which it may have ${MOST_INSTRUCTIONS}`;
    return { fault: `${quoted(text)} comes to ${limits}; use fewer or smaller repetitions` };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const where = error.input === null ? '' : ` at ${quoted(error.input)}`;
    return {
      fault: `${quoted(text)} is no pattern (${error.error}${where}); write a regular expression as RE2 has them`,
    };
  }
}
