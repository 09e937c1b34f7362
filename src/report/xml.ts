import { harmless } from './harmless.ts';

/** An element of XML 1.0; text children stand for themselves, however hostile they are. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Element | string)[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** The whole document. Text children are printed as lines of their own. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, '')}\n`;
}

function elementText({ name, attributes, children }: Element, indent: string): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(String(value))}"`);
  const start = `${indent}<${name}${said.join('')}`;
  if (children.length === 0) return `${start}/>`;
  if (children.every((child) => typeof child === 'string')) {
    return `${start}>${children.map(xmlText).join('\n')}</${name}>`;
  }
  const inside = children.map((child) =>
    typeof child === 'string' ? xmlText(child) : elementText(child, `${indent}  `),
  );
  return [`${start}>`, ...inside, `${indent}</${name}>`].join('\n');
}

/** One line. What XML 1.0 cannot hold at all (control characters, lone surrogates, U+FFFE and U+FFFF) is spelt out. */
function xmlText(text: string): string {
  return harmless(text)
    .replaceAll(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
