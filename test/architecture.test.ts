import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEPENDENCY_LAW, type LawRow, renderLaw } from './support/dependency-law.ts';
import { expectGenerated } from './support/generated-file.ts';
import {
  folderOf,
  importCycles,
  type Source,
  unreasonedSuppressions,
  unusedPermissions,
  vagueNames,
  violationsOf,
} from './support/source-fence.ts';

const sources = sourcesIn('src');

describe('the source tree', () => {
  it('has exactly the folders of the dependency law', () => {
    const folders = [...new Set(sources.map(({ file }) => folderOf(file)))];
    expect(folders.toSorted()).toEqual(DEPENDENCY_LAW.map(({ folder }) => folder).toSorted());
  });

  it('keeps the law', () => {
    expect(sources.flatMap((source) => violationsOf(source, DEPENDENCY_LAW))).toEqual([]);
  });

  it('makes use of all that the law permits', () => {
    expect(unusedPermissions(sources, DEPENDENCY_LAW)).toEqual([]);
  });

  it('has no import cycles, type-only imports included', () => {
    expect(importCycles(sources)).toEqual([]);
  });

  it('gives a reason for every suppressed remark of the linter or compiler', () => {
    const unreasoned = [...sources, ...sourcesIn('test'), ...sourcesIn('bench')].flatMap(unreasonedSuppressions);
    expect(unreasoned).toEqual([]);
  });

  it('has no drawers for everything', () => {
    expect(vagueNames([...sources, ...sourcesIn('test'), ...sourcesIn('bench')].map(({ file }) => file))).toEqual([]);
  });
});

describe('the dependency law', () => {
  it('points inwards only: a row names rows above it', () => {
    const outward = DEPENDENCY_LAW.flatMap(({ folder, folders }, index) => {
      const above = DEPENDENCY_LAW.slice(0, index).map((row) => row.folder);
      return folders.filter((name) => !above.includes(name)).map((name) => `${folder} -> ${name}`);
    });
    expect(outward).toEqual([]);
  });

  it('lets pure folders import pure folders only', () => {
    const pure = DEPENDENCY_LAW.filter((row) => row.pure);
    const names = pure.map(({ folder }) => folder);
    expect(pure.flatMap(({ folders }) => folders).filter((name) => !names.includes(name))).toEqual([]);
    expect(pure.flatMap(({ packages }) => packages).filter((name) => name.startsWith('node:'))).toEqual([]);
  });

  it('is what ARCHITECTURE.md shows', () => {
    const shown = readFileSync('ARCHITECTURE.md', 'utf8');
    const start = '<!-- the dependency law: generated -->';
    const end = '<!-- end of the dependency law -->';
    const [before, rest = ''] = shown.split(start);
    const [, after = ''] = rest.split(end);
    expectGenerated('ARCHITECTURE.md', `${before}${start}\n\n${renderLaw(DEPENDENCY_LAW)}\n\n${end}${after}`);
  });
});

