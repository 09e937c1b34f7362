import { readFile } from 'node:fs/promises';
import type { RuleMeta } from '../rules/define.ts';

/** The page of a rule as Markdown: the one that comes with the package, or, where pages are left out (the image), its essence. */
export async function rulePage({ name, summary, why }: RuleMeta): Promise<string> {
  try {
    return await readFile(new URL(`../../docs/rules/${name}.md`, import.meta.url), 'utf8');
  } catch {
    return `# ${name}\n\n${summary}\n\n## Why\n\n${why}\n`;
  }
}
