import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/domain/path.ts';
import type { SourceRegion } from '../../src/domain/source.ts';
import { type LocatedManifest, type ManifestFile, readManifestFile } from '../../src/wire/manifest-file.ts';
import type { Skim } from '../../src/wire/skim.ts';

const ALL: Skim = { serviceWords: 'all', workloadWords: [], workloads: true, namespaces: true };
const HEAD = 'apiVersion: v1\nkind: Service\n';
const TEMPLATE =
  'this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -';

const MISSING_VERSION = 'this is missing; write it, as in apiVersion: v1';

function read(text: string): ManifestFile {
  return readManifestFile('a.yaml', text, ALL);
}

function names({ manifests }: ManifestFile): readonly string[] {
  return manifests.map(({ object: { kind, name } }) => `${kind} ${name}`);
}

function problemsOf(text: string): readonly string[] {
  return read(text).problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

function service(name: string): string {
  return `${HEAD}metadata: {name: ${name}}\n`;
}

function region({ line, column, endLine, endColumn }: SourceRegion): readonly number[] {
  return [line, column, endLine, endColumn];
}

function only(text: string): LocatedManifest {
  const { manifests, problems } = read(text);
  expect(problems).toEqual([]);
  const [manifest, ...others] = manifests;
  expect(others).toEqual([]);
  if (manifest === undefined) throw new Error('there is no manifest');
  return manifest;
}

describe('readManifestFile', () => {
  it('gives an object with its place', () => {
    const text = `# a comment\n${service('web')}`;
    const { locate, ...rest } = only(text);
    expect(rest).toEqual({
      index: 0,
      path: '',
      kind: 'Service',
      object: { apiVersion: 'v1', kind: 'Service', namespace: '', name: 'web', generateName: '' },
      value: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
      file: 'a.yaml',
      extent: { start: 0, end: text.length, root: [] },
    });
    expect(locate(['metadata', 'name'])).toEqual({
      file: 'a.yaml',
      line: 4,
      column: 18,
      endLine: 4,
      endColumn: 21,
    });
  });

  it.each([
    ['documents', `${service('a')}---\n${service('b')}`],
    ['documents of Windows', `${service('a')}---\n${service('b')}`.replaceAll('\n', '\r\n')],
    ['comments at markers', `--- # first\n${service('a')}--- # second\n${service('b')}`],
    ['empty documents', `---\n---\n# nothing\n---\n${service('a')}\n---\n\n---\n${service('b')}---\n`],
    ['ends of documents', `${service('a')}...\n${service('b')}...\n`],
    ['ends of documents with comments', `${service('a')}... # end\n--- \t\n${service('b')}...`],
    [
      'values on the line of the marker',
      '--- {apiVersion: v1, kind: Service, metadata: {name: a}}\n---\t{apiVersion: v1, kind: Service, metadata: {name: b}}',
    ],
    ['byte order marks', `\ufeff${service('a')}---\n\ufeff${service('b')}`],
    ['directives', `%YAML 1.1\n---\n${service('a')}...\n%TAG ! tag:yaml.org,2002:\n---\n${service('!str b')}`],
    [
      'a List',
      `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n- {apiVersion: v1, kind: Service, metadata: {name: b}}\n`,
    ],
    ['a ServiceList', 'apiVersion: v1\nkind: ServiceList\nitems: [metadata: {name: a}, metadata: {name: b}]'],
    [
      'JSON Lines',
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}\n{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}\n',
    ],
    [
      'JSON values one after the other',
      '{"apiVersion":"v1","kind":"Service","metadata":{\n"name":"a"}} {"apiVersion":"v1","kind":"Service","metadata":{\n"name":"b"}}',
    ],
    [
      'JSON documents',
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}\n---\n{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}\n',
    ],
    [
      'JSON with a comma too many',
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Service","metadata":{"name":"a",},},{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}]}',
    ],
    ['line ends that only YAML 1.1 knows', `# hidden\u0085${service('a')}---\n# hidden\u2028${service('b')}`],
    [
      'line ends of old',
      `${service('a')}---\n${service('b')}`.replaceAll(/(?<!-)\n/g, '\r').replaceAll('\r---', '\n---'),
    ],
  ])('reads %s', (_, text) => {
    const file = read(text);
    expect(file.problems).toEqual([]);
    expect(names(file)).toEqual(['Service a', 'Service b']);
    expect(file.skipped).toBe(0);
  });

  it('takes no text inside a document for a marker', () => {
    const text = `${service('a')}data: |\n  ---\n  x\n  ...\nmore: ---x\n----: "\n --- y"\n`;
    expect(only(text).value).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      data: '---\nx\n...\n',
      more: '---x',
      '----': ' --- y',
    });
  });

  it('counts what it skips', () => {
    const skipped = [
      'apiVersion: v1\nkind: ConfigMap\n',
      'replicas: 2\n',
      'apiVersion: 1\ndatasources: []\n',
      'apiVersion: v1\nkind: List\nitems: [] # Service NodePort\n',
      '- op: replace\n',
      '{"a": 1}',
      'a: {{{"{"}}}',
    ];
    const file = read([service('a'), ...skipped.slice(0, 6), service('b')].join('\n---\n'));
    expect([names(file), file.skipped, file.problems]).toEqual([['Service a', 'Service b'], 6, []]);
  });

  it.each([
    ['a chart', 'apiVersion: v2\nname: web\nmetadata: {}\n'],
    ['a chart to come', 'apiVersion: v3\nname: web\nitems: []\n'],
    ['values', 'kind: Ingress\nspec: {type: Service}\n'],
    ['values with a number', 'kind: 1\nspec: {}\n'],
  ])('passes over %s', (_, text) => {
    const { manifests, skipped, problems } = read(text);
    expect([manifests, skipped, problems]).toEqual([[], 1, []]);
  });

  it('does not count what is only a text, and refuses it beside objects', () => {
    const refused = ['a.yaml:1:1: this is no object; remove it'];
    const alone = read('hello');
    const beside = `hello\n---\n${service('a')}`;
    expect([alone.skipped, alone.problems, read(beside).skipped, problemsOf(beside)]).toEqual([0, [], 0, refused]);
  });

  it('numbers objects and says where in a List they stand', () => {
    const list =
      '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod}]}]}';
    const text = `${service('a')}---\n${list}\n`;
    expect(read(text).manifests.map(({ index, path, extent }) => ({ index, path, extent }))).toEqual([
      { index: 0, path: '', extent: { start: 0, end: text.indexOf('---'), root: [] } },
      {
        index: 1,
        path: 'items[0].items[0]',
        extent: { start: text.indexOf('{apiVersion'), end: text.length, root: ['items', 0, 'items', 0] },
      },
    ]);
  });
});

