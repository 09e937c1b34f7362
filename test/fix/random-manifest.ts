import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/domain/json.ts';

/** A manifest in somebody's style, and what it says. */
export interface RandomManifest {
  readonly text: string;
  readonly value: JsonObject;
  /** Nothing in it is a reason to refuse the writing of a field. */
  readonly isPlain: boolean;
}

type Tree = { raw: string; value: Json } | { members: [key: string, tree: Tree][] } | { items: Tree[] };

interface Style {
  readonly step: 2 | 4;
  readonly listsIndented: boolean;
  readonly comments: boolean;
  readonly anchors: boolean;
  readonly flow: 'never' | 'items' | 'spec' | 'all' | 'json';
  readonly flowLines: boolean;
  /** Decides all the small things, one after the other. */
  readonly dice: () => number;
}

const NO_NUMBER: readonly (readonly [raw: string, value: Json])[] = [
  ['', null],
  ['null', null],
  ['~', null],
  ['""', ''],
  ["''", ''],
  ['0', 0],
  ['"30080"', '30080'],
  ['30200', 30_200],
  ['0x7600', 0x7600],
];

export const randomManifest: fc.Arbitrary<RandomManifest> = fc
  .record({
    step: fc.constantFrom(2 as const, 4 as const),
    listsIndented: fc.boolean(),
    comments: fc.boolean(),
    anchors: fc.boolean(),
    flow: fc.constantFrom('never' as const, 'items' as const, 'spec' as const, 'all' as const, 'json' as const),
    flowLines: fc.boolean(),
    throws: fc.array(fc.nat({ max: 719 }), { minLength: 40, maxLength: 40 }),
  })
  .map(({ throws, ...rest }) => {
    let next = 0;
    return written({ ...rest, dice: () => throws[next++ % throws.length] ?? 0 });
  });

function written(style: Style): RandomManifest {
  const tree = service(style);
  const value = valueOf(tree) as JsonObject;
  const isFlow = style.flow === 'all' || style.flow === 'json';
  const text = isFlow ? `${flow(tree, '', style)}\n` : block(tree, 0, style);
  return { text, value, isPlain: !(style.comments && style.flow !== 'never' && style.flowLines) };
}

function service(style: Style): Tree {
  const { dice } = style;
  const count = 1 + (dice() % 3);
  const spec: [string, Tree][] = [
    ['ports', { items: Array.from({ length: count }, (_, index) => port(index, style)) }],
    ['selector', { members: [['app', word('web')]] }],
  ];
  if (dice() % 3 > 0) spec.push(['type', word('LoadBalancer')]);
  if (dice() % 2 === 0) spec.push(['externalTrafficPolicy', dice() % 2 === 0 ? word('Cluster') : blank(style)]);
  return {
    members: [
      ['apiVersion', word('v1')],
      ['kind', word('Service')],
      ['metadata', { members: [['name', word('wéb 🚪')], ...note(style)] }],
      ['spec', { members: shuffled(spec, style) }],
    ],
  };
}

function port(index: number, style: Style): Tree {
  const { dice } = style;
  const members: [string, Tree][] = [['port', { raw: String(80 + index), value: 80 + index }]];
  if (dice() % 2 === 0) members.push(['name', word(`p${index}`)]);
  if (dice() % 3 === 0) members.push(['targetPort', word('http')]);
  if (dice() % 2 === 0) members.push(['nodePort', blank(style)]);
  return { members: shuffled(members, style) };
}

function blank({ dice, flow: form }: Style): Tree {
  const [raw, value] = NO_NUMBER[dice() % NO_NUMBER.length] ?? ['', null];
  return form === 'json' ? { raw: JSON.stringify(value), value } : { raw, value };
}

