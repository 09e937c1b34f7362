import { describe, expect, it } from 'vitest';
import type { ManifestDocument } from '../../src/wire/manifest-objects.ts';
import { namespaceLabelsOf, readManifests, servicesOf } from '../../src/wire/manifests.ts';
import { describeProblem } from '../../src/wire/problem.ts';

function read(text: string): readonly ManifestDocument[] {
  const result = readManifests(text);
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join('\n'));
  return result.value;
}

function problemsOf(text: string): readonly string[] {
  const result = readManifests(text);
  return result.ok ? [] : result.problems.map(describeProblem);
}

function outline(text: string): readonly string[] {
  return read(text).map(
    ({ index, path, kind, object: { apiVersion, kind: type, namespace, name } }) =>
      `${index} [${path}] ${kind}: ${apiVersion} ${type} ${namespace}/${name}`,
  );
}

/** What kubectl makes of one scalar. */
function scalar(text: string): unknown {
  return read(`{apiVersion: v1, kind: X, it: ${text}\n}`)[0]?.value['it'];
}

const WEB = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, ports: [{port: 80}]}
`;

describe('readManifests', () => {
  it('reads one Service whole', () => {
    expect(read(WEB)).toEqual([
      {
        index: 0,
        path: '',
        kind: 'Service',
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web', generateName: '' },
        value: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web', namespace: 'shop' },
          spec: { type: 'NodePort', ports: [{ port: 80 }] },
        },
      },
    ]);
  });

  it('reads several documents, skips empty ones, tells kinds apart', () => {
    const text = `# a comment\n---\n${WEB}---\n---\n# nothing\n---\n{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"db"}}\n---
apiVersion: admission.k8s.io/v1beta1
kind: AdmissionReview
---
apiVersion: serving.knative.dev/v1
kind: Service
`;
    expect(outline(text)).toEqual([
      '0 [document 1] Service: v1 Service shop/web',
      '1 [document 2] other: apps/v1 Deployment /db',
      '2 [document 3] AdmissionReview: admission.k8s.io/v1beta1 AdmissionReview /',
      '3 [document 4] other: serving.knative.dev/v1 Service /',
    ]);
  });

  it('takes Lists apart in order, also lists of lists and typed lists', () => {
    const service = (name: string): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        service('a'),
        { apiVersion: 'v1', kind: 'List', items: [service('b'), service('c')] },
        { apiVersion: 'v1', kind: 'ServiceList', items: [{ metadata: { name: 'd' } }] },
        { apiVersion: 'v1', kind: 'List', items: null },
        { apiVersion: 'example.com/v1', kind: 'AllowList', metadata: { name: 'e' } },
      ],
    };
    const expected = [
      '0 [items[0]] Service: v1 Service /a',
      '1 [items[1].items[0]] Service: v1 Service /b',
      '2 [items[1].items[1]] Service: v1 Service /c',
      '3 [items[2].items[0]] Service: v1 Service /d',
      '4 [items[4]] other: example.com/v1 AllowList /e',
    ];
    expect(outline(JSON.stringify(list))).toEqual(expected);
    expect(outline(`# YAML\n${JSON.stringify(list)}`)).toEqual(expected);
  });

  it('takes an empty List for an empty cluster', () => {
    expect(read('{"apiVersion":"v1","kind":"List","items":[]}')).toEqual([]);
  });

  it('reads JSON behind a byte order mark, and a flow mapping', () => {
    const expected = ['0 [] other: v1 X /'];
    expect(outline('\ufeff {"apiVersion":"v1","kind":"X"}')).toEqual(expected);
    expect(outline('{apiVersion: v1, kind: X}')).toEqual(expected);
  });

  it.each([
    ['072560', 30_064],
    ['0o72560', 30_064],
    ['030080', 30_080],
    ['30_080', 30_080],
    ['0x7590', 30_096],
    ['0b11', 3],
    ['-072', -58],
    ['+7', 7],
    ['1e3', 1000],
    ['30080.0', 30_080],
    ['.5', 0.5],
    ['3000000000', 3_000_000_000],
    ['"30080"', '30080'],
    ['!!str 30080', '30080'],
    ['yes', true],
    ['y', true],
    ['On', true],
    ['off', false],
    ['N', false],
    ['~', null],
    ['e5', 'e5'],
    ['.', '.'],
    ['1:30', '1:30'],
    ['2026-11-21T01:40:46Z', '2026-11-21T01:40:46Z'],
    ['!custom x', 'x'],
    ['!!binary aGk=', 'hi'],
    ['!!bin%61ry aGk=', 'hi'],
    ['!!int "30080"', 30_080],
    ['3008_0e0_0', 30_080],
    ['0_x75_90', 30_096],
    ['1e400', '1e400'],
    ['0o', '0o'],
    ['190:20:30', '190:20:30'],
    ['', null],
    ['!!str', ''],
    ['NULL', null],
    ['tRue', 'tRue'],
    ['9007199254740993', 9_007_199_254_740_992],
    ['"a\\\n  b"', 'ab'],
    ['{<<: {a: 1}, b: 2}', { a: 1, b: 2 }],
    ['{<<: [{a: 1}, {a: 2, c: 3, d: 4}], <<: {e: 5}, c: 6}', { a: 1, c: 6, d: 4, e: 5 }],
    ['[&x {a: 1}, {<<: *x}, {<<: [*x, {b: 2}]}]', [{ a: 1 }, { a: 1 }, { a: 1, b: 2 }]],
    ['{&k a: 1, b: {*k : 2}}', { a: 1, b: { a: 2 } }],
    ['{y: 1, 0x10: 2, 1.0: 3}', { true: 1, 16: 2, 1: 3 }],
  ])('reads %s as kubectl does', (text, value) => {
    expect(scalar(text)).toEqual(value);
  });

  it('stays with YAML 1.1 whatever the document claims', () => {
    expect(read('%YAML 1.2\n---\napiVersion: v1\nkind: X\nit: 010')[0]?.value['it']).toBe(8);
  });
});

