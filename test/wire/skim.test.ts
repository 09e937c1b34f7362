import fc, { type GeneratorValue } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../src/domain/json.ts';
import { readDocumentParts } from '../../src/wire/document-parts.ts';
import { objectsIn, sniff } from '../../src/wire/manifest-objects.ts';
import { labelSkimmer, type Skim, skimmer } from '../../src/wire/skim.ts';

const SKIMS: readonly Skim[] = [
  { serviceWords: 'all', workloadWords: [], workloads: false, namespaces: false },
  { serviceWords: ['NodePort', 'example.com/pool'], workloadWords: ['hostPort'], workloads: false, namespaces: true },
  { serviceWords: [], workloadWords: ['hostPort'], workloads: true, namespaces: false },
  { serviceWords: [], workloadWords: [], workloads: false, namespaces: false },
];
const WORKLOADS = new Set(['Pod', 'PodTemplate', 'Deployment', 'Job', 'CronJob']);
const LABEL_VALUES = [new Set(['web', 'NodePort']), new Set(['hostPort', 'a Pod'])];
const KINDS =
  'Service ServiceList List Namespace NamespaceList Deployment DeploymentList Pod PodList CronJob AdmissionReview ConfigMap Services MyService ServiceListList'.split(
    ' ',
  );
const WORDS = ['NodePort', 'example.com/pool', 'hostPort', 'web', 'Service', 'a Pod', 'no # comment', "it's", ''];

const kind = fc.constantFrom(...KINDS);
const word = fc.constantFrom(...WORDS);
const scalar = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
const { node } = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    scalar,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(
      word.filter((text) => text !== ''),
      tie('node'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
}));
const simple = fc.record(
  { kind, apiVersion: fc.constantFrom('v1', 'apps/v1', 'admission.k8s.io/v1'), spec: node },
  { noNullPrototype: true },
);
const document: fc.Arbitrary<Json> = fc.oneof(
  simple,
  fc.record(
    { kind, apiVersion: fc.constant('v1'), items: fc.array(fc.oneof(simple, node), { maxLength: 2 }) },
    { noNullPrototype: true },
  ),
);

