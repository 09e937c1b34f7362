import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { type LawRow, SINGLE_FILE_PACKAGES } from './dependency-law.ts';

/** A source file: its path from the root of the project with `/`, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  readonly isReExport: boolean;
}

type Program = ReturnType<typeof parseSync>['program'];

const COMPUTED = '(computed)';
const REGISTRY = 'src/rules/index.ts';
const RULE_FILE = /^src\/rules\/[^/]+\/[^/]+$/;
const CASES_FILE = /^src\/rules\/(?:[^/]+\/)?cases\.ts$/;
const SUPPRESSION =
  /^\s*(?:oxlint|eslint)-disable|^\s*@ts-(?:expect-error|ignore|nocheck)|^\s*(?:v8|c8|istanbul) ignore/;
const VAGUE_NAMES = new Set(
  'common constants handler handlers helper helpers lib manager managers misc services shared types util utils'.split(
    ' ',
  ),
);

/** Everything in the source that the dependency law forbids, one sentence each; empty for a law-abiding file. */
export function violationsOf({ file, text }: Source, law: readonly LawRow[]): readonly string[] {
  const folder = folderOf(file);
  const row = law.find((candidate) => candidate.folder === folder);
  if (row === undefined) return [`${file}: ${folder} is not a row of the dependency law`];
  const program = parse({ file, text });
  return [
    ...importsIn(program).flatMap((found) => importViolations(file, found, row)),
    ...(row.pure ? impurities(program) : []).map((what) => `${file}: ${what} in a pure folder`),
  ];
}

/** What the law permits and no source makes use of: an open door that nobody goes through. */
export function unusedPermissions(sources: readonly Source[], law: readonly LawRow[]): readonly string[] {
  const used = new Set(sources.flatMap((source) => usedBy(source).map((name) => `${folderOf(source.file)} ${name}`)));
  return law.flatMap(({ folder, folders, packages }) => {
    const permitted = [...folders.map((name) => `src/${name}`), ...packages].map((name) => `${folder} ${name}`);
    return permitted.filter((one) => !used.has(one));
  });
}

function usedBy(source: Source): readonly string[] {
  return importsIn(parse(source)).map(({ specifier }) => {
    if (!specifier.startsWith('.')) return packageName(specifier);
    const target = resolve(source.file, specifier);
    return target.startsWith('src/') ? `src/${folderOf(target)}` : target;
  });
}

/** Files or folders whose name says nothing about what is in them. */
export function vagueNames(files: readonly string[]): readonly string[] {
  return files.filter((file) =>
    file.split('/').some((step) => VAGUE_NAMES.has(step.replace(/(?:\.test)?\.tsx?$/, ''))),
  );
}

/** Comments that silence the linter or the compiler and do not say why (`-- reason`). */
export function unreasonedSuppressions({ file, text }: Source): readonly string[] {
  return parseSync(file, text)
    .comments.filter(({ value }) => SUPPRESSION.test(value) && !/ -- \S+ \S/.test(value))
    .map(({ value, start }) => `${file}:${text.slice(0, start).split('\n').length}: ${value.trim()}`);
}

/** The files of each import cycle, type-only imports included; each cycle once. */
export function importCycles(sources: readonly Source[]): readonly (readonly string[])[] {
  const graph = new Map(sources.map((source) => [source.file, importedFiles(source)]));
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push(trail.slice(start));
    if (start >= 0 || finished.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

/** `src/rules/x/rule.ts` is in `rules`; `src/main.ts` is its own row `main`. */
export function folderOf(file: string): string {
  const [, first = ''] = file.split('/');
  return first.replace(/\.tsx?$/, '');
}

function importedFiles(source: Source): readonly string[] {
  return importsIn(parse(source))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => resolve(source.file, specifier));
}

function parse({ file, text }: Source): Program {
  const { program, errors } = parseSync(file, text);
  const [first] = errors;
  if (first !== undefined) throw new SyntaxError(`${file}: ${first.message}`);
  return program;
}

function importsIn(program: Program): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isReExport = false): number => found.push({ specifier, isReExport });
  new Visitor({
    ImportDeclaration: ({ source }) => void add(source.value),
    ExportAllDeclaration: ({ source }) => void add(source.value, true),
    ExportNamedDeclaration: ({ source }) => void (source !== null && add(source.value, true)),
    ImportExpression: ({ source }) =>
      void add(source.type === 'Literal' && typeof source.value === 'string' ? source.value : COMPUTED),
    TSImportType: ({ source }) => void add(source.value),
    TSExternalModuleReference: ({ expression }) => void add(expression.value),
  }).visit(program);
  return found;
}

