import {
  changed,
  denied,
  described,
  GOOD,
  many,
  numbered,
  passed,
  refused,
  refusedBeside,
  type Situation,
} from './situation.ts';

const SERVICE_HEAD = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n';

/** Text that is no YAML, or hardly. */
export const BROKEN_YAML: readonly Situation[] = [
  {
    name: 'cut off within a key',
    given: GOOD.slice(0, GOOD.indexOf('Port: 30080')),
    gives: refused(
      'bad.yaml:9:7: this is not YAML: Implicit map keys need to be followed by map values; write a colon and a space behind the key',
    ),
  },
  {
    name: 'cut off behind a key',
    given: GOOD.slice(0, GOOD.indexOf(': 30080')),
    gives: refused(
      'bad.yaml:9:7: this is not YAML: Implicit map keys need to be followed by map values; write a colon and a space behind the key',
    ),
  },
  {
    name: 'cut off within the number',
    given: GOOD.slice(0, GOOD.indexOf('080\n')),
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'cut off within the apiVersion',
    given: 'apiVers',
    gives: refused('bad.yaml: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  { name: 'cut off within the kind', given: 'apiVersion: v1\nkind: Serv', gives: passed() },
  {
    name: 'cut off within a double-quoted text',
    given: numbered('"30080').trimEnd(),
    gives: refused('bad.yaml:9:23: this is not YAML: Missing closing "quote; close the quote'),
  },
  {
    name: 'cut off within a single-quoted text',
    given: numbered("'30080").trimEnd(),
    gives: refused("bad.yaml:9:23: this is not YAML: Missing closing 'quote; close the quote"),
  },
  {
    name: 'cut off within a flow list',
    given: `${SERVICE_HEAD}spec: {type: NodePort, ports: [{port: 80`,
    gives: refused(
      'bad.yaml:4:41: this is not YAML: Flow map in block collection must be sufficiently indented and end with a }; close the bracket',
    ),
  },
  {
    name: 'cut off within a flow mapping',
    given: `${SERVICE_HEAD}spec: {type: NodePort, ports: [`,
    gives: refused(
      'bad.yaml:4:32: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; close the bracket',
    ),
  },
  {
    name: 'cut off behind an anchor',
    given: numbered('&port').trimEnd(),
    gives: denied('web: denied, null-node-port 9:7'),
  },
  {
    name: 'cut off within an escape',
    given: numbered(String.raw`"\u30`).trimEnd(),
    gives: refused(
      'bad.yaml:9:18: this is not YAML: Invalid escape sequence \\u30; write \\\\ for a backslash, or use single quotes',
    ),
  },
  {
    name: 'a quote that is never closed, with a document behind it',
    given: `${numbered('"30080')}---\n${GOOD}`,
    gives: refusedBeside(['web: allowed'], 'bad.yaml:9:23: this is not YAML: Missing closing "quote; close the quote'),
  },
  {
    name: 'a bracket too many',
    given: `${SERVICE_HEAD}spec: {type: NodePort, ports: []]}\n`,
    gives: refused(
      'bad.yaml:4:33: this is not YAML: Flow map in block collection must be sufficiently indented and end with a }; close the bracket',
    ),
  },
  {
    name: 'a brace too many',
    given: `${SERVICE_HEAD}spec: {type: NodePort}}\n`,
    gives: refused(
      'bad.yaml:4:23: this is not YAML: Unexpected flow-map-end token in YAML stream: "}"; remove it, or quote the value',
    ),
  },
  {
    name: 'no comma in a flow mapping',
    given: `${SERVICE_HEAD}spec: {type: NodePort ports: []}\n`,
    gives: refused(
      'bad.yaml:4:14: this is not YAML: Block collections are not allowed within flow collections; separate the items with commas',
    ),
  },
  {
    name: 'a tab as indentation',
    given: changed(['  type: NodePort', '\ttype: NodePort']),
    gives: refused('bad.yaml:6:1: this is not YAML: Tabs are not allowed as indentation; indent with spaces'),
  },
  {
    name: 'tabs as all indentation',
    given: GOOD.replaceAll('    ', '\t\t').replaceAll('  ', '\t'),
    gives: refused('bad.yaml:4:1: this is not YAML: Tabs are not allowed as indentation; indent with spaces'),
  },
  {
    name: 'a tab behind spaces as indentation',
    given: changed(['      nodePort', '    \tnodePort']),
    gives: refused(
      'bad.yaml:9:1: this is not YAML: All mapping items must start at the same column; indent it as the lines before',
    ),
  },
  { name: 'a tab behind a colon', given: numbered('\t30080'), gives: passed('web: allowed') },
  {
    name: 'indented one space less',
    given: changed(['      nodePort', '     nodePort']),
    gives: refused(
      'bad.yaml:9:1: this is not YAML: Sequence item without - indicator; write a dash before it, or indent it as the lines before',
    ),
  },
  {
    name: 'indented one space more',
    given: changed(['      nodePort', '       nodePort']),
    gives: refused(
      'bad.yaml:8:13: this is not YAML: Nested mappings are not allowed in compact mappings; quote the value, or indent it as the lines before',
    ),
  },
  {
    name: 'spec indented under metadata by accident',
    given: GOOD.replace('spec:', ' spec:'),
    gives: refused(
      'bad.yaml:5:1: this is not YAML: All mapping items must start at the same column; indent it as the lines before',
    ),
  },
  {
    name: 'no space behind a colon',
    given: changed(['nodePort: ', 'nodePort:']),
    gives: refused(
      'bad.yaml:9:7: this is not YAML: Implicit map keys need to be followed by map values; write a colon and a space behind the key',
    ),
  },
  {
    name: 'no space behind a dash',
    given: changed(['- port', '-port']),
    gives: refused(
      'bad.yaml:8:12: this is not YAML: Nested mappings are not allowed in compact mappings; quote the value, or indent it as the lines before',
    ),
  },
  {
    name: 'no colon',
    given: changed(['nodePort:', 'nodePort']),
    gives: refused(
      'bad.yaml:9:7: this is not YAML: Implicit map keys need to be followed by map values; write a colon and a space behind the key',
    ),
  },
  {
    name: 'an equals sign for a colon',
    given: changed(['nodePort: ', 'nodePort=']),
    gives: refused(
      'bad.yaml:9:7: this is not YAML: Implicit map keys need to be followed by map values; write a colon and a space behind the key',
    ),
  },
  {
    name: 'two colons in a line',
    given: changed(['name: web', 'name: web: shop']),
    gives: refused(
      'bad.yaml:4:9: this is not YAML: Nested mappings are not allowed in compact mappings; quote the value, or indent it as the lines before',
    ),
  },
  {
    name: 'a typographic quote',
    given: numbered('“30080”'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "“30080”" is a string; write a whole number'),
  },
  {
    name: 'a typographic space before a key',
    given: changed(['  type', '\u00a0 type']),
    gives: refused(
      'bad.yaml:6:9: this is not YAML: Nested mappings are not allowed in compact mappings; quote the value, or indent it as the lines before',
    ),
  },
  {
    name: 'a merge conflict',
    given: numbered('30080\n<<<<<<< HEAD\n      name: a\n=======\n      name: b\n>>>>>>> main'),
    gives: refused(
      'bad.yaml:10:1: this is not YAML: Implicit keys need to be on a single line; finish the merge that git began here',
    ),
  },
  {
    name: 'a reserved character',
    given: numbered('@30080'),
    gives: refused(
      'bad.yaml:9:17: this is not YAML: Plain value cannot start with reserved character @; quote the value',
    ),
  },
  {
    name: 'a backtick',
    given: numbered('`30080`'),
    gives: refused(
      'bad.yaml:9:17: this is not YAML: Plain value cannot start with reserved character `; quote the value',
    ),
  },
  {
    name: 'a percent sign',
    given: numbered('%30080'),
    gives: refused(
      'bad.yaml:9:17: this is not YAML: Plain value cannot start with directive indicator character %; quote the value',
    ),
  },
  {
    name: 'an unknown escape',
    given: changed(['name: web', String.raw`name: "w\eb\q"`]),
    gives: refused(
      'bad.yaml:4:14: this is not YAML: Invalid escape sequence \\q; write \\\\ for a backslash, or use single quotes',
    ),
  },
  {
    name: 'a key twice',
    given: numbered('30080\n      nodePort: 30081'),
    gives: refused('bad.yaml:10:7: "nodePort" is there twice; remove one'),
  },
  {
    name: 'a key twice, once in quotes',
    given: numbered('30080\n      "nodePort": 22'),
    gives: refused('bad.yaml:10:7: "nodePort" is there twice; remove one'),
  },
  {
    name: 'spec twice',
    given: `${GOOD}spec: {type: ClusterIP}\n`,
    gives: refused('bad.yaml:10:1: "spec" is there twice; remove one'),
  },
  {
    name: 'a key 10,000 times',
    given: `${GOOD}${'kind: Service\n'.repeat(10_000)}`,
    gives: refused(
      ...many(20, (at) => `bad.yaml:${at + 10}:1: "kind" is there twice; remove one, or put --- between two objects`),
    ),
  },
  {
    name: 'an alias of nothing',
    given: numbered('*port'),
    gives: refused('bad.yaml:9:17: *port stands for nothing before it; write the value out'),
  },
  {
    name: 'an alias of what comes later',
    given: `${changed(['port: 80', 'port: *later'])}      name: &later http\n`,
    gives: refused('bad.yaml:8:13: *later stands for nothing before it; write the value out'),
  },
  {
    name: 'an alias of what holds it',
    given: described('  labels: &all\n    all: *all\n'),
    gives: refused('bad.yaml:6:10: *all stands for nothing before it; write the value out'),
  },
  {
    name: 'an anchor twice',
    given: changed(['port: 80', 'port: &a 80'], ['30080', '&a 22\n      targetPort: *a']),
    gives: denied('web: denied, node-port-range 9:20'),
  },
  {
    name: 'a number by an alias',
    given: changed(['port: 80', 'port: &a 80'], ['30080', '*a']),
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'an alias across documents',
    given: `${changed(['port: 80', 'port: &a 80'])}---\n${numbered('*a')}`,
    gives: refusedBeside(['web: allowed'], 'bad.yaml:19:17: *a stands for nothing before it; write the value out'),
  },
  {
    name: 'a merge of a number',
    given: described('  <<: 80\n'),
    gives: refused('bad.yaml:5:7: << takes a mapping or a list of mappings; write one'),
  },
  {
    name: 'a merge of a text',
    given: described('  <<: web\n'),
    gives: refused('bad.yaml:5:7: << takes a mapping or a list of mappings; write one'),
  },
  {
    name: 'a merge of a list of texts',
    given: described('  <<: [web]\n'),
    gives: refused('bad.yaml:5:8: << takes a mapping or a list of mappings; write one'),
  },
  {
    name: 'a merge of nothing',
    given: described('  <<:\n'),
    gives: refused('bad.yaml:5:6: << takes a mapping or a list of mappings; write one'),
  },
  {
    name: 'two merges',
    given: described('  <<: {labels: {a: b}}\n  <<: {annotations: {a: b}}\n'),
    gives: passed('web: allowed'),
  },
  {
    name: 'a port from a merge',
    given: `x: &x {nodePort: 22}\n${changed(['nodePort: 30080', '<<: *x'])}`,
    gives: denied('web: denied, api-server-rejects 1:7, node-port-range 1:18'),
  },
  {
    name: 'a mapping as a key',
    given: described('  ? {a: b}\n  : c\n'),
    gives: refused('bad.yaml:5:5: a list or mapping is used as a key; write a plain key'),
  },
  {
    name: 'a list as a key',
    given: described('  [a, b]: c\n'),
    gives: refused('bad.yaml:5:3: this is not YAML: Map comment with trailing content; correct this line'),
  },
  {
    name: 'null as a key',
    given: described('  ~: c\n'),
    gives: refused('bad.yaml:5:3: a key is not plain text; quote it'),
  },
  {
    name: 'an empty key',
    given: described('  : c\n'),
    gives: refused('bad.yaml:5:1: a key is not plain text; quote it'),
  },
  {
    name: '__proto__ as a key',
    given: described('  __proto__: {polluted: true}\n'),
    gives: refused('bad.yaml:5:3: "__proto__" is no key of any document; remove it'),
  },
  {
    name: 'constructor as a key',
    given: described('  constructor: {prototype: {polluted: true}}\n'),
    gives: denied('web: denied, api-server-rejects 5:16'),
  },
  {
    name: 'a tag for objects of Python',
    given: numbered('!!python/object/apply:os.system ["id"]'),
    gives: refused('bad.yaml:9:49: spec.ports[0].nodePort: this is a list; write a whole number'),
  },
  {
    name: 'a tag of CloudFormation',
    given: numbered('!Ref NodePort'),
    gives: refused('bad.yaml:9:22: spec.ports[0].nodePort: "NodePort" is a string; write a whole number'),
  },
  { name: 'a tag for a number in quotes', given: numbered('!!int "30080"'), gives: passed('web: allowed') },
  {
    name: 'a tag for text',
    given: numbered('!!str 30080'),
    gives: refused('bad.yaml:9:23: spec.ports[0].nodePort: "30080" is a string; write a whole number'),
  },
  {
    name: 'a tag for base64',
    given: changed(['NodePort', '!!binary Tm9kZVBvcnQ='], ['30080', '22']),
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a tag for base64, and none',
    given: changed(['NodePort', '!!binary "@@@"']),
    gives: refused('bad.yaml:6:9: this is not YAML: !!binary takes base64; correct the value'),
  },
  {
    name: 'a tag that is not closed',
    given: numbered('!<tag 30080'),
    gives: refused('bad.yaml:9:17: this is not YAML: Verbatim tags must end with a >; close the bracket'),
  },
  { name: 'a set', given: described('  labels: !!set {a, b}\n'), gives: passed('web: allowed') },
  {
    name: 'a text over lines with a wrong indentation',
    given: described('  annotations:\n    a: |2\n   x\n'),
    gives: refused(
      'bad.yaml:7:1: this is not YAML: All mapping items must start at the same column; indent it as the lines before',
    ),
  },
  {
    name: 'a text over lines with a wrong header',
    given: described('  annotations:\n    a: |x\n      x\n'),
    gives: refused(
      'bad.yaml:6:9: this is not YAML: Block scalar header includes extra characters: |x; remove it, or quote the value',
    ),
  },
  {
    name: 'a folded text in the number',
    given: numbered('>\n        30080'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080\\u000a" is a string; write a whole number'),
  },
];
