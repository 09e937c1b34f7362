// Writes dist/index.d.ts: the types of what the commands print as JSON, in one file that imports nothing. They are those of the
// source, which has them in many files, some of which import packages that the package does not have.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync, type Program, Visitor } from 'oxc-parser';
import { isolatedDeclarationSync } from 'rolldown/experimental';

const OUTPUT = 'dist/index.d.ts';

/** Every declaration that these need comes along. */
const PUBLIC: Readonly<Record<string, readonly string[]>> = {
  'src/report/audit-json.ts': ['JsonAudit'],
  'src/report/json.ts': ['JsonReport'],
  'src/report/port-map.ts': ['PortMap'],
  'src/report/ports-json.ts': ['JsonPorts', 'PortMapList'],
  'src/report/verdict-list.ts': ['VerdictList'],
  'src/report/shown-policy.ts': ['ShownPolicy'],
};

type Statement = Program['body'][number];

/** A file of the source as declarations only. */
interface DeclarationFile {
  readonly file: string;
  readonly text: string;
  readonly statements: readonly Statement[];
  /** Where each imported name comes from; undefined: from a package. */
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string } | undefined>;
}

const files = new Map<string, DeclarationFile>();
/** By name, each with the file that has it. */
const found = new Map<string, { readonly file: string; readonly text: string }>();

for (const [file, names] of Object.entries(PUBLIC)) {
  for (const name of names) collect(file, name);
}
const declarations = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { text }]) => `${text}\n`);
mkdirSync(dirname(OUTPUT), { recursive: true });
writeFileSync(OUTPUT, [...declarations, 'export {};\n'].join('\n'));

/** The declaration of that name in that file, and those that it refers to. */
function collect(file: string, name: string): void {
  const source = files.get(file) ?? declarationsOf(file);
  if (source.imported.has(name)) {
    const origin = source.imported.get(name);
    if (origin === undefined)
      throw new Error(`${file} has ${name} from a package that users of these types do not have`);
    return collect(origin.file, origin.name);
  }
  const index = source.statements.findIndex((statement) => declaredBy(statement) === name);
  const statement = source.statements[index];
  // What is not declared here is TypeScript's own: Readonly, Pick, Record.
  if (statement === undefined || isKnown(file, name)) return;
  const text = source.text.slice(source.statements[index - 1]?.end ?? 0, statement.end).trim();
  // A constant is only there for the types made of it.
  found.set(name, { file, text: text.replace(/^export declare const/m, 'declare const') });
  for (const reference of referencesOf(statement)) collect(file, reference);
}

function isKnown(file: string, name: string): boolean {
  const known = found.get(name);
  if (known !== undefined && known.file !== file) throw new Error(`${name} is declared in ${known.file} and ${file}`);
  return known !== undefined;
}

function declarationsOf(file: string): DeclarationFile {
  const { code: text } = isolatedDeclarationSync(file, readFileSync(file, 'utf8'));
  const { program, module } = parseSync(file.replace(/\.ts$/, '.d.ts'), text);
  const imported = module.staticImports.flatMap(({ moduleRequest: { value: from }, entries }) =>
    entries.map(({ importName, localName }) => {
      const origin = { file: join(dirname(file), from), name: importName.name ?? localName.value };
      return [localName.value, from.startsWith('.') ? origin : undefined] as const;
    }),
  );
  const read = { file, text, statements: program.body, imported: new Map(imported) };
  files.set(file, read);
  return read;
}

function declaredBy(statement: Statement): string | undefined {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declared?.type === 'TSInterfaceDeclaration' || declared?.type === 'TSTypeAliasDeclaration')
    return declared.id.name;
  if (declared?.type !== 'VariableDeclaration') return undefined;
  const [first] = declared.declarations;
  return first?.id.type === 'Identifier' ? first.id.name : undefined;
}

function referencesOf(statement: Statement): ReadonlySet<string> {
  const names = new Set<string>();
  const visitor = new Visitor({
    TSTypeReference: ({ typeName }) => void (typeName.type === 'Identifier' && names.add(typeName.name)),
    TSTypeQuery: ({ exprName }) => void (exprName.type === 'Identifier' && names.add(exprName.name)),
    TSInterfaceHeritage: ({ expression }) => void (expression.type === 'Identifier' && names.add(expression.name)),
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the visitor takes whole programs only
  visitor.visit({ type: 'Program', body: [statement] } as unknown as Program);
  return names;
}