describe('places', () => {
  const YAML = `${service('first')}---\n# two\n${HEAD}spec:\n  type: 'NodePort'  # c\n  ports:\n  - port: 80\n    nodePort: 30080 \n  - {port: 81,\n     nodePort: }\n  text: one\n    two\n  block: |\n    x\n`;
  it.each<[path: Path, expected: readonly number[]]>([
    [
      ['spec', 'type'],
      [9, 9, 9, 19],
    ],
    [
      ['spec', 'ports', 0, 'nodePort'],
      [12, 15, 12, 20],
    ],
    [
      ['spec', 'ports', 0],
      [11, 5, 11, 13],
    ],
    [
      ['spec', 'ports', 1, 'nodePort'],
      [14, 6, 14, 14],
    ],
    [
      ['spec', 'ports', 1, 'protocol'],
      [13, 5, 13, 15],
    ],
    [
      ['spec', 'text'],
      [15, 9, 15, 12],
    ],
    [
      ['spec', 'block'],
      [17, 10, 17, 11],
    ],
    [
      ['spec', 'externalIPs'],
      [8, 1, 8, 5],
    ],
    [[], [6, 1, 6, 15]],
  ])('in YAML: %j', (path, expected) => {
    for (const text of [YAML, YAML.replaceAll('\n', '\r\n')]) {
      const [, manifest] = read(text).manifests;
      expect(manifest && region(manifest.locate(path))).toEqual(expected);
    }
  });

  const JSON_TEXT = `{"apiVersion": "v1", "kind": "List", "items": [\n {"apiVersion":"v1","kind":"Pod"},\n {"apiVersion":"v1","kind":"Service",\n  "metadata":{"na\\u006de":"\u00e9\\"}","labels":{}},\n  "spec":{"ports":[{"port":80,"nodePort" : -3e2 }]}}]}`;
  it.each<[path: Path, expected: readonly number[]]>([
    [
      ['spec', 'ports', 0, 'nodePort'],
      [5, 44, 5, 48],
    ],
    [
      ['spec', 'ports', 0],
      [5, 20, 5, 50],
    ],
    [
      ['spec', 'ports', 0, 'protocol'],
      [5, 20, 5, 50],
    ],
    [
      ['spec', 'type'],
      [5, 3, 5, 9],
    ],
    [
      ['metadata', 'name'],
      [4, 27, 4, 33],
    ],
    [
      ['metadata', 'labels', 'app'],
      [4, 34, 4, 42],
    ],
    [[], [3, 2, 3, 38]],
    [['status'], [3, 2, 3, 38]],
  ])('in JSON: %j', (path, expected) => {
    const [, service2] = read(JSON_TEXT).manifests;
    expect(service2 && region(service2.locate(path))).toEqual(expected);
  });

  it('of the second of several members of one name, as JSON.parse does', () => {
    const { locate, value } = only('{"apiVersion":"v1","kind":"Service","spec":1,"spec":2}');
    expect([value['spec'], region(locate(['spec']))]).toEqual([2, [1, 53, 1, 54]]);
  });

  it('of JSON Lines are those of the file', () => {
    const line = '{"apiVersion":"v1","kind":"Service","spec":{"type":"NodePort"}}';
    const { manifests } = read(`${line}\n${line}\n`);
    expect(manifests.map(({ locate, extent }) => [region(locate(['spec', 'type'])), extent])).toEqual([
      [[1, 52, 1, 62], { start: 0, end: 63, root: [] }],
      [[2, 52, 2, 62], { start: 64, end: 127, root: [] }],
    ]);
  });
});

