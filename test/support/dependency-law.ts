/** What the files of one folder of `src/` may import besides each other, and whether they must be pure. */
export interface LawRow {
  /** A folder of `src/`, or the name of a file directly in it. */
  readonly folder: string;
  readonly holds: string;
  /** No clock, randomness, I/O, timers or promises: the same question always gets the same answer. */
  readonly pure: boolean;
  readonly folders: readonly string[];
  /** `node:*` stands for every built-in module; a file outside `src/` counts as a package. */
  readonly packages: readonly string[];
}

/** The dependency law, innermost first: a row only ever names rows above it. ARCHITECTURE.md shows it. */
export const DEPENDENCY_LAW: readonly LawRow[] = [
  {
    folder: 'domain',
    holds: 'the words: Service, node port, pool, inventory, finding, verdict',
    pure: true,
    folders: [],
    packages: ['ip-address'],
  },
  {
    folder: 'rules',
    holds: 'one folder per rule: options, messages, check, cases, documentation',
    pure: true,
    folders: ['domain'],
    packages: ['re2js', 'zod'],
  },
  {
    folder: 'allocation',
    holds: 'which port a Service gets: entitlement, score, choice',
    pure: true,
    folders: ['domain'],
    packages: [],
  },
  {
    folder: 'engine',
    holds: 'admit(): propose, apply, evaluate; decide() for each door',
    pure: true,
    folders: ['domain', 'rules', 'allocation'],
    packages: [],
  },
  {
    folder: 'wire',
    holds: 'foreign shapes: AdmissionReview, Service JSON, YAML with positions',
    pure: true,
    folders: ['domain'],
    packages: ['yaml'],
  },
  {
    folder: 'policy',
    holds: 'the documents: strict schemas, cross-checks, compilation into one Policy',
    pure: true,
    folders: ['domain', 'rules', 'engine', 'wire'],
    packages: ['leven', 'zod'],
  },
  {
    folder: 'report',
    holds: 'verdicts as text for people and as VerdictList',
    pure: true,
    folders: ['domain', 'engine'],
    packages: [],
  },
  {
    folder: 'check',
    holds: 'a run over manifest files: judged in order, baselines, suppressions, what need not be read',
    pure: true,
    folders: ['domain', 'rules', 'engine', 'wire', 'report'],
    packages: [],
  },
  {
    folder: 'audit',
    holds: 'what runs: judged as it is, mapped port by port, compared under another policy',
    pure: true,
    folders: ['domain', 'allocation', 'engine', 'report'],
    packages: [],
  },
  {
    folder: 'fix',
    holds: 'edits of manifests, line by line, and diffs',
    pure: true,
    folders: ['domain', 'wire'],
    packages: ['diff', 'yaml'],
  },
  {
    folder: 'page',
    holds: 'the page in the browser: the map, its search, its cards, the playground',
    pure: false,
    folders: ['domain', 'policy', 'report'],
    packages: [
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/lang-yaml',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/common',
      '@lezer/highlight',
      'preact',
    ],
  },
  {
    folder: 'files',
    holds: 'reading and watching what others replace',
    pure: false,
    folders: [],
    packages: ['node:*'],
  },
  {
    folder: 'tls',
    holds: 'certificates: making, judging, storing, rotating',
    pure: false,
    folders: ['domain', 'files'],
    packages: ['node:*', 'selfsigned'],
  },
  {
    folder: 'cluster',
    holds: 'the API server: what it holds, the Secret and caBundle that the gate keeps there',
    pure: false,
    folders: ['domain', 'wire', 'tls'],
    packages: ['@kubernetes/client-node', 'node:*'],
  },
  {
    folder: 'server',
    holds: 'the HTTP doors and their listeners',
    pure: false,
    folders: ['domain', 'allocation', 'engine', 'wire', 'report', 'audit', 'tls', 'cluster'],
    packages: ['fastify', 'node:*', 'pino', 'prom-client'],
  },
  {
    folder: 'cli',
    holds: 'commands, flags, exit codes',
    pure: false,
    folders: [
      'domain',
      'rules',
      'allocation',
      'engine',
      'wire',
      'policy',
      'report',
      'check',
      'audit',
      'fix',
      'files',
      'tls',
      'cluster',
      'server',
    ],
    packages: ['build/page.ts', 'commander', 'node:*', 'package.json', 'pino'],
  },
  {
    folder: 'main',
    holds: 'the entry: real streams, real clock, exit',
    pure: false,
    folders: ['cli'],
    packages: ['node:*'],
  },
];

/** Packages that a folder may use in one file only, so that replacing them stays a change to one file. */
export const SINGLE_FILE_PACKAGES: Readonly<Record<string, string>> = {
  'build/page.ts': 'src/cli/page-file.ts',
  diff: 'src/fix/unified-diff.ts',
  'ip-address': 'src/domain/cidr.ts',
  'package.json': 'src/cli/version.ts',
  re2js: 'src/rules/required-annotations/pattern.ts',
};

/** The law as ARCHITECTURE.md shows it, a fenced block. */
export function renderLaw(law: readonly LawRow[]): string {
  const rows = law.map(({ folder, pure, folders, packages }) => [
    folder,
    pure ? 'pure' : '',
    folders.join(', ') || '-',
    packages.map(withItsFile).join(', ') || '-',
  ]);
  const table = [['folder', '', 'may import from src/', 'and packages'], ...rows];
  const width = (column: number): number => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  );
  const purposes = law.map(({ folder, holds }) => `${folder.padEnd(width(0))}  ${holds}`);
  return ['```text', ...lines, '', ...purposes, '```'].join('\n');
}

function withItsFile(name: string): string {
  const file = SINGLE_FILE_PACKAGES[name];
  return file === undefined ? name : `${name} (only ${file.slice('src/'.length)})`;
}
