import { z } from 'zod';
import { own } from '../../domain/json.ts';
import { defineRule, quoted } from '../define.ts';
import { LONGEST_VALUE, pattern } from './pattern.ts';

/** Each costs the time of a match, and a person has to fill all of them in. */
const MOST_KEYS = 16;

const KEY_FORM = 'write an annotation key, as in owner or example.com/owner';

const LONGEST_PREFIX = 253;

/** IsQualifiedName in apimachinery/pkg/util/validation, which the API server asks about the key in lower case. */
const key = z
  .string()
  .regex(
    /^([A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    { error: KEY_FORM },
  )
  .refine((text) => text.indexOf('/') <= LONGEST_PREFIX, { error: KEY_FORM });

export const requiredAnnotations = defineRule({
  name: 'required-annotations',
  summary: 'Services that open node ports have the required annotations.',
  why: 'An open port outlives the memory of who asked for it, and whoever cleans up or is called at night needs an owner and a reason.',
  subject: 'open-service',
  options: z.strictObject({
    keys: z
      .record(key, pattern)
      .refine((keys) => Object.keys(keys).length > 0, { error: 'is empty; name at least one annotation' })
      .refine((keys) => Object.keys(keys).length <= MOST_KEYS, {
        error: `names too many annotations; name at most ${MOST_KEYS}`,
      })
      .meta({ minProperties: 1, maxProperties: MOST_KEYS })
      .describe(
        'The annotations, each with a regular expression in RE2 syntax that its whole value must match; `.*` for any value.',
      ),
  }),
  messages: {
    missing: { text: 'is missing; write a value that matches {pattern}' },
    mismatch: { text: '{value} does not match {pattern}; write a value that does' },
    tooLong: { text: '{value} has more than the {most} characters that a pattern is asked about; shorten it' },
  },
  presets: {},
  check({ service }, { keys }, report) {
    for (const [name, { text, matches }] of Object.entries(keys)) {
      const path = ['metadata', 'annotations', name];
      const actual = own(service.annotations, name);
      if (actual === undefined) report('missing', path, { pattern: text });
      else if (actual.length > LONGEST_VALUE) {
        const value = actual.slice(0, LONGEST_VALUE + 1);
        report('tooLong', path, { value: quoted(actual), most: LONGEST_VALUE }, { value });
      } else if (!matches(actual)) {
        report('mismatch', path, { value: quoted(actual), pattern: text }, { value: actual });
      }
    }
  },
});
