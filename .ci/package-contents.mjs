// The package as somebody gets it: packed, installed into an empty directory without a network, used, and type-checked.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const PARTS = /^dist\/parts\/[a-z0-9-]+\.js$/;
const RULES = readdirSync('src/rules', { withFileTypes: true }).filter((entry) => entry.isDirectory());
const FILES = [
  'LICENSE',
  'README.md',
  'dist/index.d.ts',
  'dist/licenses.txt',
  'dist/nodeport-gate.js',
  'dist/page.html',
  'docs/policy.schema.json',
  'docs/rules/README.md',
  ...RULES.map(({ name }) => `docs/rules/${name}.md`),
  'manifests/policies/default.yaml',
  'package.json',
];
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: {nodeport-gate.dev/source-cidrs: 203.0.113.0/24}}
spec:
  type: NodePort
  externalTrafficPolicy: Local
  ports: [{port: 80, nodePort: 29000}]
`;
const FINDING =
  /^ +web\.yaml:7:\d+ +deny +spec\.ports\[0\]\.nodePort: 29000 is outside 30100-30299 .*\[node-port-range\]$/m;
const CONSUMER = `import type { JsonReport, VerdictList } from 'nodeport-gate';

declare const list: VerdictList;
export const denied: number = list.summary.denied;
export const rules: readonly string[] = list.items.flatMap(({ findings }) => findings.map(({ rule }) => rule));
declare const report: JsonReport;
export const unread: readonly string[] = (report.problems ?? []).map(({ message }) => message);
// @ts-expect-error -- proves that the types are there at all
export const nothing: number = list.nothing;
`;

/** Of the project, as for everything that npm runs. */
const env = { ...process.env, PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter) };
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const root = mkdtempSync(join(tmpdir(), 'nodeport-gate-package-'));
const user = join(root, 'user');
const installed = join(user, 'node_modules/nodeport-gate');
const faults = [];
try {
  install();
  checkFiles();
  checkCommands();
  checkParts();
  checkOldNode();
  checkTypes();
  await checkManifest();
} finally {
  rmSync(root, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;

function install() {
  const npm = (args, cwd) =>
    execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  npm(['pack', '--silent', '--pack-destination', root], '.');
  const [packed] = readdirSync(root).filter((file) => file.endsWith('.tgz'));
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(['install', '--offline', '--no-audit', '--no-fund', '--silent', join(root, packed)], user);
}

function checkFiles() {
  const entries = readdirSync(installed, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  const files = entries.map(({ parentPath, name }) => join(parentPath, name).slice(installed.length + 1));
  expect('files', files.filter((file) => !PARTS.test(file)).sort(compare), FILES.toSorted(compare));
  expect(
    'other packages',
    readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['nodeport-gate'],
  );
}

function checkCommands() {
  writeFileSync(join(user, 'web.yaml'), SERVICE);
  expect('--version', run('nodeport-gate', '--version'), { status: 0, out: `${version}\n`, err: '' });
  const check = run('nodeport-gate', 'check', 'web.yaml');
  expect('check', { status: check.status, findings: check.out.match(/ deny /g)?.length }, { status: 1, findings: 1 });
  if (!FINDING.test(check.out)) faults.push(`check: no line like ${FINDING}:\n${check.out}`);
  const help = run('kubectl-nodeport', '--help');
  expect(
    'kubectl nodeport',
    [help.status, help.out.split('\n')[0]],
    [0, 'Usage: kubectl nodeport [options] [command]'],
  );
  const explain = run('nodeport-gate', 'explain', 'node-port-range');
  expect('explain', [explain.status, explain.out.startsWith('node-port-range\n')], [0, true]);
  expect(
    'policy schema',
    run('nodeport-gate', 'policy', 'schema').out,
    readFileSync('docs/policy.schema.json', 'utf8'),
  );
}

/** What makes a start slow: that nothing is loaded that the command does not need. */
function checkParts() {
  const probe = `process.on('exit', () => process.getBuiltinModule('fs').writeSync(2, '\\n' + JSON.stringify(process.moduleLoadList)));`;
  writeFileSync(join(user, 'probe.cjs'), probe);
  const script = join(installed, 'dist/nodeport-gate.js');
  const hooks = `import { registerHooks } from 'node:module'; const parts = [];
registerHooks({ load: (url, context, next) => (parts.push(url), next(url, context)) });
process.on('exit', () => console.error('\\n' + JSON.stringify(parts.filter((url) => url.includes('/parts/')).map((url) => url.replace(/.*\\//, '')).sort())));`;
  writeFileSync(join(user, 'hooks.mjs'), hooks);
  const last = (flags, args) => {
    const { stderr } = spawnSync('node', [...flags, script, ...args], { cwd: user, env, encoding: 'utf8' });
    return JSON.parse(stderr.slice(stderr.lastIndexOf('\n[') + 1));
  };
  const starting = ['commands.js', 'program.js', 'version.js'];
  expect('parts of --version', last(['--import', './hooks.mjs'], ['--version']), starting);
  const judging = ['check.js', 'core.js', 'rolldown-runtime.js', ...starting].sort(compare);
  expect('parts of check', last(['--import', './hooks.mjs'], ['check', 'web.yaml']), judging);
  const builtin = last(['--require', './probe.cjs'], ['check', 'web.yaml']);
  // Not net: a pipe needs it.
  const heavy = ['child_process', 'http', 'https', 'http2', 'tls', 'zlib'];
  expect(
    'heavy modules',
    heavy.filter((name) => builtin.includes(`NativeModule ${name}`)),
    [],
  );
}

/** Only where this runs with a Node that is too old. */
function checkOldNode() {
  if (Number.parseInt(process.versions.node, 10) >= 22) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'dist/nodeport-gate.js')], {
    encoding: 'utf8',
  });
  const said = `nodeport-gate needs Node 22.19 or later, this is ${process.version}; install one, or run integrations/nodeport-gate.sh of a checkout, which brings its own\n`;
  expect('old Node', [status, stdout, stderr], [2, '', said]);
}

function checkTypes() {
  writeFileSync(join(user, 'consumer.ts'), CONSUMER);
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['preserve', 'bundler'],
  ]) {
    const flags = [
      '--strict',
      '--noEmit',
      '--types',
      '',
      '--skipLibCheck',
      'false',
      '--module',
      module,
      '--moduleResolution',
      moduleResolution,
    ];
    const { status, stdout } = spawnSync(resolve('node_modules/.bin/tsc'), [...flags, 'consumer.ts'], {
      cwd: user,
      env,
      encoding: 'utf8',
    });
    expect(`types for ${moduleResolution}`, [status, stdout], [0, '']);
  }
}

async function checkManifest() {
  const { messages, pkg } = await publint({ pkgDir: installed, strict: true, pack: false });
  expect(
    'publint',
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
}

function run(command, ...args) {
  const path = join(user, 'node_modules/.bin', command);
  const { status, stdout, stderr } = spawnSync(path, args, { cwd: user, env, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

function expect(what, found, wanted) {
  if (!isDeepStrictEqual(found, wanted))
    faults.push(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

function compare(a, b) {
  return a < b ? -1 : 1;
}