describe('problems', () => {
  it.each([
    [
      'a broken document among others',
      `${service('a')}---\n${HEAD}a: "b\n---\n${service('b')}`,
      ['a.yaml:7:6: this is not YAML: Missing closing "quote; close the quote'],
    ],
    [
      'a tab',
      `${HEAD}spec:\n\ttype: NodePort\n\tports: []\n`,
      ['a.yaml:4:1: this is not YAML: Tabs are not allowed as indentation; indent with spaces'],
    ],
    [
      'duplicate keys',
      `---\n${HEAD}a: 1\na: 2\nb: 1\nb: 2`,
      ['a.yaml:5:1: "a" is there twice; remove one', 'a.yaml:7:1: "b" is there twice; remove one'],
    ],
    [
      'a missing kind',
      `${service('a')}---\napiVersion: v1\nspec: {}\n`,
      ['a.yaml:5:1: kind: this is missing; write it, as in kind: Service'],
    ],
    ['a Service without apiVersion', 'kind: Service\nspec: {}\n', [`a.yaml:1:1: apiVersion: ${MISSING_VERSION}`]],
    ['a workload without apiVersion', 'kind: CronJob\nspec: {}\n', [`a.yaml:1:1: apiVersion: ${MISSING_VERSION}`]],
    ['a List without apiVersion', 'kind: PodList\nitems: []\n', [`a.yaml:1:1: apiVersion: ${MISSING_VERSION}`]],
    [
      'an item without apiVersion',
      'apiVersion: v1\nkind: List\nitems:\n- kind: Service\n',
      ['a.yaml:4:3: items[0].apiVersion: this is missing; write it, as in apiVersion: v1'],
    ],
    [
      'an item that is none',
      '{"apiVersion":"v1","kind":"List","items":[5],"x":"Service"}',
      ['a.yaml:1:43: items[0]: 5 is a number; send a Service, a List or an AdmissionReview'],
    ],
    [
      'a list of objects',
      '[{"apiVersion":"v1","kind":"Service"}]',
      ['a.yaml:1:1: this is a list of objects; put them into a List, as its items'],
    ],
    [
      'JSON that ends too early',
      '{"apiVersion":"v1","kind":"Service",',
      ['a.yaml:1:37: this is not JSON: it ends without the closing }; complete it'],
    ],
    [
      'a second JSON value that ends too early',
      '{"apiVersion":"v1","kind":"Pod"}\n{"apiVersion":',
      ['a.yaml:2:15: this is not JSON: it ends without the closing }; complete it'],
    ],
    [
      '__proto__ in JSON',
      '\n{"apiVersion":"v1","kind":"Service","__proto__":{}}',
      ['a.yaml:2:1: "__proto__" is used as a key; remove it'],
    ],
    [
      'false base64',
      `${HEAD}a: !!binary "@"`,
      ['a.yaml:3:4: this is not YAML: !!binary takes base64; correct the value'],
    ],
    [
      'a line end that only YAML 1.1 knows',
      `${HEAD}a: "b\u2028c"`,
      [
        'a.yaml:3:6: this is not YAML: Missing closing "quote; close the quote; mind that U+2028, U+2029, U+0085 and a lone CR end a line here',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('leave the other documents alone', () => {
    expect(names(read(`${service('a')}---\n${HEAD}a: "b\n---\n${service('b')}`))).toEqual(['Service a', 'Service b']);
  });

  it('are the first twenty', () => {
    expect(read(`${HEAD}a: *b\n---\n`.repeat(1000)).problems).toHaveLength(20);
  });
});

describe('a template', () => {
  it.each([
    ['in place of a value', `${HEAD}spec:\n  nodePort: {{ .Values.port }}\n`, '4:13'],
    ['around fields', `${HEAD}{{- if .Values.port }}\na: b\n{{- end }}\n`, '3:1'],
    ['around a document', `{{- if .Values.service }}\n${HEAD}a: b\n{{- end }}\n`, '1:1'],
    ['around documents', `${service('a')}---\n{{- range .Values.services }}\n---\n${HEAD}a: b\n{{- end }}\n`, '5:1'],
    ['of no object', '{{- define "app.name" -}}\n{{ .Chart.Name }}\n{{- end }}\n', '1:1'],
    ['for people', '1. Get the URL:\n{{- if .Values.ingress }}\n  http://{{ .host }}: x: y\n{{- end }}\n', '2:1'],
    ['in a name', `${HEAD}metadata:\n  name: "x-{{ .Release.Name }}"\n`, '4:12'],
    ['in the name of what is no Service', 'apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ x }}"}', '3:19'],
    ['in the spec of a Service', `${HEAD}spec:\n  type: NodePort\n  ports:\n  - nodePort: '{{ port }}'\n`, '6:16'],
    ['in JSON', '{"apiVersion":"v1","kind":"Service","spec":{"type":"{{ type }}"}}', '1:53'],
    ['after one that is text', `apiVersion: v1\nkind: X\ntext: "{{ $labels.a }}"\nnodePort: {{ .port }}\n`, '4:11'],
  ])('%s is one problem', (_, text, place) => {
    expect(problemsOf(text)).toEqual([`a.yaml:${place}: ${TEMPLATE}`]);
  });

  it('is the one problem of its file, whatever else is wrong', () => {
    expect(problemsOf(`${HEAD}a: "b\n---\n${HEAD}a: {{ b }}\nc: {{ d }}\n---\n${HEAD}a: {{ b }}`)).toEqual([
      `a.yaml:7:4: ${TEMPLATE}`,
    ]);
  });

  it.each([
    ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: "{{ b }}"\n  c: |\n    {{ d }}\n'],
    [
      'a PrometheusRule',
      'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {a: "{{ $labels.instance }}"}',
    ],
    ['an annotation of a Service', `${HEAD}metadata: {annotations: {a: "{{ b }}"}}`],
    ['values', 'a: "{{ .Release.Name }}"'],
  ])('may be text in %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('is not to blame for what else is wrong', () => {
    expect(problemsOf('apiVersion: v1\nkind: X\na: "{{ $labels.a }}"\nb:\n\tc: d\n')).toEqual([
      'a.yaml:5:1: this is not YAML: Tabs are not allowed as indentation; indent with spaces',
    ]);
  });
});