describe('readManifests on what nobody can judge', () => {
  const NOTHING = 'nothing to judge; send a Service, a List or an AdmissionReview as YAML or JSON';
  const TOO_DEEP = 'the input is nested deeper than 100 levels; send a Kubernetes object';
  const HEAD = 'apiVersion: v1\nkind: X\n';

  it.each([
    ['nothing', '', [NOTHING]],
    ['comments', '# a\n---\n# b\n', [NOTHING]],
    ['text', 'hello', ['"hello" is a string; send a Service, a List or an AdmissionReview']],
    ['a JSON list', '[]', ['this is a list; send a Service, a List or an AdmissionReview']],
    [
      'an object without kind',
      'metadata: {}',
      [
        'apiVersion: this is missing; write it, as in apiVersion: v1',
        'kind: this is missing; write it, as in kind: Service',
      ],
    ],
    [
      'an item without kind in the second document',
      `${HEAD}---\napiVersion: v1\nkind: List\nitems: [{apiVersion: v1}, 5]`,
      [
        'document 2.items[0].kind: this is missing; write it, as in kind: Service',
        'document 2.items[1]: 5 is a number; send a Service, a List or an AdmissionReview',
      ],
    ],
    [
      'items that are none',
      'apiVersion: v1\nkind: List\nitems: {}',
      ['items: this is an object; write a list of objects'],
    ],
    [
      'broken JSON',
      '\ufeff{"a": 1,\n "b" 2}',
      ['line 2, column 6: this is not JSON: a colon is missing before this; write one'],
    ],
    ['broken YAML', `${HEAD}a: "b`, ['line 3, column 6: this is not YAML: Missing closing "quote; close the quote']],
    [
      'a duplicate key',
      `${HEAD}spec:\n  type: NodePort\n  type: ClusterIP\n`,
      ['line 5, column 3: "type" is there twice; remove one'],
    ],
    [
      'a mapping as a key',
      `${HEAD}? {a: 1}\n: b\n`,
      ['line 3, column 3: a list or mapping is used as a key; write a plain key'],
    ],
    [
      'a template in place of a value',
      `${HEAD}nodePort: {{ .Values.port }}`,
      ['line 3, column 12: a list or mapping is used as a key; write a plain key; render the template first'],
    ],
    [
      '__proto__ in YAML',
      `${HEAD}__proto__: {a: 1}`,
      ['line 3, column 1: "__proto__" is no key of any document; remove it'],
    ],
    [
      '__proto__ in JSON',
      '{"apiVersion":"v1","kind":"X","a":{"__proto__":1}}',
      ['"__proto__" is used as a key; remove it'],
    ],
    ['deep JSON', `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`, [TOO_DEEP]],
    ['deep YAML', '[[[[[[[[[['.repeat(300_000), [`line 1, column 101: ${TOO_DEEP}`]],
    ['deep YAML sequences', '- '.repeat(1_000_000), [`line 1, column 201: ${TOO_DEEP}`]],
    ['a cycle', `${HEAD}a: &a [*a]`, ['line 3, column 8: *a stands for nothing before it; write the value out']],
    ['an unknown alias', `${HEAD}a: *b`, ['line 3, column 4: *b stands for nothing before it; write the value out']],
    [
      'a duplicate key in the value of another',
      `${HEAD}a: 1\na: {b: &c 1, b: *c}\nd: *c`,
      ['line 4, column 1: "a" is there twice; remove one', 'line 4, column 14: "b" is there twice; remove one'],
    ],
    ['no key', `${HEAD}a: {: 1}`, ['line 3, column 5: a key is not plain text; quote it']],
    [
      'a merge of what is no mapping',
      `${HEAD}a: {<<: 5}\nb: {<<: [{c: 1}, ~, *d]}`,
      [
        'line 3, column 9: << takes a mapping or a list of mappings; write one',
        'line 4, column 18: << takes a mapping or a list of mappings; write one',
        'line 4, column 21: *d stands for nothing before it; write the value out',
      ],
    ],
    [
      'a billion laughs',
      `${HEAD}a: &a [x,x,x,x]\n${'b c d e f g h i j'
        .split(' ')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefghi'[i]},`.repeat(9)}]`)
        .join('\n')}`,
      ['line 7, column 11: aliases repeat more than 10000 values; write them out'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('says that a template is one, whatever else is wrong with it', () => {
    const problems = problemsOf(`${HEAD}{{- if .Values.port }}\na: b\n{{- end }}`);
    expect(problems.filter((problem) => !problem.endsWith('; render the template first'))).toEqual([]);
    expect(problems[0]).toBe(
      'line 3, column 1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line; render the template first',
    );
  });

  it('does not copy what is merged again and again', () => {
    const keys = Array.from({ length: 4000 }, (_, index) => `k${index}: 1`).join(', ');
    expect(problemsOf(`${HEAD}a: ${'{<<: '.repeat(90)}{${keys}}${'}'.repeat(90)}`)).toEqual([
      `line 3, column ${4 + 88 * 5}: aliases repeat more than 10000 values; write them out`,
    ]);
  });

  it('finds what is wrong in every document', () => {
    const deep = '['.repeat(101);
    expect(problemsOf(`${HEAD}---\na: [1, 2\n---\n${deep}\n---\nb: &b 1\nb: *c\n---\n"`)).toEqual([
      'line 5, column 1: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket',
      `line 6, column 101: ${TOO_DEEP}`,
      'line 9, column 1: "b" is there twice; remove one',
      'line 9, column 4: *c stands for nothing before it; write the value out',
      'line 11, column 2: this is not YAML: Missing closing "quote; close the quote',
    ]);
  });

  it('names the first twenty problems', () => {
    const expected = Array.from(
      { length: 20 },
      (_, index) => `line ${index + 4}, column 1: "a" is there twice; remove one`,
    );
    expect(problemsOf(`${HEAD}${'a: 1\n'.repeat(100_000)}`)).toEqual(expected);
  });

  it('gives up on endless YAML instead of blocking everybody else', () => {
    expect(problemsOf('\n'.repeat(2_000_000))).toEqual([
      'line 1000001, column 1: the input is too much YAML from here on; send it as JSON or in parts',
    ]);
  });
});

describe('an inventory', () => {
  const DUMP = `${WEB}---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {type: ClusterIP, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a, kubernetes.io/metadata.name: lie, odd: 5}}
---
apiVersion: v1
kind: Namespace
metadata: {name: erp}
`;

  it('lists the Services', () => {
    const result = servicesOf(read(DUMP));
    expect(result.ok && result.value.map(({ namespace, name, type }) => [namespace, name, type])).toEqual([
      ['shop', 'web', 'NodePort'],
      ['default', 'db', 'ClusterIP'],
    ]);
  });

  it('reports every Service that cannot be read', () => {
    const items = ['30080', '30081'].map((nodePort) => ({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { ports: [{ nodePort }] },
    }));
    expect(servicesOf(read(JSON.stringify({ apiVersion: 'v1', kind: 'List', items })))).toEqual({
      ok: false,
      problems: [
        { path: 'items[0].spec.ports[0].nodePort', message: '"30080" is a string; write a whole number' },
        { path: 'items[1].spec.ports[0].nodePort', message: '"30081" is a string; write a whole number' },
      ],
    });
  });

  it('knows the labels of namespaces', () => {
    expect(namespaceLabelsOf(read(DUMP))).toEqual(
      new Map([
        ['shop', { team: 'a', 'kubernetes.io/metadata.name': 'shop' }],
        ['erp', { 'kubernetes.io/metadata.name': 'erp' }],
      ]),
    );
  });
});
