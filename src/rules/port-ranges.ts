import { z } from 'zod';
import { MAX_PORT, parseRange, type PortRange, portSet } from '../domain/port-set.ts';

const FORM = 'write a port, as in 30080, or a range from low to high, as in "30000-32767" (1 to 65535)';

/** One port or range as a policy writes it. What `meta` says is for editors; parseRange decides. */
const range = z
  .union(
    [z.int().meta({ minimum: 1, maximum: MAX_PORT }), z.string().meta({ pattern: '^[0-9]{1,5}(-[0-9]{1,5})?$' })],
    { error: FORM },
  )
  .transform((value, context): PortRange => {
    const parsed = parseRange(String(value));
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: FORM });
    return z.NEVER;
  });
const list = z.array(range).min(1, { error: 'list at least one port or range' });

/** A list of ports and ranges, read into the set of all of them. */
export const portRanges = list.transform((ranges) => portSet(ranges));

/** The same, where a single one needs no list. */
export const portOrRanges = z
  .union([range, list], { error: FORM })
  .transform((value) => portSet(Array.isArray(value) ? value : [value]));
