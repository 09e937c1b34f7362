import { describe, expect, it } from 'vitest';
import { formatPath } from '../../src/domain/path.ts';
import { applyFixes, type Edit } from '../../src/fix/apply-fixes.ts';
import { type Asked, documentExtents, editsOf } from './asked-edits.ts';

const PORT = { fixes: { 'spec.ports.0.nodePort': 30_080 } };
const NO_PORT = { fixes: { 'spec.ports.0.nodePort': undefined } };
const LOCAL = { fixes: { 'spec.externalTrafficPolicy': 'Local' } };

const BY_HAND = '; write nodePort: 30080 by hand';
const LOCAL_BY_HAND = '; write externalTrafficPolicy: Local by hand';
const OUT_BY_HAND = '; take it out by hand';
const OTHERWISE = 'an edit here would not read back as intended';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly asked: Asked;
  /** Where, and why. */
  readonly refusal: readonly [place: string, message: string];
}

const CASES: readonly Case[] = [
  {
    name: 'a list that is an alias',
    text: 'x: &ports\n  - port: 80\nspec:\n  ports: *ports\n',
    asked: PORT,
    refusal: ['2:5', `spec.ports is the alias *ports, which stands for something written elsewhere${BY_HAND}`],
  },
  {
    name: 'a value that is an alias',
    text: 'x: &n 0\nspec:\n  ports:\n  - port: 80\n    nodePort: *n\n',
    asked: PORT,
    refusal: ['5:15', `this is the alias *n, which stands for something written elsewhere${BY_HAND}`],
  },
  {
    name: 'to take out a value that is an alias',
    text: 'x: &n 0\nspec:\n  ports:\n  - port: 80\n    nodePort: *n\n',
    asked: NO_PORT,
    refusal: ['5:15', `this is the alias *n, which stands for something written elsewhere${OUT_BY_HAND}`],
  },
  {
    name: 'a mapping that others refer to',
    text: 'spec:\n  ports:\n  - &p\n    port: 80\nx: *p\n',
    asked: PORT,
    refusal: ['4:5', `spec.ports[0] is anchored as &p, and what refers to it would change too${BY_HAND}`],
  },
  {
    name: 'a list that others refer to',
    text: 'spec:\n  ports: &p [{port: 80}]\nx: *p\n',
    asked: PORT,
    refusal: ['2:14', `spec.ports is anchored as &p, and what refers to it would change too${BY_HAND}`],
  },
  {
    name: 'a value that others refer to',
    text: 'spec:\n  ports:\n  - port: 80\n    nodePort: &n 0\nx: *n\n',
    asked: PORT,
    refusal: ['4:18', `this is anchored as &n, and what refers to it would change too${BY_HAND}`],
  },
  {
    name: 'a mapping that others merge',
    text: 'spec: &s\n  type: NodePort\nx:\n  <<: *s\n',
    asked: LOCAL,
    refusal: ['1:1', `spec is anchored as &s, and what refers to it would change too${LOCAL_BY_HAND}`],
  },
  {
    name: 'a list that is merged in',
    text: 'x: &s\n  ports:\n  - port: 80\nspec:\n  <<: *s\n',
    asked: PORT,
    refusal: ['3:5', `spec.ports is not written here, but may come in with <<${BY_HAND}`],
  },
  {
    name: 'to take out what is merged in',
    text: 'x: &s\n  nodePort: 1\nspec:\n  ports:\n  - port: 80\n    <<: *s\n',
    asked: NO_PORT,
    refusal: ['2:13', `this is not written here; it comes in with <<${OUT_BY_HAND}`],
  },
  {
    name: 'no mapping at all',
    text: 'kind: Service\n',
    asked: LOCAL,
    refusal: ['1:1', `spec is not there${LOCAL_BY_HAND}`],
  },
  { name: 'an empty one', text: 'a: b\nspec:\n', asked: LOCAL, refusal: ['2:1', `spec is no mapping${LOCAL_BY_HAND}`] },
  { name: 'text for one', text: 'spec: text\n', asked: PORT, refusal: ['1:1', `spec.ports is not there${BY_HAND}`] },
  {
    name: 'no such item',
    text: 'spec: {ports: []}\n',
    asked: PORT,
    refusal: ['1:8', `spec.ports[0] is not there${BY_HAND}`],
  },
  {
    name: 'an item that is a number',
    text: 'spec:\n  ports: [80]\n',
    asked: PORT,
    refusal: ['2:11', `spec.ports[0] is no mapping${BY_HAND}`],
  },
  {
    name: 'to write over a mapping',
    text: 'spec:\n  ports:\n  - {port: 80, nodePort: {a: 1}}\n',
    asked: PORT,
    refusal: ['3:26', `a mapping is written here${BY_HAND}`],
  },
  {
    name: 'to write over a list',
    text: 'spec:\n  ports:\n  - port: 80\n    nodePort: []\n',
    asked: PORT,
    refusal: ['4:15', `a list is written here${BY_HAND}`],
  },
  {
    name: 'to write over a block of text',
    text: 'spec:\n  externalTrafficPolicy: |\n    Cluster\n',
    asked: LOCAL,
    refusal: ['2:26', `a text of several lines is written here${LOCAL_BY_HAND}`],
  },
  {
    name: 'to take out an item of a list',
    text: 'spec:\n  ports:\n  - port: 80\n',
    asked: { fixes: { 'spec.ports.0': undefined } },
    refusal: ['3:5', `items of lists are not taken out here${OUT_BY_HAND}`],
  },
  {
    name: 'to leave a mapping of lines empty',
    text: 'spec:\n  ports:\n  - nodePort: 80\n',
    asked: NO_PORT,
    refusal: ['3:15', `nothing else is in its mapping, which would be left empty${OUT_BY_HAND}`],
  },
  {
    name: 'to pull up a line past a comment',
    text: 'spec:\n  ports:\n  - nodePort: 80\n    # the port\n    port: 80\n',
    asked: NO_PORT,
    refusal: ['3:15', `a comment follows the line, which would lose its place${OUT_BY_HAND}`],
  },
  {
    name: 'a place between comments in braces',
    text: 'spec: {\n  type: NodePort # why\n  }\n',
    asked: LOCAL,
    refusal: ['1:1', `comments stand between the commas of the mapping${LOCAL_BY_HAND}`],
  },
  {
    name: 'braces with nothing but a comment',
    text: 'spec: {\n  # nothing\n  }\n',
    asked: LOCAL,
    refusal: ['1:1', `a comment is all there is between the braces${LOCAL_BY_HAND}`],
  },
  {
    name: 'to take out what a comment in braces follows',
    text: 'spec:\n  ports: [{nodePort: 1, # why\n    port: 80}]\n',
    asked: NO_PORT,
    refusal: ['2:22', `a comment follows in the braces${OUT_BY_HAND}`],
  },
  {
    name: 'to take out what comes behind a comment in braces',
    text: 'spec:\n  ports: [{port: 80, # why\n    nodePort: 1}]\n',
    asked: NO_PORT,
    refusal: ['3:15', `a comment is before it in the braces${OUT_BY_HAND}`],
  },
  {
    name: 'a template, even one that reads as YAML',
    text: 'metadata:\n  name: web-{{ .Release.Name }}\nspec:\n  type: NodePort\n',
    asked: LOCAL,
    refusal: ['2:13', `the document has a template ({{) in it${LOCAL_BY_HAND}`],
  },
  {
    name: 'a document with a key that is there twice',
    text: 'spec:\n  ports:\n  - port: 80\n    port: 81\n',
    asked: PORT,
    refusal: ['4:5', '"port" is there twice; remove one'],
  },
  {
    name: 'JSON with a key that is there twice',
    text: '{"spec": {"ports": [{"port": 80, "port": 80}]}}\n',
    asked: PORT,
    refusal: ['1:34', '"port" is there twice; remove one'],
  },
  {
    name: 'lines indented with tabs',
    text: 'spec:\n\tports:\n\t- port: 80\n',
    asked: PORT,
    refusal: ['2:1', 'this is not YAML: Tabs are not allowed as indentation; indent with spaces'],
  },
  { name: 'no document', text: '# none\n', asked: PORT, refusal: ['1:1', 'this is no document; write one here'] },
  {
    name: 'a value with a tag',
    text: 'spec:\n  externalTrafficPolicy: !!null\n',
    asked: LOCAL,
    refusal: ['2:3', `a tag (!) stands before the value${LOCAL_BY_HAND}`],
  },
  {
    name: 'a mapping without braces in a list with brackets',
    text: 'spec:\n  ports: [port: 80]\n',
    asked: PORT,
    refusal: ['2:11', `its mapping is a single pair without braces${BY_HAND}`],
  },
  {
    name: 'an explicit key without a value',
    text: 'spec:\n  ports:\n  - port: 80\n    ? nodePort\n',
    asked: PORT,
    refusal: ['4:7', `only a key is written, behind a ?${BY_HAND}`],
  },
  {
    name: 'a key that is an alias',
    text: 'x: &k nodePort\nspec:\n  ports:\n  - port: 80\n    *k : 0\n',
    asked: PORT,
    refusal: ['5:10', OTHERWISE + BY_HAND],
  },
  {
    name: 'what is no JSON',
    text: 'spec: {}\n',
    asked: { fixes: { 'spec.port': Number.NaN } },
    refusal: ['1:1', `${OTHERWISE}; write port: NaN by hand`],
  },
  {
    name: 'a line that ends where only kubectl sees it',
    text: 'spec:\n  type: NodePort # \u2028  ports: []\n  selector: {}\n',
    asked: LOCAL,
    refusal: [
      '2:20',
      `a line ends here with what editors do not show (U+2028, U+2029, U+0085 or a lone CR)${LOCAL_BY_HAND}`,
    ],
  },
];

