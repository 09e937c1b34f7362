import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

/**
 * The package as it is shipped: `dist/nodeport-gate.js` and, in `parts/`, what only some commands need. As one single file
 * `--help` takes three times as long.
 *
 * Not minified, so that a stack trace shows what it is about; minified, the server takes 4 MB less and starts no faster than
 * measurements scatter.
 */
export default defineConfig({
  input: { 'nodeport-gate': 'src/main.ts' },
  platform: 'node',
  // The oldest Node that package.json allows.
  transform: { target: 'node22.19' },
  output: {
    dir: 'dist',
    cleanDir: true,
    entryFileNames: '[name].js',
    // As deep as src/cli: what is found from there (`../../manifests`) is found from here.
    chunkFileNames: 'parts/[name].js',
  },
  plugins: [licenses()],
  onLog: (level, log, report) => {
    // A bundle with a part missing fails in a cluster; it had better fail here.
    report(level === 'warn' ? 'error' : level, log);
  },
});

/** The licenses of what is bundled want their text wherever the code goes: `dist/licenses.txt`. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
      const texts = new Set([...folders].map(licenseOf));
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: [...texts].sort().join('\n') });
    },
  };
}

function licenseOf(folder: string): string {
  const described: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = { name: folder, version: '', license: 'unknown', ...Object(described) };
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
}
