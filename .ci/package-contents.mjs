// What `npm pack` would ship: everything that runs, nothing that only tests, and never a key.
import { execFileSync } from 'node:child_process';

const NEEDED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'docs/policy.schema.json',
  'docs/rules/README.md',
  'manifests/policies/default.yaml',
  'package.json',
  'src/main.ts',
  'src/rules/index.ts',
];
const UNWANTED = /^(?!package\.json$|LICENSE$|[A-Z]+\.md$|docs\/|manifests\/|src\/)|cases\.ts$|\.(?:key|crt|pem|tgz)$/;

const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { encoding: 'utf8' }));
const paths = files.map(({ path }) => path);
const missing = NEEDED.filter((path) => !paths.includes(path));
const unwanted = paths.filter((path) => UNWANTED.test(path));
console.log(
  `${paths.length} files; missing: ${missing.join(', ') || 'none'}; unwanted: ${unwanted.join(', ') || 'none'}`,
);
process.exitCode = missing.length + unwanted.length > 0 ? 1 : 0;
