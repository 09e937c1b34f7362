import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { plainSpans, readPlainYaml } from '../../src/wire/plain-yaml.ts';
import { MANIFEST_YAML } from '../../src/wire/yaml-dialects.ts';
import { readYamlParts } from '../../src/wire/yaml-parts.ts';
import { blocks, CONFIG, flows, pathsIn, SERVICE, shown, soup, spoiled } from './plain-texts.ts';

function read(text: string): JsonObject | undefined {
  return readPlainYaml(text, MANIFEST_YAML);
}

describe('readPlainYaml', () => {
  it('reads a manifest', () => {
    const value = read(SERVICE);
    expect(value).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', labels: {}, annotations: { 'example.com/url': 'http://example.com/ab' } },
      spec: {
        type: 'NodePort',
        externalIPs: [],
        selector: { app: 'the web' },
        ports: [
          { name: 'http', port: 80, nodePort: 30_080 },
          { port: 8080, targetPort: 'http' },
          { port: 100, targetPort: null },
        ],
        limits: { cpu: '100m', paths: ['/api', '/v2', { a: "it's" }], none: [] },
      },
      status: null,
    });
  });

  it('reads flow collections, escapes and blocks of text', () => {
    expect(read(CONFIG)).toEqual({
      kind: 'ConfigMap',
      data: {
        title: 'caf\u00e9 "of" the\n\ttown',
        'run.sh': '#!/bin/sh\n  echo "{{ a }}" \\\n\n# done\n',
        last: 'x: y',
      },
      args: ['a\n', { b: 'c' }],
    });
  });

  it.each([
    ['soup', soup, 20_000, 1000],
    ['blocks of text', blocks, 10_000, 1000],
    ['flow collections', flows, 10_000, 1000],
    ['a spoiled manifest', spoiled, 4000, 1000],
  ])('never gives another value or place than the parser: %s', { timeout: 60_000 }, (_, texts, numRuns, least) => {
    let count = 0;
    fc.assert(
      fc.property(texts, (each) => {
        const value = read(each);
        const spanOf = plainSpans(each, MANIFEST_YAML);
        expect(spanOf === undefined).toBe(value === undefined);
        if (value === undefined || spanOf === undefined) return;
        count += 1;
        const { parts, faults } = readYamlParts(each, MANIFEST_YAML);
        expect([faults, parts.map((part) => part.value)]).toEqual([[], [value]]);
        const paths = pathsIn(value);
        expect(paths.map((path) => [path, shown(each, spanOf(path, 'value'))])).toEqual(
          paths.map((path) => [path, shown(each, parts[0]?.spanOf(path, 'value'))]),
        );
      }),
      { numRuns, seed: 20_261_121 },
    );
    expect(count).toBeGreaterThan(least);
  });

  it.each([
    ['deep lists', `a:\n${'- '.repeat(200)}x`],
    ['a key that is too long for one line', `${'a'.repeat(1025)}: b`],
    ['nothing', '\n# c\n'],
    ['a key twice', 'a: 1\nb: 2\na: 3\n'],
    ['a very long text', `a: b\n${'# c\n'.repeat(20_000)}`],
  ])('leaves %s to the parser', (_, each) => {
    expect(read(each)).toBeUndefined();
  });

  it.each(
    ['k: ', 'k: x #', '', 'k: [', 'k: {a: ', "k: '", 'k: "', 'k: |\n  '].flatMap((head) =>
      [' ', 'x ', '- ', "'", '"', '[', '{a: ', "'',", '"x",', 'x:', '\n'].map((piece) => [head, piece] as const),
    ),
  )('takes no time for %j and then very many %j', (head, piece) => {
    const hostile = `${head}${piece.repeat(60_000 / piece.length)}\u0001\n`;
    const start = performance.now();
    expect(read(hostile)).toBeUndefined();
    // Seconds where the time grows with the square of the length.
    expect(performance.now() - start).toBeLessThan(500);
  });
});
