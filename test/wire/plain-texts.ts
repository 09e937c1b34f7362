import fc from 'fast-check';
import { isJsonObject, type Json } from '../../src/domain/json.ts';
import type { Path } from '../../src/domain/path.ts';
import type { Span } from '../../src/wire/line-places.ts';

export const SERVICE = `# web
apiVersion: v1
kind: Service
metadata:
  name: web   # the shop
  labels: {}
  annotations:
    example.com/url: http://example.com/ab
spec:
  type: NodePort
  externalIPs: []
  selector:
    app: 'the web'
  ports:
  - name: "http"
    port: 80
    nodePort: 030_080
  -   port: 0x1F90
      targetPort: http

  - port: 1e2
    targetPort:
  limits: {cpu: 100m, paths: [/api, "/v2", {a: 'it''s'} ] , none: []} # c
status:
`;

export const CONFIG = `kind: ConfigMap
data:
  title: "caf\\u00e9 \\"of\\" the\\n\\ttown"
  run.sh: |
    #!/bin/sh
      echo "{{ a }}" \\

    # done
  last: |-
    x: y

args:
- |
  a

- {b: c} # d
`;

const indent = fc.constantFrom('', '', '', '  ', '  ', '    ', ' ', '      ');
const dashes = fc.constantFrom('', '', '', '- ', '- ', '-  ', '- - ', '-', '--- ');
const key = fc.constantFrom(
  '',
  'a:',
  'b:',
  'c:',
  'a.b/c-d:',
  'a :',
  '"q":',
  'y:',
  'A1: ',
  'b:x',
  '1:',
  '<<:',
  '? a',
  '__proto__:',
);
const text = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '',
      '',
      'x',
      'x y',
      'x:y',
      'x :y',
      '1',
      '010',
      '1_0',
      '0o',
      '1e3',
      '1:30',
      '12.5.1',
      'a/b?c=d&e~f;',
      'x$(y)*2%!',
      "the x's y",
      "x'y'",
      "x 'y'",
      '1?',
      '"x"',
      "'y z'",
      '{}',
      '[]',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'yes',
      'Null',
      'true',
      'False',
      'nO',
      '~',
      '-1',
      '+1',
      '.5',
      '- x',
      'x - y',
      'x -y',
      'x #y',
      'x# y',
      'x ?y',
      'x &y',
      'x !y: z',
      'x*: y',
      '?x',
      'x: y',
      'x:',
      '/x',
      '_1',
      '=',
      'x=',
      '@x',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '&x',
      '*x',
      '!!str 1',
      '|',
      '>-',
      '{a: 1}',
      '[a]',
      '"a\\x53"',
      '"',
      "'it''s'",
      '"a" b',
      '""',
      "''",
      '`x',
      '%x',
      '\u00e9',
      '"\u00e9\u2028"',
      '\t',
      'x\ty',
      'x\u0085a: b',
      '...',
      '---',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6, unit: 'grapheme-ascii' }) },
);
const flowWord = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'x',
      'x y',
      'x:y',
      '1',
      '010',
      'true',
      '"x"',
      "'it''s'",
      '"a\\n\\u00e9"',
      '{}',
      '[]',
      '/x?y=$(z)*',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'yes',
      '~',
      '-1',
      '- x',
      '-x',
      '*x',
      '&x y',
      '!!str 1',
      '"\\x53"',
      "x'y",
      "x'y, z'",
      'x: y',
      'x #y',
      '|',
      '?',
      '? x',
      ':x',
      'x:',
      '\n',
      '"a" b',
      '{',
      ']',
      ',',
    ),
  },
);
const flowKey = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('a: ', 'b: ', 'c:  ', 'd.e/f: ', 'h: ', 'i: ') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a : ', 'g:', '"q": ', 'y: ', 'no: ', '1: ', '? h: ', '<<: ', '__proto__: ', ''),
  },
);
const comma = fc.constantFrom(...[',', ', ', ' , '].flatMap((each) => [each, each, each, each]), ',,', ';', ' ');
const { flow } = fc.letrec<{ flow: string }>((tie) => {
  const item = fc.oneof({ maxDepth: 2, depthSize: 'small' }, flowWord, tie('flow'));
  const parts = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(
        part,
        fc.array(fc.tuple(comma, part), { maxLength: 2 }),
        fc.constantFrom('', '', '', '', '', ' ', ',', ' # c'),
      )
      .map(([first, others, last]) => [first, ...others.flat(), last].join(''));
  return {
    flow: fc.oneof(
      parts(fc.tuple(flowKey, item).map((pair) => pair.join(''))).map((inside) => `{${inside}}`),
      parts(item).map((inside) => `[${inside}]`),
    ),
  };
});
const tail = fc.constantFrom('', '', '', '', ' ', ' # c', '# c', ' #', ' # \u0085x', '\t', ' # a: b');
const end = fc.constantFrom('\n', '\n', '\n', '\n', '\r\n', '\n\n', '\n# c\n', '\n  # c\n', '\r', '');
const line = fc
  .tuple(
    indent,
    dashes,
    key,
    fc.constantFrom(' ', ' ', '  ', ''),
    fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: flow }),
    tail,
    end,
  )
  .map((parts) => parts.join(''));
