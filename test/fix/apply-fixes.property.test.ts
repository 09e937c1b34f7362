import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Path } from '../../src/domain/path.ts';
import { applyFixes, type Edit } from '../../src/fix/apply-fixes.ts';
import { unifiedDiff } from '../../src/fix/unified-diff.ts';
import { MANIFEST_YAML } from '../../src/wire/yaml-dialects.ts';
import { readYamlDocuments } from '../../src/wire/yaml-documents.ts';
import { serviceExtents } from './asked-edits.ts';
import { randomManifest } from './random-manifest.ts';

const fix: fc.Arbitrary<Fix> = fc.oneof(
  fc.record({
    path: fc.nat({ max: 2 }).map((index): Path => ['spec', 'ports', index, 'nodePort']),
    value: fc.constantFrom(30_080, 30_081, undefined),
  }),
  fc.record({
    path: fc.constant<Path>(['spec', 'externalTrafficPolicy']),
    value: fc.constantFrom('Local', 'yes', undefined),
  }),
  fc.record({ path: fc.constant<Path>(['spec', 'healthCheckNodePort']), value: fc.constantFrom(30_099, undefined) }),
  fc.record({ path: fc.constant<Path>(['spec', 'allocateLoadBalancerNodePorts']), value: fc.boolean() }),
);

const fixes = fc.uniqueArray(fix, { maxLength: 6, selector: ({ path }) => path.join('.') });

const file = fc
  .record({
    documents: fc.array(fc.record({ manifest: randomManifest, fixes }), { minLength: 1, maxLength: 3 }),
    hasFirstMarker: fc.boolean(),
    isCrlf: fc.boolean(),
    hasMark: fc.boolean(),
    isEnded: fc.boolean(),
  })
  .map(({ documents, hasFirstMarker, isCrlf, hasMark, isEnded }) => {
    const lf = (hasFirstMarker ? '---\n' : '') + documents.map(({ manifest }) => manifest.text).join('--- # next\n');
    const text = (hasMark ? '\uFEFF' : '') + (isEnded ? lf : lf.trimEnd());
    return { documents, isEnded, text: isCrlf ? text.replaceAll('\n', '\r\n') : text };
  });

describe('applyFixes, of any manifest in any style', () => {
  it('gives the values wanted, and nothing else', () => {
    fc.assert(
      fc.property(file, ({ documents, text }) => {
        const edits = editsFor(text, documents);
        const edited = applyFixes(text, edits);
        const wanted = documents.map(({ manifest }, index) => {
          const done = edited.done.filter(({ edit }) => edit === edits[index]);
          return done.reduce<Json>((value, each) => withValue(value, each.fix.path, each.fix.value), manifest.value);
        });
        expect(readYamlDocuments(edited.text, MANIFEST_YAML).documents.map(({ value }) => value)).toEqual(wanted);
      }),
      { numRuns: 600 },
    );
  });

  it('writes every field that has a place, unless comments are in the way', () => {
    fc.assert(
      fc.property(file, ({ documents, text }) => {
        fc.pre(documents.every(({ manifest }) => manifest.isPlain));
        const { refusals } = applyFixes(text, editsFor(text, documents));
        const reasons = refusals.map(({ message }) => message.replace(/spec\.ports\[\d\]|; .*/g, ''));
        const known = [' is not there', 'a comment follows the line, which would lose its place'];
        expect(reasons.filter((reason) => !known.includes(reason))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves all other lines as they are', () => {
    fc.assert(
      fc.property(file, ({ documents, text, isEnded }) => {
        const edited = applyFixes(text, editsFor(text, documents));
        const removed = unifiedDiff('a', text, edited.text)
          .split('\n')
          .slice(2)
          .filter((line) => line.startsWith('-'));
        expect(removed.length).toBeLessThanOrEqual(edited.done.length * 2 + (isEnded ? 0 : 1));
      }),
      { numRuns: 250 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(file, ({ documents, text }) => {
        const once = applyFixes(text, editsFor(text, documents));
        const twice = applyFixes(once.text, editsFor(once.text, documents));
        expect({ text: twice.text, done: twice.done }).toEqual({ text: once.text, done: [] });
        expect(twice.refusals.map(({ path }) => path)).toEqual(once.refusals.map(({ path }) => path));
      }),
      { numRuns: 250 },
    );
  });
});

function editsFor(text: string, documents: readonly { readonly fixes: readonly Fix[] }[]): readonly Edit[] {
  return serviceExtents(text).map((extent, index) => ({ extent, fixes: documents[index]?.fixes ?? [] }));
}

function withValue(root: Json, path: Path, value: Fix['value']): Json {
  const copy = structuredClone(root);
  let parent = copy as Record<string | number, Json>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, Json>;
  const name = path.at(-1) ?? '';
  if (value === undefined) delete parent[name];
  else parent[name] = value;
  return copy;
}
