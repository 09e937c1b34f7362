import { z } from 'zod';

/** Text that ends up in messages: in HTTP headers, terminals and table cells, so it has one line. */
export function oneLine(longest: number) {
  return z
    .string()
    .trim()
    .max(longest)
    .regex(/^[^\u0000-\u001f\u007f]*$/, { error: 'write it in one line, without control characters' });
}