/** Writes a value as YAML in one of very many ways. */
function written(value: Json, g: GeneratorValue): string {
  const anchors: string[] = [];
  const pick = <T>(...choices: readonly T[]): T => g(fc.constantFrom, ...choices) as T;
  const text = block(value, 0);
  const head = anchors.map((anchor) => `${anchor}\n`).join('');
  const all = isJsonObject(value) ? head + text.replace(/^\n/, '') : text;
  return pick(true, false, false) ? all.replaceAll('\n', '\r\n') : all;

  function block(each: Json, indent: number): string {
    const pad = ' '.repeat(indent);
    const comment = pick('', '', ' # Service NodePort');
    if (Array.isArray(each) && each.length > 0 && pick(true, true, false)) {
      return `${comment}\n${each.map((item: Json) => `${pad}-${spaced(block(item, indent + 2))}`).join('\n')}`;
    }
    if (isJsonObject(each) && Object.keys(each).length > 0 && (indent === 0 || pick(true, true, false))) {
      return `${comment}\n${Object.entries(each)
        .map(([key, member]) => pad + pair(key, member, indent))
        .join('\n')}`;
    }
    return typeof each === 'string' ? scalarOf(each, indent) : flow(each, indent);
  }

  function pair(key: string, member: Json, indent: number): string {
    if (pick(true, false, false, false))
      return `? ${keyOf(key)}\n${' '.repeat(indent)}:${spaced(block(member, indent + 2))}`;
    if (pick(true, false, false, false, false) && !isJsonObject(member) && !Array.isArray(member)) {
      const name = `m${anchors.length}`;
      anchors.push(`x-${name}: &${name} {${keyOf(key)}: ${flow(member, 2)}}`);
      return `<<: [*${name}]`;
    }
    return `${keyOf(key)}:${spaced(block(member, indent + 2))}`;
  }

  function keyOf(key: string): string {
    return pick(true, false) ? double(key, undefined) : plainOr(key, single);
  }

  function spaced(rest: string): string {
    return rest === '' || rest.startsWith('\n') || rest.startsWith(' ') ? rest : ` ${rest}`;
  }

  function flow(each: Json, indent: number): string {
    const gap = pick('', ' ', `\n${' '.repeat(indent + 1)}`);
    if (Array.isArray(each)) return `[${each.map((item: Json) => `${gap}${flow(item, indent)}`).join(',')}${gap}]`;
    if (isJsonObject(each)) {
      return `{${Object.entries(each)
        .map(([key, member]) => `${gap}${keyOf(key)}: ${flow(member, indent)}`)
        .join(',')}${gap}}`;
    }
    if (typeof each !== 'string') return JSON.stringify(each);
    return pick('double', 'single', 'plain') === 'plain' ? plainOr(each, single) : double(each, indent);
  }

  function scalarOf(each: string, indent: number): string {
    const pad = ' '.repeat(indent + 1);
    if (each === '') return "''";
    switch (pick('plain', 'single', 'double', 'literal', 'folded', 'tag', 'binary', 'alias')) {
      case 'plain':
        return plainOr(each, single);
      case 'single':
        return single(each);
      case 'double':
        return double(each, indent);
      case 'literal':
        return `|-\n${pad}${each}`;
      case 'folded':
        return `>-\n${pad}${each.replaceAll(' ', `\n${pad}`)}`;
      case 'tag':
        return `!!str ${plainOr(each, single)}`;
      case 'binary':
        return `${pick('!!binary', '!<tag:yaml.org,2002:binary>', '!!bin%61ry')} ${btoa(each)}`;
      case 'alias': {
        const name = `a${anchors.length}`;
        anchors.push(`x-${name}: &${name} ${double(each, 1)}`);
        return `*${name}`;
      }
    }
  }

  function plainOr(each: string, otherwise: (text: string) => string): string {
    return /^[A-Za-z][A-Za-z./ ]*$/.test(each) && each !== 'null' ? each : otherwise(each);
  }

  function single(each: string): string {
    return `'${each.replaceAll("'", "''")}'`;
  }

  /** `indent` where it may go over several lines. */
  function double(each: string, indent: number | undefined): string {
    const characters = Array.from(each, (character) => {
      const code = character.charCodeAt(0).toString(16);
      const breaks =
        indent === undefined || character === ' ' ? character : `\\\n${' '.repeat(indent + 1)}${character}`;
      const escapes = [
        `\\x${code.padStart(2, '0')}`,
        `\\u${code.padStart(4, '0')}`,
        `\\U${code.padStart(8, '0')}`,
        breaks,
      ];
      const escaped = character === '/' ? ['\\/', ...escapes] : escapes;
      return g(fc.nat, { max: character === '/' ? 3 : 40 }) === 0 ? pick(...escaped) : character;
    });
    return `"${characters.join('')}"`;
  }
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]) : [];
}

/** Decided on what a full parse gives. */
function matters(value: Json, { serviceWords, workloadWords, workloads, namespaces }: Skim): boolean {
  const texts = textsIn(value);
  const hasOne = (words: readonly string[]): boolean => words.some((each) => texts.some((text) => text.includes(each)));
  if (hasOne(workloadWords)) return true;
  return objectsIn(value).objects.some(({ value: object }) => {
    const sniffed = sniff(object);
    if (sniffed.kind === 'AdmissionReview') return true;
    if (sniffed.kind === 'Service') return serviceWords === 'all' || hasOne(serviceWords);
    return (namespaces && sniffed.object.kind === 'Namespace') || (workloads && WORKLOADS.has(sniffed.object.kind));
  });
}

function mayBeBehind(value: Json, values: ReadonlySet<string>): boolean {
  return objectsIn(value).objects.some(
    ({ value: object }) => WORKLOADS.has(sniff(object).object.kind) && textsIn(object).some((text) => values.has(text)),
  );
}

