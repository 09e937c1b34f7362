import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { isJsonObject } from '../../../src/domain/json.ts';
import type { Path } from '../../../src/domain/path.ts';
import { patchedText } from '../../../src/page/playground/patched-text.ts';
import { placeOf, writtenObjects } from '../../../src/page/playground/written-objects.ts';

/** Objects as another library writes them, in any of its styles. */
const KEYS = fc.oneof(
  fc.constantFrom('spec', 'ports', 'nodePort', 'nodeport-gate.dev/pool', 'a b', '-', '#', '', "it's", '"', ': '),
  fc.stringMatching(/^[A-Za-z][\w./-]{0,7}$/),
);
const SCALARS = fc.oneof(
  fc.constantFrom<string | number | boolean | null>(0, 30_100, -1.5, true, null, '', 'no', '30100', '*x', '&x', '- a'),
  // Read on their own, three dashes begin a document, and three dots end one.
  fc.stringMatching(/^[A-Za-z0-9 .:/#"'\\üλ漢-]{0,12}$/).filter((text) => !/^(?:---|\.\.\.)/.test(text)),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, SCALARS, tie('list'), tie('object')),
  list: fc.array(tie('tree'), { maxLength: 3 }),
  object: fc.dictionary(KEYS, tie('tree'), { maxKeys: 4 }),
}));
const STYLES = fc.constantFrom(
  (value: unknown) => stringify(value, { lineWidth: 0, version: '1.1' }),
  (value: unknown) => stringify(value, { lineWidth: 0, version: '1.1', indentSeq: false, indent: 4 }),
  (value: unknown) => stringify(value, { lineWidth: 0, version: '1.1', defaultStringType: 'QUOTE_SINGLE' }),
  (value: unknown) => stringify(value, { lineWidth: 0, version: '1.1', collectionStyle: 'flow' }),
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => JSON.stringify(value, null, 2),
);

function leavesOf(value: unknown, path: Path = []): readonly (readonly [Path, unknown])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]));
  return [[path, value]];
}

describe('any text', () => {
  it('has every value where it is found', () => {
    fc.assert(
      fc.property(fc.dictionary(KEYS, tree, { minKeys: 1, maxKeys: 4 }), STYLES, (content, write) => {
        const text = write({ kind: 'Service', content });
        const [object] = writtenObjects(text);
        if (object === undefined) throw new Error('no object');
        for (const [path, value] of leavesOf(content)) {
          const { from, to } = placeOf(object, ['content', ...path]);
          const written = text.slice(from, to);
          // A text of several lines is found at its key; and nothing may be written for null.
          if (typeof value === 'string' && value.includes('\n')) continue;
          expect({ path, value: parse(written, { version: '1.1' }) as unknown }).toEqual({ path, value });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('means after the gate what the patch makes of it', () => {
    const runs = 500;
    let written = 0;
    const ports = fc.array(fc.dictionary(KEYS, tree, { maxKeys: 3 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.dictionary(KEYS, tree, { maxKeys: 3 }), ports, STYLES, (others, list, write) => {
        const wanted = { kind: 'Service', spec: { ...others, ports: list } };
        const text = write(wanted);
        const patch = [
          ...list.map((_, index) => ({
            op: 'add' as const,
            path: `/spec/ports/${index}/nodePort`,
            value: 30_100 + index,
          })),
          { op: 'add' as const, path: '/spec/externalTrafficPolicy', value: 'Local' },
        ];
        const item = {
          object: { apiVersion: 'v1', kind: 'Service' },
          allowed: true,
          findings: [],
          undetermined: [],
          assigned: [],
          patch,
        };
        const patched = patchedText(text, {
          apiVersion: 'nodeport-gate.dev/v1alpha1',
          kind: 'VerdictList',
          policy: { hash: '' },
          summary: { objects: 1, allowed: 1, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } },
          items: [item],
        });
        // It may decline; what it writes must be right.
        if (patched === undefined) return;
        written += 1;
        const before: unknown = parse(text, { version: '1.1' });
        applyPatch(before, patch);
        expect(parse(patched.text, { version: '1.1' })).toEqual(before);
      }),
      { numRuns: runs },
    );
    // Nine in ten are usual; who always declines is always right.
    expect(written).toBeGreaterThan(runs * 0.75);
  });
});
