import { changed, denied, GOOD, many, numbered, passed, refused, refusedBeside, type Situation } from './situation.ts';

const BAD = numbered('22');
const OTHER = changed(['web', 'api'], ['30080', '22']);

/** What stands between documents, and texts with nothing in them. */
export const DOCUMENTS: readonly Situation[] = [
  {
    name: 'nothing',
    given: '',
    gives: passed(),
  },
  {
    name: 'white space',
    given: ' \n\t\n  \n',
    gives: passed(),
  },
  {
    name: 'comments',
    given: '# nothing here\n# kind: Service\n',
    gives: passed(),
  },
  {
    name: 'separators',
    given: '---\n---\n...\n---\n',
    gives: passed(),
  },
  {
    name: '300,000 line ends that are a CR alone',
    given: '\r'.repeat(300_000),
    gives: passed(),
  },
  {
    name: '300,000 exclamation marks in a comment',
    given: `# ${'!'.repeat(300_000)}\n${GOOD}`,
    gives: passed('web: allowed'),
  },
  {
    name: '300,000 bars where a number is due',
    given: changed(['30080', '|'.repeat(300_000)]),
    gives: refused(
      `bad.yaml:9:18: this is not YAML: Block scalar header includes extra characters: ${'|'.repeat(152)}…; remove it, or quote the value`,
    ),
  },
  {
    name: 'null',
    given: 'null\n',
    gives: refused('bad.yaml: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'a separator with a comment',
    given: `${GOOD}--- # the second\n${OTHER}`,
    gives: denied('web: allowed', 'api: denied, node-port-range 19:17'),
  },
  {
    name: 'a separator with a space behind',
    given: `${GOOD}--- \n${OTHER}`,
    gives: denied('web: allowed', 'api: denied, node-port-range 19:17'),
  },
  {
    name: 'a separator with text behind',
    given: `${GOOD}---${OTHER}`,
    gives: refused(
      'bad.yaml:11:1: "kind" is there twice; remove one, or put --- between two objects',
      'bad.yaml:12:1: "metadata" is there twice; remove one',
      'bad.yaml:14:1: "spec" is there twice; remove one',
    ),
  },
  {
    name: 'a separator that is indented',
    given: `${GOOD} ---\n${OTHER}`,
    gives: refused(
      'bad.yaml:10:1: this is not YAML: All mapping items must start at the same column; indent it as the lines before',
    ),
  },
  {
    name: 'a separator of four dashes',
    given: `${GOOD}----\n${OTHER}`,
    gives: refused(
      'bad.yaml:10:1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line',
    ),
  },
  {
    name: 'a separator of two dashes',
    given: `${GOOD}--\n${OTHER}`,
    gives: refused(
      'bad.yaml:10:1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line',
    ),
  },
  {
    name: 'a separator of typographic dashes',
    given: `${GOOD}———\n${OTHER}`,
    gives: refused(
      'bad.yaml:10:1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line',
    ),
  },
  {
    name: 'no separator between two Services',
    given: `${GOOD}${OTHER}`,
    gives: refused(
      'bad.yaml:10:1: "apiVersion" is there twice; remove one, or put --- between two objects',
      'bad.yaml:11:1: "kind" is there twice; remove one, or put --- between two objects',
      'bad.yaml:12:1: "metadata" is there twice; remove one',
      'bad.yaml:14:1: "spec" is there twice; remove one',
    ),
  },
  {
    name: 'an end marker between documents',
    given: `${GOOD}...\n${OTHER}`,
    gives: denied('web: allowed', 'api: denied, node-port-range 19:17'),
  },
  {
    name: 'an end marker with text behind',
    given: `${GOOD}... more\n${OTHER}`,
    gives: denied('web: allowed', 'api: denied, node-port-range 19:17'),
  },
  {
    name: 'a separator in a text over lines',
    given: `${changed(['web', 'web\n  annotations:\n    note: |\n      ---\n      kind: Service'])}---\n${OTHER}`,
    gives: denied('web: allowed', 'api: denied, node-port-range 23:17'),
  },
  {
    name: 'a separator in a quoted text',
    given: changed(['web', '"web\n---\n"']),
    gives: refused('bad.yaml:11:22: this is not YAML: Missing closing "quote; close the quote'),
  },
  {
    name: 'CRLF around separators',
    given: `${GOOD}---\n${OTHER}`.replaceAll('\n', '\r\n'),
    gives: denied('web: allowed', 'api: denied, node-port-range 19:17'),
  },
  {
    name: 'a document on the line of its separator',
    given:
      '--- {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80, nodePort: 22}]}}\n',
    gives: denied('web: denied, node-port-range 1:112'),
  },
  { name: '%YAML 1.1', given: `%YAML 1.1\n---\n${BAD}`, gives: denied('web: denied, node-port-range 11:17') },
  { name: '%YAML 1.2', given: `%YAML 1.2\n---\n${numbered('072560')}`, gives: passed('web: allowed') },
  { name: '%YAML 1.3', given: `%YAML 1.3\n---\n${BAD}`, gives: denied('web: denied, node-port-range 11:17') },
  {
    name: '%YAML 9',
    given: `%YAML 9\n---\n${BAD}`,
    gives: refused('bad.yaml:1:7: this is not YAML: Unsupported YAML version 9; correct the directive or remove it'),
  },
  {
    name: '%YAML twice',
    given: `%YAML 1.1\n%YAML 1.1\n---\n${BAD}`,
    gives: denied('web: denied, node-port-range 12:17'),
  },
  {
    name: '%YAML without a separator',
    given: `%YAML 1.1\n${BAD}`,
    gives: refused(
      'bad.yaml:2:1: this is not YAML: Missing directives-end/doc-start indicator line; write --- behind the directive',
    ),
  },
  { name: 'an unknown directive', given: `%HELM 3\n---\n${BAD}`, gives: denied('web: denied, node-port-range 11:17') },
  {
    name: '%TAG that gives a tag another name',
    given: `%TAG !b! tag:yaml.org,2002:\n---\n${changed(['NodePort', '!b!binary Tm9kZVBvcnQ='], ['30080', '22'])}`,
    gives: denied('web: denied, node-port-range 11:17'),
  },
  {
    name: '%TAG without a prefix',
    given: `%TAG !b!\n---\n${BAD}`,
    gives: refused(
      'bad.yaml:1:1: this is not YAML: %TAG directive should contain exactly two parts; correct the directive or remove it',
    ),
  },
  {
    name: 'a bad document between good ones',
    given: `${GOOD}---\n${numbered('"30080"')}---\n${OTHER}`,
    gives: refusedBeside(
      ['web: allowed', 'api: denied, node-port-range 29:17'],
      'bad.yaml:19:17: spec.ports[0].nodePort: "30080" is a string; write a whole number',
    ),
  },
  {
    name: 'a broken document between good ones',
    given: `${GOOD}---\n${numbered('"30080')}---\n${OTHER}`,
    gives: refusedBeside(
      ['web: allowed', 'api: denied, node-port-range 29:17'],
      'bad.yaml:19:23: this is not YAML: Missing closing "quote; close the quote',
    ),
  },
  {
    name: 'a template between good documents',
    given: `${GOOD}---\n${numbered('{{ .Values.port }}')}---\n${OTHER}`,
    gives: refusedBeside(
      ['web: allowed', 'api: denied, node-port-range 29:17'],
      'bad.yaml:19:17: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'thirty broken documents',
    given: `${numbered('[')}---\n`.repeat(30),
    gives: refused(
      ...many(
        20,
        (at) =>
          `bad.yaml:${9 + 10 * at}:18: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket`,
      ),
    ),
  },
  { name: 'the last line without its end', given: BAD.trimEnd(), gives: denied('web: denied, node-port-range 9:17') },
  {
    name: 'a thousand empty lines before',
    given: `${'\n'.repeat(1000)}${BAD}`,
    gives: denied('web: denied, node-port-range 1009:17'),
  },
];
