// Makes the page: one HTML text with everything in it, from src/page. The same sources give the same text.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { MAP_PLACE } from '../src/report/html.ts';

/** From here, and from the one file that rolldown makes of its configuration. */
const ROOT = [join(import.meta.dirname, '..'), import.meta.dirname].find(holdsPage) ?? process.cwd();

/** The page and the modules that went into it, by path. */
export interface BundledPage {
  readonly html: string;
  readonly modules: readonly string[];
}

/** The page, without a map in it. */
export async function buildPage(): Promise<string> {
  return (await bundlePage()).html;
}

/** The page with what it is made of, for those who ship it. */
export async function bundlePage(): Promise<BundledPage> {
  const { code, moduleIds } = await bundleScript();
  const sheets = globSync('src/page/**/*.css', { cwd: ROOT }).sort();
  const style = minifyStyle(sheets.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n'));
  return { html: document(code.trim(), style), modules: moduleIds };
}

async function bundleScript(): Promise<OutputChunk> {
  const bundle = await rolldown({
    input: join(ROOT, 'src/page/main.tsx'),
    cwd: ROOT,
    platform: 'browser',
    tsconfig: join(ROOT, 'src/page/tsconfig.json'),
    transform: { target: 'es2022' },
    onLog: (level, log, report) => report(level === 'warn' ? 'error' : level, log),
  });
  try {
    const { output } = await bundle.generate({
      format: 'iife',
      minify: true,
      comments: false,
      charset: 'ascii',
      codeSplitting: false,
    });
    return output[0];
  } finally {
    await bundle.close();
  }
}

/** The policy comes first, so that nothing is loaded without it. The gate sends it as a header, too. */
function document(script: string, style: string): string {
  // Either would end the element early, or hide its end.
  if (/<\/(?:script|style)|<!--/i.test(script + style)) throw new Error('script or style of the page ends its element');
  const policy = [
    `default-src 'none'`,
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    `connect-src 'self'`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Node ports</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>The map needs JavaScript; GET /ports has the same as JSON.</noscript></div>
${MAP_PLACE}
<script>${script}</script>
</body>
</html>
`;
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5fbf"/>' +
    '<path d="M3 3h4v4H3zm6 0h4v4H9zM3 9h4v4H3z" fill="#fff"/></svg>',
)}`;

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Ours has no strings with comments or spaces that matter in it. */
function minifyStyle(css: string): string {
  return css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/([{;][\w-]+): /g, '$1:')
    .replaceAll(';}', '}')
    .trim();
}

function holdsPage(directory: string): boolean {
  return existsSync(join(directory, 'src/page/main.tsx'));
}