const content = fc.constantFrom(
  'x\n',
  'x: y\n',
  '# x\n',
  '{{ a }} \n',
  '\\\n',
  '- x\n',
  '\n',
  '\n',
  '  y\n',
  '\tx\n',
  'x\r\n',
  '\u0085\n',
  'x',
  ' ',
);
/** Mostly of one indentation. */
const block = fc
  .tuple(
    fc.tuple(indent, fc.constantFrom('a: ', 'b: ', '- ', '- c: ', '- - ', '')),
    fc.constantFrom('|', '|', '|-', '|-', '|+', '>', '|2', '|x', '"|"'),
    fc.tuple(tail, fc.constantFrom('\n', '\n', '\n', '\n', '\r\n', '\n\n', '\n  \n')),
    indent,
    fc.array(fc.tuple(fc.option(indent, { freq: 4 }), content), { maxLength: 4 }),
  )
  .map(([before, mark, after, usual, lines]) =>
    [
      ...before,
      mark,
      ...after,
      ...lines.flatMap(([other, each]) => [each === '\n' ? '' : (other ?? usual), each]),
    ].join(''),
  );
const anyLine = fc.oneof({ weight: 4, arbitrary: line }, { weight: 1, arbitrary: block });
export const soup = fc.array(anyLine, { maxLength: 7 }).map((lines) => `k: v\n${lines.join('')}`);
export const blocks = fc.array(fc.oneof(line, block), { maxLength: 3 }).map((lines) => `k: v\n${lines.join('')}`);
export const flows = fc
  .tuple(fc.constantFrom('k: ', '- ', 'a:\n  - b: '), flow, tail)
  .map((parts) => `k0:\n${parts.join('')}\n`);

/** A real manifest, of which one piece is replaced. */
export const spoiled = spoiledOf(SERVICE, CONFIG);

export function spoiledOf(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat({ max: Math.max(...texts.map(({ length }) => length)) }),
      fc.nat({ max: 3 }),
      fc.oneof(line, text, indent, tail, content, flow),
    )
    .map(([manifest, at, length, piece]) => manifest.slice(0, at) + piece + manifest.slice(at + length));
}

/** All that there are in the value, and for each one that there is not. */
export function pathsIn(value: Json, path: Path = []): readonly Path[] {
  const steps = Array.isArray(value) ? [...value.keys()] : isJsonObject(value) ? Object.keys(value) : [];
  const below = steps.flatMap((step) => pathsIn((value as never)[step], [...path, step]));
  return [path, [...path, Array.isArray(value) ? 99 : 'none', 'x'], ...below];
}

/** What a region of a finding covers: no more than one line. */
export function shown(manifest: string, span: Span | undefined): readonly unknown[] {
  const [first] = manifest.slice(span?.start, span?.end).split('\n', 1);
  return [span?.start, first?.trimEnd()];
}