describe('the fence reports', () => {
  const law: readonly LawRow[] = [
    { folder: 'domain', holds: '', pure: true, folders: [], packages: ['ip-address'] },
    { folder: 'rules', holds: '', pure: true, folders: ['domain'], packages: ['zod'] },
    { folder: 'server', holds: '', pure: false, folders: ['domain', 'rules'], packages: ['@scope/http', 'node:*'] },
  ];
  const pool = 'src/domain/pool.ts';
  it.each<[planted: string, file: string, text: string, reported: readonly string[]]>([
    ['a package', pool, `import fastify from 'fastify';`, [`${pool}: imports fastify; domain may not`]],
    ['a package behind a path', pool, `import 'zod/v4';`, [`${pool}: imports zod/v4; domain may not`]],
    [
      'a built-in module',
      pool,
      `import { readFileSync } from 'node:fs';`,
      [`${pool}: imports node:fs; domain may not`],
    ],
    [
      'a package in the wrong file',
      pool,
      `import 'ip-address';`,
      [`${pool}: imports ip-address; only src/domain/cidr.ts may`],
    ],
    [
      'a type-only import',
      pool,
      `import type { Rule } from '../rules/define.ts';`,
      [`${pool}: imports src/rules/define.ts; domain may not import rules`],
    ],
    [
      'an import type',
      pool,
      `export type Rule = import('../rules/define.ts').Rule;`,
      [`${pool}: imports src/rules/define.ts; domain may not import rules`],
    ],
    ['import = require', pool, `import fs = require('fs'); export { fs };`, [`${pool}: imports fs; domain may not`]],
    [
      'a re-export',
      pool,
      `export { app } from '../server/app.ts';`,
      [
        `${pool}: re-exports ../server/app.ts; import it where it is used`,
        `${pool}: imports src/server/app.ts; domain may not import server`,
      ],
    ],
    [
      'a barrel',
      'src/domain/index.ts',
      `export * from './pool.ts';`,
      ['src/domain/index.ts: re-exports ./pool.ts; import it where it is used'],
    ],
    [
      'a dynamic import',
      pool,
      `export const app = import('../server/app.ts');`,
      [`${pool}: imports src/server/app.ts; domain may not import server`],
    ],
    [
      'a computed import',
      pool,
      'export const load = (name: string) => import(`./${name}.ts`);',
      [`${pool}: imports a computed name; write it out`],
    ],
    [
      'a way out of src',
      pool,
      `import '../../test/support/x.ts';`,
      [`${pool}: imports test/support/x.ts; domain may not`],
    ],
    ['a folder without a row', 'src/extras/x.ts', '', ['src/extras/x.ts: extras is not a row of the dependency law']],
    [
      'a component',
      'src/domain/pool.tsx',
      `import { render } from 'preact'; render(<p>pool</p>);`,
      ['src/domain/pool.tsx: imports preact; domain may not'],
    ],
    ['a stray component', 'src/extra.tsx', '', ['src/extra.tsx: extra is not a row of the dependency law']],
    ['a stray file', 'src/extra.ts', '', ['src/extra.ts: extra is not a row of the dependency law']],
    [
      'a rule that knows another',
      'src/rules/a/rule.ts',
      `import '../b/rule.ts';`,
      ['src/rules/a/rule.ts: imports src/rules/b/rule.ts; a rule knows no other rule'],
    ],
    [
      'cases at run time',
      'src/rules/index.ts',
      `import { cases } from './a/cases.ts';`,
      ['src/rules/index.ts: imports src/rules/a/cases.ts; only tests may'],
    ],
    ['async', pool, 'export async function f() {}', [`${pool}: async function in a pure folder`]],
    [
      'an async arrow',
      pool,
      'export const f = async () => await 1;',
      [`${pool}: async function in a pure folder`, `${pool}: await in a pure folder`],
    ],
    ['an async method', pool, 'export const o = { async f() {} };', [`${pool}: async function in a pure folder`]],
    [
      'the clock',
      pool,
      'export const a = [new Date(), new Date, Date(), Date.now(), Date["now"]()];',
      [
        `${pool}: new Date() without argument in a pure folder`,
        `${pool}: new Date() without argument in a pure folder`,
        `${pool}: Date() in a pure folder`,
        `${pool}: Date.now in a pure folder`,
        `${pool}: Date.now in a pure folder`,
      ],
    ],
    [
      'the clock in disguise',
      pool,
      'const { now } = Date; export { now };',
      [`${pool}: Date taken apart in a pure folder`],
    ],
    ['randomness', pool, 'export const a = Math.random();', [`${pool}: Math.random in a pure folder`]],
  ])('%s', (_, file, text, reported) => {
    expect(violationsOf({ file, text }, law)).toEqual(reported);
  });

  it.each<[allowed: string, file: string, text: string]>([
    ['its own folder', pool, `import './x.ts'; import type { Y } from './y.ts'; export type Z = Y;`],
    ['an inner folder', 'src/rules/a/rule.ts', `import '../../domain/pool.ts'; import { z } from 'zod'; z;`],
    ['its own rule', 'src/rules/a/cases.ts', `import './rule.ts'; import '../cases.ts';`],
    ['the one file of a package', 'src/domain/cidr.ts', `import 'ip-address';`],
    ['the registry', 'src/rules/index.ts', `export { a } from './a/rule.ts';`],
    ['scoped packages and built-in modules', 'src/server/app.ts', `import '@scope/http/x'; import 'node:fs';`],
    ['a given time', pool, 'export const f = (at: number) => new Date(at).getTime() + Date.UTC(2027, 0);'],
    ['the clock outside the core', 'src/server/app.ts', 'export const f = async () => [Date.now(), new Date()];'],
  ])('nothing about %s', (_, file, text) => {
    expect(violationsOf({ file, text }, law)).toEqual([]);
  });

  it('cycles, also through types', () => {
    const planted = [
      { file: 'src/a.ts', text: `import './b.ts';` },
      { file: 'src/b.ts', text: `import type { C } from './c.ts'; export type B = C;` },
      { file: 'src/c.ts', text: `export type C = import('./b.ts').B;` },
    ];
    expect(importCycles(planted)).toEqual([['src/b.ts', 'src/c.ts']]);
  });

  it('permissions that nobody uses', () => {
    const planted = [
      { file: 'src/rules/a/rule.ts', text: `import { z } from 'zod/v4'; import '../define.ts'; z;` },
      {
        file: 'src/server/app.ts',
        text: `import type { A } from '../domain/a.ts'; export type B = A; import 'node:fs';`,
      },
    ];
    expect(unusedPermissions(planted, law)).toEqual([
      'domain ip-address',
      'rules src/domain',
      'server src/rules',
      'server @scope/http',
    ]);
  });

  it('suppressions without a reason', () => {
    const text = [
      '// oxlint-disable-next-line no-console',
      '/* eslint-disable no-console -- the terminal is the door */',
      'export const a = 1; // @ts-expect-error',
      'export const b = "// oxlint-disable";',
    ].join('\n');
    expect(unreasonedSuppressions({ file: pool, text })).toEqual([
      `${pool}:1: oxlint-disable-next-line no-console`,
      `${pool}:3: @ts-expect-error`,
    ]);
  });

  it('vague names', () => {
    const vague = ['src/domain/utils.ts', 'src/page/shared.tsx', 'test/helpers/x.ts', 'test/types.test.ts'];
    expect(vagueNames([...vague, 'src/domain/service.ts', 'src/page/app.tsx'])).toEqual(vague);
  });
});

function sourcesIn(folder: string): readonly Source[] {
  return globSync(`${folder}/**/*.{ts,tsx}`)
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}