describe('applyFixes refuses', () => {
  it.each(CASES)('$name', ({ text, asked, refusal: [place, message] }) => {
    const edits = editsOf(documentExtents(text), [asked]);
    const [fix] = edits.flatMap(({ fixes }) => fixes);
    const edited = applyFixes(text, edits);
    const refusals = edited.refusals.map(({ line, column, ...rest }) => ({ ...rest, place: `${line}:${column}` }));
    expect({ ...edited, refusals }).toEqual({
      text,
      done: [],
      refusals: [{ edit: edits[0], path: fix?.path, place, message }],
    });
  });

  it('only what it must, and says where that is in the file', () => {
    const text =
      '\uFEFFspec: {a: 1}\n---\nspec:\n  type: A\n  x: &x [{b: 1}]\n  w: *x\n  z: {c: 1}\n---\nspec: {d: 1}\n';
    const edits = editsOf(documentExtents(text), [
      { fixes: { 'spec.a': 2 } },
      { document: 1, fixes: { 'spec.x.0.b': 2, 'spec.z.c': 2, 'spec.type': 'B', 'spec.w': true } },
      { document: 2, fixes: { 'spec.d': 2 } },
    ]);
    const { text: after, done, refusals } = applyFixes(text, edits);
    expect(after).toBe(
      '\uFEFFspec: {a: 2}\n---\nspec:\n  type: B\n  x: &x [{b: 1}]\n  w: *x\n  z: {c: 2}\n---\nspec: {d: 2}\n',
    );
    expect(done.map(({ edit, fix }) => [edits.indexOf(edit), formatPath(fix.path)])).toEqual([
      [0, 'spec.a'],
      [1, 'spec.z.c'],
      [1, 'spec.type'],
      [2, 'spec.d'],
    ]);
    expect(
      refusals.map(({ edit, path, line, column }) => [edits.indexOf(edit), formatPath(path), line, column]),
    ).toEqual([
      [1, 'spec.x[0].b', 5, 14],
      [1, 'spec.w', 6, 6],
    ]);
  });

  it('one field whose edit would spoil the others, and writes those', () => {
    const ports = Array.from({ length: 9 }, (_, index) => (index === 4 ? '{port: 4, *k : 0}' : `{port: ${index}}`));
    const text = `key: &k nodePort\nspec: {ports: [${ports.join(', ')}]}\n`;
    const fixes = Object.fromEntries(ports.map((_, index) => [`spec.ports.${index}.nodePort`, 30_000 + index]));
    const { text: after, done, refusals } = applyFixes(text, editsOf(documentExtents(text), [{ fixes }]));
    const expected = ports.map((port, index) => (index === 4 ? port : `{port: ${index}, nodePort: ${30_000 + index}}`));
    expect(after).toBe(`key: &k nodePort\nspec: {ports: [${expected.join(', ')}]}\n`);
    expect([done.length, refusals.map(({ path }) => formatPath(path))]).toEqual([8, ['spec.ports[4].nodePort']]);
  });

  it('hundreds of edits that do not read back, in reasonable time', () => {
    const ports = Array.from({ length: 300 }, () => '{port: 1, *k : 0}');
    const text = `key: &k nodePort\nspec: {ports: [${ports.join(', ')}]}\n`;
    const fixes = ports.map((_, index) => ({
      path: ['spec', 'ports', index, 'nodePort'],
      value: 1,
    }));
    const edited = applyFixes(text, [{ extent: { start: 0, end: text.length, root: [] }, fixes }]);
    expect([edited.text === text, edited.done, edited.refusals.length]).toEqual([true, [], 300]);
  });

  it('documents that only a directive keeps together', () => {
    const text = '%YAML 1.1\n---\na: 1\n---\na: 1\n';
    const edit: Edit = { extent: { start: 0, end: text.length, root: [] }, fixes: [{ path: ['a'], value: 2 }] };
    const message = 'this is more than one document; split the file';
    expect(applyFixes(text, [edit])).toEqual({
      text,
      done: [],
      refusals: [{ edit, path: ['a'], line: 1, column: 1, message }],
    });
  });

  it('documents that overlap, which no reader gives', () => {
    const edit = (start: number, end: number): Edit => ({
      extent: { start, end, root: [] },
      fixes: [{ path: ['a'], value: 2 }],
    });
    expect(() => applyFixes('a: 1\nb: 1\n', [edit(0, 10), edit(5, 10)])).toThrow(
      new RangeError('documents overlap at 5'),
    );
  });
});
