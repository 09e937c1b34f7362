import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/domain/path.ts';
import { MANIFEST_YAML, POLICY_YAML } from '../../src/wire/yaml-dialects.ts';
import { readYamlDocuments, type YamlDocument, type YamlStream } from '../../src/wire/yaml-documents.ts';

function read(text: string): YamlStream {
  return readYamlDocuments(text, POLICY_YAML);
}

function only(text: string): YamlDocument {
  const { documents, problems } = read(text);
  expect(problems).toEqual([]);
  const [document, ...others] = documents;
  expect(others).toEqual([]);
  if (document === undefined) throw new Error('there is no document');
  return document;
}

function values(text: string): readonly unknown[] {
  return read(text).documents.map(({ value }) => value);
}

describe('values', () => {
  it('are those of YAML 1.2, not of 1.1', () => {
    expect(
      only('{off: off, yes: yes, octal: 0o17, old: 017, date: 2027-03-31, range: 30100-30199, sixty: 1:30}').value,
    ).toEqual({ off: 'off', yes: 'yes', octal: 15, old: 17, date: '2027-03-31', range: '30100-30199', sixty: '1:30' });
  });

  it('stay those of YAML 1.2 when a directive asks for 1.1', () => {
    expect(only('%YAML 1.1\n---\n{off: off}').value).toEqual({ off: 'off' });
  });

  it('of JSON are what JSON.parse gives', () => {
    const json = '{\n\t"a": [1, -2.5, true, null, "\\u00e9\\ud83d\\ude00\\/"],\n\t"b": {"": {}, "constructor": []}\n}';
    expect(only(json).value).toEqual(JSON.parse(json));
  });

  it('of numbers and booleans as keys are taken as written', () => {
    expect(only('{30080: a, 1.0: b, true: c}').value).toEqual({ '30080': 'a', '1.0': 'b', true: 'c' });
  });

  it('behind aliases are those of the anchor', () => {
    expect(only('a: &x [1, {b: 2}]\nc: *x\nd: &x 3\ne: *x').value).toEqual({
      a: [1, { b: 2 }],
      c: [1, { b: 2 }],
      d: 3,
      e: 3,
    });
  });
});

