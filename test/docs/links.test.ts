import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = globSync(['*.md', '{docs,manifests,certs,integrations,bench}/**/*.md'], { exclude: ['**/node_modules'] });

function textOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^( *)```[^]*?^\1```$/gm, '');
}

/** As GitHub makes them. */
function anchorsOf(page: string): readonly string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isDead(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (statSync(target, { throwIfNoEntry: false }) === undefined) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

describe('the documentation', () => {
  it.each(pages)('has no dead links in %s', (page) => {
    const links = Array.from(textOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => isDead(page, link))).toEqual([]);
  });
});