describe('the skim', () => {
  it('leaves out nothing that a full parse finds to matter, however it is written', { timeout: 60_000 }, () => {
    const count = { matters: 0, skipped: 0, unlike: 0, behind: 0, notBehind: 0 };
    fc.assert(
      fc.property(document, fc.gen(), (value, g) => {
        const text = written(value, g);
        const { parts, faults } = readDocumentParts(text);
        expect(faults, text).toEqual([]);
        for (const skim of SKIMS) {
          const isParsed = skimmer(text, skim)(text);
          const isWanted = parts.some((part) => matters(part.value, skim));
          count.matters += Number(isWanted);
          count.skipped += Number(!isParsed);
          count.unlike += Number(matters(value, skim) !== isWanted);
          if (isWanted) expect(isParsed, text).toBe(true);
        }
        for (const values of LABEL_VALUES) {
          const isParsed = labelSkimmer(values)(text);
          const isWanted = parts.some((part) => mayBeBehind(part.value, values));
          count.behind += Number(isWanted);
          count.notBehind += Number(!isParsed);
          if (isWanted) expect(isParsed, text).toBe(true);
        }
      }),
      { numRuns: 2000, seed: 20_261_121 },
    );
    // What is written means the value that it was made from, and both answers are common.
    expect(count.unlike).toBe(0);
    expect(count.matters).toBeGreaterThan(500);
    expect(count.skipped).toBeGreaterThan(500);
    expect(count.behind).toBeGreaterThan(200);
    expect(count.notBehind).toBeGreaterThan(500);
  });

  const NOTHING: Skim = {
    serviceWords: ['NodePort'],
    workloadWords: ['hostPort'],
    workloads: false,
    namespaces: false,
  };
  const HEAD = 'apiVersion: v1\nkind: ConfigMap\n';

  it.each([
    ['a ConfigMap', HEAD, false],
    ['a Service of another type', 'apiVersion: v1\nkind: Service\nspec: {type: ClusterIP}', false],
    ['a Service that opens ports', 'apiVersion: v1\nkind: Service\nspec: {type: NodePort}', true],
    ['something that only begins like a Service', 'apiVersion: v1\nkind: ServiceMonitor\nx: NodePort', false],
    ['a Namespace nobody asks for', 'apiVersion: v1\nkind: Namespace', false],
    ['a host port', `${HEAD}x: {hostPort: 80}`, true],
    ['a review', `${HEAD}x: AdmissionReview`, true],
    ['a template', `${HEAD}x: '{{ y }}'`, true],
    ['no kind', 'apiVersion: v1', true],
    ['no apiVersion', 'kind: X', true],
    ['an escaped letter', `${HEAD}x: "\\x53"`, true],
    ['an escaped letter in JSON', '{"apiVersion":"v1","kind":"\\u0053ervice"}', true],
    ['an escaped slash', `${HEAD}x: "a\\/b"`, true],
    ['an escaped line end', `${HEAD}x: "a\\\n  b"`, true],
    ['an escaped line end of Windows', `${HEAD}x: "a\\\r\n  b"`, true],
    ['base64', `${HEAD}x: !!binary aGk=`, true],
    ['base64 under a disguised tag', `${HEAD}x: !!bin%61ry aGk=`, true],
    ['base64 under a long tag', `${HEAD}x: !<tag:yaml.org,2002:bin%61ry> aGk=`, true],
    ['base64 under a tag in two parts', `%TAG !e! tag:yaml.org,2002:bin\n---\n${HEAD}x: !e!ary aGk=`, true],
    ['other escapes', `${HEAD}x: "a\\n\\tb\\\\"`, false],
    ['another tag', `${HEAD}x: !!str b`, false],
  ])('parses %s or not', (_, text, expected) => {
    expect(skimmer(text, NOTHING)(text)).toBe(expected);
  });

  it('judges each document by its own words', () => {
    const parsed = skimmer(`${HEAD}---\nkind: Service\napiVersion: v1\ntype: NodePort`, NOTHING);
    expect([HEAD, 'kind: Service\napiVersion: v1\ntype: NodePort'].map(parsed)).toEqual([false, true]);
  });

  it.each([
    ['the value of a label', 'kind: Pod\nx: {app: web}', true],
    ['the end of another value', 'kind: Pod\nx: {app: my-web}', false],
    ['the beginning of another value', 'kind: Pod\nx: {app: web-2}', false],
    ['no workload', 'kind: ConfigMap\nx: {app: web}', false],
    ['a custom resource with pods', 'kind: Rollout\nspec: {template: {metadata: {labels: {app: web}}}}', true],
    ['a list of workloads', 'kind: PodList\nx: "web"', true],
    ['an escaped letter', 'kind: ConfigMap\nx: "\\x77eb"', true],
  ])('looks for label values: %s', (_, text, expected) => {
    expect(labelSkimmer(new Set(['web', 'shop']))(text)).toBe(expected);
  });

  it('takes every workload where a value is no plain word', () => {
    expect(labelSkimmer(new Set(['']))('kind: Pod')).toBe(true);
    expect(labelSkimmer(new Set(['web', 'a b']))('kind: Pod')).toBe(true);
  });
});
