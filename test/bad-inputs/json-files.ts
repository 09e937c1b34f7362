import { changed, denied, GOOD, GOOD_JSON, passed, refused, refusedBeside, type Situation } from './situation.ts';

const DENIED = GOOD_JSON.replace('30080', '22');
const LINES = JSON.stringify(JSON.parse(GOOD_JSON), null, 2);

/** JSON, or what somebody takes for it. */
export const JSON_FILES: readonly Situation[] = [
  {
    name: 'a comma too many',
    file: 'bad.json',
    given: LINES.replace('30080', '30080,'),
    gives: passed('web: allowed'),
  },
  {
    name: 'a comma missing',
    file: 'bad.json',
    given: LINES.replace('"v1",', '"v1"'),
    gives: refused('bad.json:3:3: this is not JSON: a comma is missing before this; write one'),
  },
  {
    name: 'a comment',
    file: 'bad.json',
    given: LINES.replace('30080', '22 // ssh'),
    gives: refused('bad.json:12:21: spec.ports[0].nodePort: "22 // ssh" is a string; write a whole number'),
  },
  {
    name: 'a comment of C',
    file: 'bad.json',
    given: LINES.replace('30080', '22 /* ssh */'),
    gives: refused('bad.json:12:21: spec.ports[0].nodePort: "22 /* ssh */" is a string; write a whole number'),
  },
  {
    name: 'a comment before everything',
    file: 'bad.json',
    given: `// made by hand\n${LINES}`,
    gives: refused(
      'bad.json:1:1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line',
    ),
  },
  {
    name: 'single quotes',
    file: 'bad.json',
    given: DENIED.replaceAll('"', "'"),
    gives: denied('web: denied, node-port-range 1:120'),
  },
  {
    name: 'keys without quotes',
    file: 'bad.json',
    given: DENIED.replaceAll(/"(\w+)":/g, '$1: '),
    gives: denied('web: denied, node-port-range 1:111'),
  },
  {
    name: 'a key twice',
    file: 'bad.json',
    given: LINES.replace('"nodePort"', '"nodePort": 22, "nodePort"'),
    gives: passed('web: allowed'),
  },
  {
    name: 'a key twice, the second escaped',
    file: 'bad.json',
    given: LINES.replace('"nodePort"', String.raw`"nodePort": 30080, "node\u0050ort": 22, "x"`),
    gives: denied('web: denied, api-server-rejects 12:54, node-port-range 12:45'),
  },
  {
    name: 'cut off',
    file: 'bad.json',
    given: LINES.slice(0, -20),
    gives: refused('bad.json:12:26: this is not JSON: it ends without the closing }; complete it'),
  },
  {
    name: 'cut off within a text',
    file: 'bad.json',
    given: DENIED.slice(0, DENIED.indexOf('rvice')),
    gives: refused(
      'bad.json:1:27: this is not JSON: the text that begins here has no end on its line; close the quote',
    ),
  },
  {
    name: 'one brace',
    file: 'bad.json',
    given: '{',
    gives: refused('bad.json:1:2: this is not YAML: Flow map must end with a }; close the bracket'),
  },
  {
    name: 'a brace too many',
    file: 'bad.json',
    given: `${DENIED}}`,
    gives: refusedBeside(
      ['web: denied, node-port-range 1:120'],
      'bad.json:1:126: this is not YAML: Unexpected flow-map-end token in YAML document: "}"; remove it, or quote the value',
    ),
  },
  {
    name: 'text behind it',
    file: 'bad.json',
    given: `${DENIED} and more`,
    gives: refusedBeside(['web: denied, node-port-range 1:120'], 'bad.json:1:127: this is no object; remove it'),
  },
  {
    name: 'NaN',
    file: 'bad.json',
    given: LINES.replace('30080', 'NaN'),
    gives: refused('bad.json:12:21: spec.ports[0].nodePort: "NaN" is a string; write a whole number'),
  },
  {
    name: 'undefined',
    file: 'bad.json',
    given: LINES.replace('30080', 'undefined'),
    gives: refused('bad.json:12:21: spec.ports[0].nodePort: "undefined" is a string; write a whole number'),
  },
  {
    name: 'a number with a leading zero',
    file: 'bad.json',
    given: LINES.replace('30080', '030080'),
    gives: passed('web: allowed'),
  },
  {
    name: 'a number of 400 digits',
    file: 'bad.json',
    given: LINES.replace('30080', '9'.repeat(400)),
    gives: refused(
      'bad.json:12:21: spec.ports[0].nodePort: Infinity does not fit into 32 bits; write a number from -2147483648 to 2147483647',
    ),
  },
  {
    name: 'a byte order mark',
    file: 'bad.json',
    given: `\ufeff${DENIED}`,
    gives: denied('web: denied, node-port-range 1:120'),
  },
  {
    name: 'a lone surrogate',
    file: 'bad.json',
    given: DENIED.replace('web', String.raw`w\ud800b`),
    gives: denied('w\ud800b: denied, api-server-rejects 1:56, node-port-range 1:125'),
  },
  {
    name: 'a line end in a text',
    file: 'bad.json',
    given: DENIED.replace('web', 'w\nb'),
    gives: denied('w b: denied, api-server-rejects 1:56, node-port-range 2:62'),
  },
  {
    name: 'a tab in a text',
    file: 'bad.json',
    given: DENIED.replace('web', 'w\tb'),
    gives: denied('w\tb: denied, api-server-rejects 1:56, node-port-range 1:120'),
  },
  {
    name: '__proto__ as a key',
    file: 'bad.json',
    given: DENIED.replace('"name"', '"__proto__": {"a": 1}, "name"'),
    gives: refused('bad.json:1:1: "__proto__" is used as a key; remove it'),
  },
  {
    name: 'nested 5,000 levels deep',
    file: 'bad.json',
    given: DENIED.replace('"web"', `${'['.repeat(5000)}${']'.repeat(5000)}`),
    gives: refused('bad.json:1:1: the input is nested deeper than 100 levels; send a Kubernetes object'),
  },
  {
    name: 'two objects in a file',
    file: 'bad.json',
    given: `${DENIED}${GOOD_JSON.replace('web', 'api')}`,
    gives: denied('web: denied, node-port-range 1:120', 'api: allowed'),
  },
  {
    name: 'two objects with a comma between',
    file: 'bad.json',
    given: `${DENIED},${GOOD_JSON}`,
    gives: refusedBeside(
      ['web: denied, node-port-range 1:120'],
      'bad.json:1:126: this is not YAML: Plain value cannot start with flow indicator character ,; quote the value',
    ),
  },
  {
    name: 'JSON Lines',
    file: 'bad.jsonl',
    given: `${GOOD_JSON}\n${DENIED.replace('web', 'api')}\n`,
    gives: denied('web: allowed', 'api: denied, node-port-range 2:120'),
  },
  {
    name: 'JSON Lines with a broken one in the middle',
    file: 'bad.jsonl',
    given: `${DENIED}\n${GOOD_JSON.slice(0, 60)}\n${DENIED.replace('web', 'api')}\n`,
    gives: refusedBeside(
      ['web: denied, node-port-range 1:120'],
      'bad.jsonl:3:1: this is not JSON: a comma is missing before this; write one',
    ),
  },
  {
    name: 'JSON Lines with an empty line',
    file: 'bad.jsonl',
    given: `${GOOD_JSON}\n\n${DENIED.replace('web', 'api')}\n`,
    gives: denied('web: allowed', 'api: denied, node-port-range 3:120'),
  },
  {
    name: 'JSON behind a separator of YAML',
    file: 'bad.json',
    given: `---\n${DENIED}\n`,
    gives: denied('web: denied, node-port-range 2:120'),
  },
  {
    name: 'YAML in a file for JSON',
    file: 'bad.json',
    given: changed(['30080', '22']),
    gives: denied('web: denied, node-port-range 9:17'),
  },
  { name: 'JSON and then YAML', given: `${GOOD_JSON}\n${GOOD}`, gives: passed('web: allowed', 'web: allowed') },
  { name: 'an empty object', file: 'bad.json', given: '{}', gives: passed() },
  { name: 'an empty list', file: 'bad.json', given: '[]', gives: passed() },
  {
    name: 'null',
    file: 'bad.json',
    given: 'null',
    gives: refused('bad.json: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'a package.json',
    file: 'package.json',
    given: '{"name": "web", "version": "1.0.0", "kind": "Service"}',
    gives: passed(),
  },
  {
    name: 'a Status of the API server',
    file: 'bad.json',
    given: '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"services is forbidden","code":403}',
    gives: passed(),
  },
];
