import { changed, denied, numbered, passed, refused, type Situation } from './situation.ts';

/** What people write for a number. */
export const NUMBERS: readonly Situation[] = [
  {
    name: 'nodePort: 30080.5',
    given: numbered('30080.5'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: 30080.5 is not whole; write a whole number'),
  },
  { name: 'nodePort: 30080.0', given: numbered('30080.0'), gives: passed('web: allowed') },
  { name: 'nodePort: 3.008e4', given: numbered('3.008e4'), gives: passed('web: allowed') },
  { name: 'nodePort: 1e5', given: numbered('1e5'), gives: denied('web: denied, node-port-range 9:17') },
  { name: 'nodePort: 3e4', given: numbered('3e4'), gives: passed('web: allowed') },
  { name: 'nodePort: 2147483647', given: numbered('2147483647'), gives: denied('web: denied, node-port-range 9:17') },
  {
    name: 'nodePort: 2147483648',
    given: numbered('2147483648'),
    gives: refused(
      'bad.yaml:9:17: spec.ports[0].nodePort: 2147483648 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
    ),
  },
  {
    name: 'nodePort: -2147483649',
    given: numbered('-2147483649'),
    gives: refused(
      'bad.yaml:9:17: spec.ports[0].nodePort: -2147483649 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
    ),
  },
  {
    name: 'nodePort: 9007199254740993',
    given: numbered('9007199254740993'),
    gives: refused(
      'bad.yaml:9:17: spec.ports[0].nodePort: 9007199254740992 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
    ),
  },
  {
    name: 'nodePort: 1e400',
    given: numbered('1e400'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "1e400" is a string; write a whole number'),
  },
  { name: 'nodePort: -1', given: numbered('-1'), gives: denied('web: denied, node-port-range 9:17') },
  { name: 'nodePort: -0', given: numbered('-0'), gives: denied('web: denied, null-node-port 9:17') },
  { name: 'nodePort: 0', given: numbered('0'), gives: denied('web: denied, null-node-port 9:17') },
  { name: 'nodePort: 65536', given: numbered('65536'), gives: denied('web: denied, node-port-range 9:17') },
  { name: 'nodePort: 70000', given: numbered('70000'), gives: denied('web: denied, node-port-range 9:17') },
  {
    name: 'nodePort: "30080"',
    given: numbered('"30080"'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080" is a string; write a whole number'),
  },
  {
    name: "nodePort: '30080'",
    given: numbered("'30080'"),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080" is a string; write a whole number'),
  },
  {
    name: 'nodePort: ""',
    given: numbered('""'),
    gives: denied('web: denied, api-server-rejects 9:17, null-node-port 9:17'),
  },
  {
    name: 'nodePort: " 30080"',
    given: numbered('" 30080"'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: " 30080" is a string; write a whole number'),
  },
  { name: 'nodePort: 30_080', given: numbered('30_080'), gives: passed('web: allowed') },
  { name: 'nodePort: 072560', given: numbered('072560'), gives: passed('web: allowed') },
  { name: 'nodePort: 0o72560', given: numbered('0o72560'), gives: passed('web: allowed') },
  { name: 'nodePort: 0777', given: numbered('0777'), gives: denied('web: denied, node-port-range 9:17') },
  { name: 'nodePort: 030080', given: numbered('030080'), gives: passed('web: allowed') },
  { name: 'nodePort: 0x7580', given: numbered('0x7580'), gives: passed('web: allowed') },
  { name: 'nodePort: 0b111010110000000', given: numbered('0b111010110000000'), gives: passed('web: allowed') },
  {
    name: 'nodePort: 8:21:20',
    given: numbered('8:21:20'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "8:21:20" is a string; write a whole number'),
  },
  { name: 'nodePort: +30080', given: numbered('+30080'), gives: passed('web: allowed') },
  {
    name: 'nodePort: .inf',
    given: numbered('.inf'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: ".inf" is a string; write a whole number'),
  },
  {
    name: 'nodePort: -.Inf',
    given: numbered('-.Inf'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "-.Inf" is a string; write a whole number'),
  },
  {
    name: 'nodePort: .nan',
    given: numbered('.nan'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: ".nan" is a string; write a whole number'),
  },
  {
    name: 'nodePort: NaN',
    given: numbered('NaN'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "NaN" is a string; write a whole number'),
  },
  {
    name: 'nodePort: Infinity',
    given: numbered('Infinity'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "Infinity" is a string; write a whole number'),
  },
  { name: 'nodePort: ~', given: numbered('~'), gives: denied('web: denied, null-node-port 9:17') },
  { name: 'nodePort: null', given: numbered('null'), gives: denied('web: denied, null-node-port 9:17') },
  { name: 'nodePort: Null', given: numbered('Null'), gives: denied('web: denied, null-node-port 9:17') },
  { name: 'nodePort: nothing', given: numbered(''), gives: denied('web: denied, null-node-port 9:7') },
  {
    name: 'nodePort: true',
    given: numbered('true'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: true is a boolean; write a whole number'),
  },
  {
    name: 'nodePort: yes',
    given: numbered('yes'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: true is a boolean; write a whole number'),
  },
  {
    name: 'nodePort: on',
    given: numbered('on'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: true is a boolean; write a whole number'),
  },
  {
    name: 'nodePort: []',
    given: numbered('[]'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: this is a list; write a whole number'),
  },
  {
    name: 'nodePort: [30080]',
    given: numbered('[30080]'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: this is a list; write a whole number'),
  },
  {
    name: 'nodePort: {}',
    given: numbered('{}'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: this is an object; write a whole number'),
  },
  {
    name: 'nodePort: {{30080}}',
    given: numbered('{{30080}}'),
    gives: refused(
      'bad.yaml:9:17: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'nodePort: {number: 30080}',
    given: numbered('{number: 30080}'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: this is an object; write a whole number'),
  },
  {
    name: 'nodePort: 30080-30090',
    given: numbered('30080-30090'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080-30090" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 30080/TCP',
    given: numbered('30080/TCP'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080/TCP" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 30,080',
    given: numbered('30,080'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30,080" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 30 080',
    given: numbered('30 080'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30 080" is a string; write a whole number'),
  },
  {
    name: 'nodePort: http',
    given: numbered('http'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "http" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 2026-03-31',
    given: numbered('2026-03-31'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "2026-03-31" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 0x',
    given: numbered('0x'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "0x" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 1.2.3',
    given: numbered('1.2.3'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "1.2.3" is a string; write a whole number'),
  },
  {
    name: 'nodePort: ٣٠٠٨٠',
    given: numbered('٣٠٠٨٠'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "٣٠٠٨٠" is a string; write a whole number'),
  },
  {
    name: 'nodePort: 30080;',
    given: numbered('30080;'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080;" is a string; write a whole number'),
  },
  {
    name: 'nodePort: $PORT',
    given: numbered('$PORT'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "$PORT" is a string; write a whole number'),
  },
  { name: 'nodePort: 30080 # 22', given: numbered('30080 # 22'), gives: passed('web: allowed') },
  {
    name: 'nodePort: 30080# 22',
    given: numbered('30080# 22'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080# 22" is a string; write a whole number'),
  },
  { name: 'nodePort: !!float 30080', given: numbered('!!float 30080'), gives: passed('web: allowed') },
  { name: 'nodePort: !!int 0o72560', given: numbered('!!int 0o72560'), gives: passed('web: allowed') },
  {
    name: 'nodePort: |         30080',
    given: numbered('|\n        30080'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "30080\\u000a" is a string; write a whole number'),
  },
  {
    name: 'a number of 401 digits',
    given: numbered(`1${'0'.repeat(400)}`),
    gives: refused(
      'bad.yaml:9:17: spec.ports[0].nodePort: Infinity does not fit into 32 bits; write a number from -2147483648 to 2147483647',
    ),
  },
  { name: 'port: 0', given: changed(['80', '0']), gives: denied('web: denied, api-server-rejects 8:13') },
  { name: 'port: -1', given: changed(['80', '-1']), gives: denied('web: denied, api-server-rejects 8:13') },
  {
    name: 'port: "80"',
    given: changed(['port: 80', 'port: "80"']),
    gives: refused('bad.yaml:8:13: spec.ports[0].port: "80" is a string; write a whole number'),
  },
  {
    name: 'port: 80.5',
    given: changed(['port: 80', 'port: 80.5']),
    gives: refused('bad.yaml:8:13: spec.ports[0].port: 80.5 is not whole; write a whole number'),
  },
  {
    name: 'healthCheckNodePort: "30081"',
    given: changed(['ports:', 'healthCheckNodePort: "30081"\n  ports:']),
    gives: refused('bad.yaml:7:24: spec.healthCheckNodePort: "30081" is a string; write a whole number'),
  },
  {
    name: 'healthCheckNodePort: 22',
    given: changed(['ports:', 'healthCheckNodePort: 22\n  ports:']),
    gives: denied('web: denied, api-server-rejects 7:24, node-port-range 7:24'),
  },
  {
    name: 'healthCheckNodePort: null',
    given: changed(['ports:', 'healthCheckNodePort: null\n  ports:']),
    gives: denied('web: denied, null-node-port 7:24'),
  },
  {
    name: 'targetPort: [1]',
    given: changed(['port: 80', 'targetPort: [1]\n      port: 80']),
    gives: denied('web: denied, api-server-rejects 8:19'),
  },
];
