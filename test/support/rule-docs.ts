import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import type { Rule } from '../../src/rules/define.ts';

/** One key that a user may write below a rule's name in `spec.rules`. */
export interface OptionDoc {
  /** `minPrefixLength.ipv4`, `ports[].reason`. */
  readonly name: string;
  readonly values: string;
  readonly required: boolean;
  readonly default: string | undefined;
  /** What `.describe()` says; undefined where nobody did. */
  readonly description: string | undefined;
}

const PRESETS = ['baseline', 'restricted'] as const;

/** The rule's options as its schema has them, nested ones after their parent, `enforcement` last. */
export function optionsOf(rule: Rule): readonly OptionDoc[] {
  return propertiesOf(schemaOf(rule), '');
}

/** The page of one rule: what its folder says, and below it what its code says. */
export function renderRuleDoc(rule: Rule, doc: string): string {
  return [
    `<!-- Generated from src/rules/${rule.meta.name}: change it there and run npm run generate -->`,
    doc.trim(),
    '## Reference',
    `Looks at ${lookedAt(rule)}.`,
    table(
      ['preset', 'enforcement', 'options'],
      PRESETS.map((name) => presetCells(name, rule.presets[name])),
    ),
    table(['option', 'values', 'default', 'meaning'], optionsOf(rule).map(optionCells)),
    table(
      ['message', 'text'],
      Object.entries(rule.messages).map(([id, { text }]) => [code(id), code(text)]),
    ),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

/** The table of contents of `docs/rules`. */
export function renderRuleIndex(rules: readonly Rule[]): string {
  const rows = rules.map(({ meta, presets }) => [
    `[${meta.name}](${meta.name}.md)`,
    ...PRESETS.map((name) => enforcementOf(presets[name])),
    lookedAt({ meta }),
    meta.summary,
  ]);
  return [
    '<!-- Generated from src/rules: change it there and run npm run generate -->',
    '# Rules',
    'A rule listed under `spec.rules` of a NodePortPolicy is on. Its enforcement is the one given there, else the one of the\npreset, else `deny`; its options merge with those of the preset key by key; `off` turns it off.',
    table(['rule', ...PRESETS, 'looks at', 'demands'], rows),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

/** Which objects, and where they must come from. */
function lookedAt({ meta: { subject, origins } }: Pick<Rule, 'meta'>): string {
  const objects = { 'open-service': 'Services with node ports', 'every-service': 'Services', workload: 'workloads' }[
    subject
  ];
  if (origins === undefined || origins.includes('request')) return objects;
  return `${objects} ${origins.includes('cluster') ? 'in files and in the cluster, not at admission' : 'in files, not at admission'}`;
}

function schemaOf(rule: Rule): JsonObject {
  const schema: unknown = z.toJSONSchema(rule.entry, { io: 'input', target: 'draft-7' });
  if (!isJsonObject(schema)) throw new TypeError(`the options of ${rule.meta.name} have no JSON Schema`);
  return schema;
}

function propertiesOf(schema: JsonObject, prefix: string): readonly OptionDoc[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(objectAt(schema, 'properties')).flatMap(([key, property]) => {
    if (!isJsonObject(property)) return [];
    const name = `${prefix}${key}`;
    const own: OptionDoc = {
      name,
      values: valuesOf(property),
      required: required.includes(key),
      default: property['default'] === undefined ? undefined : JSON.stringify(property['default']),
      description: typeof property['description'] === 'string' ? property['description'] : undefined,
    };
    return [own, ...propertiesOf(property, `${name}.`), ...propertiesOf(objectAt(property, 'items'), `${name}[].`)];
  });
}

function valuesOf(schema: JsonObject): string {
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return alternatives.filter(isJsonObject).map(valuesOf).join(' or ');
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => code(String(value))).join(', ');
  if (schema['const'] !== undefined) return code(JSON.stringify(schema['const']));
  if (schema['type'] === 'array') return `list of ${valuesOf(objectAt(schema, 'items')) || 'anything'}`;
  if (schema['type'] === 'integer' || schema['type'] === 'number') return `${schema['type']}${boundsOf(schema)}`;
  return typeof schema['type'] === 'string' ? schema['type'] : 'anything';
}

function boundsOf({ minimum, maximum }: JsonObject): string {
  const isBounded = typeof minimum === 'number' && typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER;
  return isBounded ? ` ${minimum}-${maximum}` : '';
}

function presetCells(name: string, preset: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const options = Object.entries(preset ?? {}).filter(([key]) => key !== 'enforcement');
  const shown = options.map(([key, value]) => code(`${key}: ${JSON.stringify(value)}`)).join(', ');
  return [code(name), enforcementOf(preset), shown || '-'];
}

function enforcementOf(preset: Readonly<Record<string, unknown>> | undefined): string {
  return typeof preset?.['enforcement'] === 'string' ? preset['enforcement'] : '-';
}

function optionCells({ name, values, required, default: value, description }: OptionDoc): readonly string[] {
  return [code(name), values, required ? 'required' : value === undefined ? '-' : code(value), description ?? ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