function importViolations(file: string, { specifier, isReExport }: Import, row: LawRow): readonly string[] {
  const found: string[] = [];
  const complain = (what: string): number => found.push(`${file}: ${what}`);
  if (isReExport && file !== REGISTRY) complain(`re-exports ${specifier}; import it where it is used`);
  if (specifier === COMPUTED) complain('imports a computed name; write it out');
  else if (!specifier.startsWith('.')) found.push(...packageViolations(file, specifier, row));
  else found.push(...fileViolations(file, resolve(file, specifier), row));
  return found;
}

function packageViolations(file: string, specifier: string, { folder, packages }: LawRow): readonly string[] {
  const name = packages.includes(specifier) ? specifier : packageName(specifier);
  if (!packages.includes(name)) return [`${file}: imports ${specifier}; ${folder} may not`];
  const onlyFile = SINGLE_FILE_PACKAGES[name];
  if (onlyFile !== undefined && onlyFile !== file) return [`${file}: imports ${specifier}; only ${onlyFile} may`];
  return [];
}

function fileViolations(file: string, target: string, row: LawRow): readonly string[] {
  if (!target.startsWith('src/')) return packageViolations(file, target, row);
  const { folder, folders } = row;
  const targetFolder = folderOf(target);
  if (targetFolder !== folder && !folders.includes(targetFolder)) {
    return [`${file}: imports ${target}; ${folder} may not import ${targetFolder}`];
  }
  if (CASES_FILE.test(target) && !CASES_FILE.test(file)) return [`${file}: imports ${target}; only tests may`];
  const isForeignRule = RULE_FILE.test(file) && RULE_FILE.test(target) && posix.dirname(file) !== posix.dirname(target);
  return isForeignRule ? [`${file}: imports ${target}; a rule knows no other rule`] : [];
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:*';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function impurities(program: Program): readonly string[] {
  const found: string[] = [];
  const asynchronous = ({ async }: { readonly async: boolean }): void => void (async && found.push('async function'));
  new Visitor({
    FunctionDeclaration: asynchronous,
    FunctionExpression: asynchronous,
    ArrowFunctionExpression: asynchronous,
    AwaitExpression: () => void found.push('await'),
    NewExpression: (node) => {
      if (isNamed(node.callee, 'Date') && node.arguments.length === 0) found.push('new Date() without argument');
      if (isNamed(node.callee, 'Promise')) found.push('new Promise');
    },
    CallExpression: ({ callee }) => void (isNamed(callee, 'Date') && found.push('Date()')),
    MemberExpression: ({ object, property }) => {
      const name = property.type === 'Literal' ? String(property.value) : 'name' in property ? property.name : '';
      if (isNamed(object, 'Date') && name === 'now') found.push('Date.now');
      if (isNamed(object, 'Math') && name === 'random') found.push('Math.random');
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'ObjectPattern' || init === null) return;
      for (const owner of ['Date', 'Math']) if (isNamed(init, owner)) found.push(`${owner} taken apart`);
    },
  }).visit(program);
  return found;
}

function isNamed(node: { readonly type: string }, name: string): boolean {
  return node.type === 'Identifier' && 'name' in node && node.name === name;
}