function note({ flow: form, dice }: Style): [string, Tree][] {
  if (form === 'all' || form === 'json' || dice() % 2 === 0) return [];
  const lines = ['ports:', '  - port: 80'];
  const members: [string, Tree][] = [
    ['note', { raw: `|\n            ${lines.join('\n            ')}`, value: `${lines.join('\n')}\n` }],
  ];
  return [['annotations', { members }]];
}

function word(value: string): Tree {
  return { raw: value, value };
}

function shuffled<Item>(items: Item[], { dice }: Style): Item[] {
  return items
    .map((item) => ({ item, at: dice() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function valueOf(tree: Tree): Json {
  if ('items' in tree) return tree.items.map(valueOf);
  return 'members' in tree ? Object.fromEntries(tree.members.map(([key, each]) => [key, valueOf(each)])) : tree.value;
}

/** Lines, the last of them ended. */
function block(tree: Tree, indent: number, style: Style): string {
  const margin = ' '.repeat(indent);
  if ('members' in tree) {
    const lines = tree.members.map(([key, each]) => `${margin}${keyOf(key, style)}:${below(key, each, indent, style)}`);
    return lines.map((line, index) => (index === 0 ? line : between(margin, style) + line)).join('');
  }
  if ('items' in tree) return tree.items.map((item) => margin + dashed(item, indent, style)).join('');
  return `${margin}${tree.raw}\n`;
}

function dashed(item: Tree, indent: number, style: Style): string {
  if (style.flow === 'items') return `- ${flow(item, ' '.repeat(indent + 2), style)}${remark(style)}\n`;
  const anchor = style.anchors && style.dice() % 2 === 0 ? ` &a${indent}\n${' '.repeat(indent)}` : '';
  const lines = block(item, indent + style.step, style);
  return anchor === '' ? `-${lines.slice(indent + 1)}` : `-${anchor}${lines.slice(indent)}`;
}

function below(key: string, tree: Tree, indent: number, style: Style): string {
  if ('value' in tree) return behind(tree, style);
  if (key === 'spec' && style.flow === 'spec') return ` ${flow(tree, ' '.repeat(indent + 2), style)}\n`;
  const deeper = 'items' in tree && !style.listsIndented ? indent : indent + style.step;
  return `${remark(style)}\n${block(tree, deeper, style)}`;
}

function behind({ raw }: { readonly raw: string }, style: Style): string {
  if (raw.startsWith('|')) return ` ${raw}\n`;
  const anchor = style.anchors && style.dice() % 3 === 0 ? ' &s' : '';
  return `${anchor}${raw === '' ? '' : ` ${raw}`}${remark(style)}\n`;
}

function flow(tree: Tree, margin: string, style: Style): string {
  if ('value' in tree) return style.flow === 'json' ? JSON.stringify(tree.value) : tree.raw;
  const inner = `${margin}  `;
  const parts =
    'items' in tree
      ? tree.items.map((item) => flow(item, inner, style))
      : tree.members.map(([key, each]) => `${keyOf(key, style)}: ${flow(each, inner, style)}`);
  const [open, close] = 'items' in tree ? '[]' : '{}';
  if (!style.flowLines) return `${open}${parts.join(', ')}${close}`;
  const lines = parts.map((part, index) => `${inner}${part}${index < parts.length - 1 ? ',' : ''}`);
  return `${open}\n${lines.map((line) => `${line}${style.flow === 'json' ? '' : remark(style)}\n`).join('')}${margin}${close}`;
}

function keyOf(key: string, { flow: form, dice }: Style): string {
  if (form === 'json') return JSON.stringify(key);
  return dice() % 7 === 0 ? `"${key}"` : key;
}

function remark({ comments, dice }: Style): string {
  return comments && dice() % 3 === 0 ? ` ${' '.repeat(dice() % 3)}# port: 80 {` : '';
}

function between(margin: string, { comments, dice }: Style): string {
  const choice = comments ? dice() % 6 : 9;
  return choice === 0 ? `${margin}# nodePort: 1\n` : choice === 1 ? '\n' : choice === 2 ? '\n# left\n' : '';
}
