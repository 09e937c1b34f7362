import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../build/page.ts';
import { loadPage } from '../../src/cli/page-file.ts';
import { MAP_PLACE, pageWithMap } from '../../src/report/html.ts';
import { MAP } from './support/maps.ts';

let page: string;

beforeAll(async () => {
  page = await buildPage();
});

/** The texts of all elements of that name, as a browser finds their ends. */
function elements(html: string, name: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<${name}[^>]*>([^]*?)</${name}`, 'gi'))].map(([, text = '']) => text);
}

describe('the page', () => {
  it('is the same every time, and what the command line loads', async () => {
    expect([(await buildPage()) === page, (await loadPage()) === page]).toEqual([true, true]);
  });

  it('allows by hash its one script and its one style, and nothing else', () => {
    const hashes = ['script', 'style'].map((name) => elements(page, name).map((text) => `'sha256-${sha256(text)}'`));
    const policy =
      `default-src 'none'; script-src ${hashes[0]?.join()}; style-src ${hashes[1]?.join()}; connect-src 'self'; ` +
      `img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
    expect(page.split('\n').slice(0, 5)).toEqual([
      '<!doctype html>',
      '<html lang="en">',
      '<head>',
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      '<meta charset="utf-8">',
    ]);
    expect(hashes.map((found) => found.length)).toEqual([1, 1]);
  });

  it('asks for nothing from elsewhere and builds no code or HTML from text', () => {
    const [head = ''] = page.split('<script>');
    const [script = ''] = elements(page, 'script');
    expect(head.match(/(?:src|href)="(?!data:)/g)).toBeNull();
    expect(script.match(/\beval\(|new Function\(|document\.write|insertAdjacentHTML|sourceMappingURL/g)).toBeNull();
  });

  it('has one place for a map', () => {
    expect(page.split(MAP_PLACE).length).toBe(2);
  });
});

describe('a page with a map', () => {
  it('has it as data', () => {
    const [data = '', script] = elements(pageWithMap(page, MAP), 'script');
    expect([JSON.parse(data), script]).toEqual([MAP, elements(page, 'script')[0]]);
  });

  it.each([
    '</script><script>alert(1)</script>',
    '<!--<script>',
    ']]>\u2028\u2029',
    "$& $` $' $$ $1",
    MAP_PLACE,
    '"\\</ScRiPt >',
  ])('keeps %j in it', (hostile) => {
    const [service] = MAP.services;
    const map = { ...MAP, services: service === undefined ? [] : [{ ...service, name: hostile }] };
    const html = pageWithMap(page, map);
    const [data = '', ...others] = elements(html, 'script');
    expect([JSON.parse(data), others]).toEqual([map, elements(page, 'script')]);
    expect(/[<\u2028\u2029]/.test(data)).toBe(false);
    expect(html.replace(`<script type="application/json" id="port-map">${data}</script>`, () => MAP_PLACE)).toBe(page);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
