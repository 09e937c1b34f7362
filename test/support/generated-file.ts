import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

/**
 * Holds a checked-in file against the text that it is generated from. With `UPDATE_GENERATED=1` (`npm run generate`) it
 * is written instead; CI never does.
 */
export function expectGenerated(file: string, text: string): void {
  if (process.env['UPDATE_GENERATED'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(read(file), `${file} is out of date; run: npm run generate`).toBe(text);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