describe('a stream', () => {
  it('leaves out empty documents', () => {
    expect(values('# nothing\n---\n---\na: 1\n---\n# nothing\n...\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(values('')).toEqual([]);
  });

  it('may begin with a byte order mark, which is no column', () => {
    const document = only('\uFEFFa: 1');
    expect(document.value).toEqual({ a: 1 });
    expect(document.locate(['a'], 'value')).toEqual({ line: 1, column: 4 });
  });

  it('keeps the other documents when some are broken', () => {
    expect(read('a: 1\n---\nb: [1, 2\n---\nc: "3\n').problems).toEqual([
      {
        line: 4,
        column: 1,
        path: [],
        message:
          'is not readable as YAML; flow sequence in block collection must be sufficiently indented and end with a ]',
      },
      { line: 6, column: 1, path: [], message: 'is not readable as YAML; missing closing "quote' },
    ]);
    expect(values('a: 1\n---\nb: : 2\n---\nc: 3')).toEqual([{ a: 1 }, { c: 3 }]);
  });
});

describe('places', () => {
  const text = [
    'spec:',
    '  ports: ["30100", 30200]',
    '  empty:',
    '  list:',
    '    - name: a',
    '    - name: b',
    '  copy: &c {x: 1}',
    '  paste: *c',
    '  bare: {y}',
  ].join('\n');
  it.each<[path: Path, part: 'key' | 'value', line: number, column: number]>([
    [[], 'value', 1, 1],
    [['spec'], 'key', 1, 1],
    [['spec'], 'value', 2, 3],
    [['spec', 'ports'], 'key', 2, 3],
    [['spec', 'ports'], 'value', 2, 10],
    [['spec', 'ports', 1], 'value', 2, 20],
    [['spec', 'empty'], 'value', 3, 3],
    [['spec', 'list', 1, 'name'], 'key', 6, 7],
    [['spec', 'list', 1, 'name'], 'value', 6, 13],
    [['spec', 'copy', 'x'], 'value', 7, 16],
    [['spec', 'paste'], 'value', 8, 10],
    [['spec', 'paste', 'x'], 'value', 7, 16],
    [['spec', 'bare', 'y'], 'value', 9, 10],
    // What is missing stands at the nearest thing that is there.
    [['spec', 'missing', 'deeper'], 'value', 1, 1],
    [['spec', 'ports', 2], 'value', 2, 3],
    [['spec', 'ports', 'x'], 'value', 2, 3],
    [['spec', 'list', 0, 'missing'], 'key', 5, 7],
    [['missing'], 'key', 1, 1],
    [['spec', 'ports', 0, 'deeper'], 'value', 2, 11],
  ])('%j (%s) is at %i:%i', (path, part, line, column) => {
    expect(only(text).locate(path, part)).toEqual({ line, column });
  });

  it('of what is merged are where it is written', () => {
    const { documents } = readYamlDocuments('a: &a {x: 1, z: 2}\nb: {<<: *a, z: 3}', MANIFEST_YAML);
    expect(documents.map(({ locate }) => ['x', 'z'].map((key) => locate(['b', key], 'value')))).toEqual([
      [
        { line: 1, column: 11 },
        { line: 2, column: 16 },
      ],
    ]);
  });

  it('count lines of every kind of file', () => {
    expect(only('a: 1\r\nb: 2\r\n').locate(['b'], 'value')).toEqual({ line: 2, column: 4 });
  });
});

describe('what is no plain JSON', () => {
  it.each<[why: string, text: string, line: number, column: number, path: Path, message: string]>([
    ['a key twice', 'a: 1\nb: 2\na: 3', 3, 1, ['a'], 'is written twice; remove one of them'],
    ['a key twice in two spellings', '{1: a, "1": b}', 1, 8, ['1'], 'is written twice; remove one of them'],
    ['a prototype', 'a:\n  "__proto__": {x: 1}', 2, 3, ['a'], '"__proto__" is no key of any document; remove it'],
    ['a mapping as a key', 'a:\n  ? {b: c}\n  : d', 2, 5, ['a'], 'a key is not plain text; quote it'],
    ['a template', 'a: {{ .Values.b }}', 1, 5, ['a'], 'a key is not plain text; quote it'],
    ['no key', 'a: {: 1}', 1, 5, ['a'], 'a key is not plain text; quote it'],
    ['an unknown alias', 'a: *b', 1, 4, ['a'], '*b stands for nothing before it; write the value out'],
    ['an alias of itself', 'a: &b [*b]', 1, 8, ['a', 0], '*b stands for nothing before it; write the value out'],
    ['a tag', 'a: !!binary aGk=', 1, 4, [], 'is not readable as YAML; unresolved tag: tag:yaml.org,2002:binary'],
    [
      'a fault without a document',
      '%FOO\n',
      2,
      1,
      [],
      'is not readable as YAML; missing directives-end indicator line',
    ],
  ])('%s', (_, text, line, column, path, message) => {
    expect(read(text).problems).toEqual([{ line, column, path, message }]);
  });

  it('is left out, and the rest is read: of a key written twice the first counts', () => {
    expect(values('a: 1\n"__proto__": {polluted: true}\na: 3\n? [x]\n: y\nb: 4')).toEqual([{ a: 1, b: 4 }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('hostile text', () => {
  const tooDeep = 'is nested deeper than 100 levels; no document needs that';

  it.each([
    ['flow lists', `${'['.repeat(3000)}${']'.repeat(3000)}`, 101],
    ['flow lists without an end', '['.repeat(3000), 101],
    ['flow mappings', `${'{a: '.repeat(3000)}1${'}'.repeat(3000)}`, 100 * 4 + 1],
    ['block lists', '- '.repeat(3000), 201],
    ['keys of keys', '? '.repeat(3000), 201],
  ])('%s 3,000 levels deep are refused where they become too deep', (_, text, column) => {
    expect(read(`a: 1\n---\n${text}\n---\nb: 2`).problems).toEqual([{ line: 3, column, path: [], message: tooDeep }]);
  });

  it('of 100 levels is read', () => {
    expect(read(`${'['.repeat(100)}${']'.repeat(100)}`).problems).toEqual([]);
  });

  it('does not get deeper through aliases', () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `a${index}: &a${index} [[${index === 0 ? '1' : `*a${index - 1}`}]]`,
    );
    const { problems } = read(lines.join('\n'));
    expect(problems[0]).toEqual({ line: 50, column: 13, path: ['a49', 0, 0], message: tooDeep });
  });

  it('does not grow through aliases', () => {
    const lines = Array.from({ length: 30 }, (_, level) => {
      const items = level === 0 ? 'x' : Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ');
      return `l${level}: &l${level} [${items}]`;
    });
    const { documents, problems } = read(`${lines.join('\n')}\n---\nb: 2`);
    expect(problems).toEqual([
      { line: 5, column: 35, path: ['l4', 5], message: 'aliases repeat more than 10000 values; write them out' },
    ]);
    expect(documents.length).toBe(2);
  });

  it('of 5 MB is refused before it is read', () => {
    // Reading it would find much more: no list ends, and they nest too deep.
    expect(read('[,'.repeat(2_500_000))).toEqual({
      documents: [],
      problems: [
        {
          line: 1,
          column: 1,
          path: [],
          message: '5000000 characters are too many; split the file, one may have 1048576',
        },
      ],
    });
  });

  it('of 1 MB and 100,000 keys is read and placed in time', () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join('\n');
    const document = only(text);
    const places = Array.from({ length: 100_000 }, (_, index) => document.locate([`k${index}`], 'key').line);
    expect(places).toEqual(Array.from({ length: 100_000 }, (_, index) => index + 1));
  });
});
