import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';
import { bundlePage } from './build/page.ts';

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
  // A checkout makes the page when it is asked for; the package has it as a file.
  external: /\/build\/page\.ts$/,
  // The oldest Node that package.json allows.
  transform: { target: 'node22.19' },
  output: {
    dir: 'dist',
    cleanDir: true,
    // Shorter, and all ASCII, which V8 reads in half the memory.
    charset: 'ascii',
    comments: false,
    entryFileNames: '[name].js',
    // As deep as src/cli: what is found from there (`../../manifests`) is found from here.
    chunkFileNames: 'parts/[name].js',
    // What most commands need, in one part: in twenty, `check` takes 4 ms longer.
    codeSplitting: {
      groups: [
        { name: 'core', test: /\/src\/cli\/commands\/check\.ts$/ },
        // What is loaded first must not be a part of it.
        { name: 'commands', test: /\/src\/cli\/program\.ts$/, priority: 1 },
        { name: 'version', test: /\/src\/cli\/version\.ts$/, priority: 2 },
      ],
    },
  },
  plugins: [builtinsAsked(), pageAndLicenses()],
  onLog: (level, log, report) => {
    // A bundle with a part missing fails in a cluster; it had better fail here.
    report(level === 'warn' ? 'error' : level, log);
  },
});

/**
 * An import of one of Node's own modules reads every property of it, and so opens standard input (process) and loads much more
 * of Node (fs, util, crypto): 6 ms at each start. Asking for the module does not. The entry keeps its imports, because an old
 * Node, which cannot be asked, has to get as far as saying that it is old.
 */
function builtinsAsked(): Plugin {
  const IMPORT = /^import (\w+|\{ [^}]+ \}|\* as \w+) from ("node:[\w/]+");$/gm;
  return {
    name: 'builtins-asked',
    transform: (code, id) =>
      // Commander can run subcommands as processes of their own; here are none.
      id.includes('/node_modules/commander/')
        ? code.replace(/^import childProcess from 'node:child_process';$/m, 'const childProcess = {};')
        : null,
    renderChunk: (code, { isEntry }) =>
      isEntry
        ? code.replace('import process from "node:process";\n', '')
        : code.replace(IMPORT, (_, bound: string, name: string) => {
            const names = bound.replace('* as ', '').replaceAll(' as ', ': ');
            return `const ${names} = globalThis.process.getBuiltinModule(${name});`;
          }),
  };
}

/**
 * `dist/page.html`, and `dist/licenses.txt`: the licenses of what is bundled, into the page as well, want their text wherever
 * the code goes.
 */
function pageAndLicenses(): Plugin {
  return {
    name: 'page-and-licenses',
    async generateBundle(_options, bundle) {
      const page = await bundlePage();
      this.emitFile({ type: 'asset', fileName: 'page.html', source: page.html });
      const parts = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const modules = [...parts, ...page.modules];
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
