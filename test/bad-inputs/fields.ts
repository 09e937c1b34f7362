import { changed, denied, described, many, passed, refused, type Situation } from './situation.ts';

const HEAD = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n';

/** Good YAML, but not of a Service. */
export const FIELDS: readonly Situation[] = [
  { name: 'no spec', given: HEAD, gives: passed() },
  { name: 'spec: null', given: `${HEAD}spec: null # NodePort\n`, gives: passed('web: allowed') },
  {
    name: 'spec is a text',
    given: `${HEAD}spec: NodePort\n`,
    gives: refused('bad.yaml:4:7: spec: "NodePort" is a string; write an object'),
  },
  {
    name: 'spec is a list',
    given: `${HEAD}spec: [NodePort]\n`,
    gives: refused('bad.yaml:4:7: spec: this is a list; write an object'),
  },
  {
    name: 'spec is a list of fields',
    given: `${HEAD}spec:\n  - type: NodePort\n  - ports: []\n`,
    gives: refused('bad.yaml:5:3: spec: this is a list; write an object'),
  },
  { name: 'spec is empty', given: `${HEAD}spec: {} # NodePort\n`, gives: passed('web: allowed') },
  { name: 'no ports', given: `${HEAD}spec: {type: NodePort}\n`, gives: denied('web: denied, api-server-rejects 4:1') },
  {
    name: 'ports: null',
    given: `${HEAD}spec: {type: NodePort, ports: null}\n`,
    gives: denied('web: denied, api-server-rejects 4:31'),
  },
  {
    name: 'ports: []',
    given: `${HEAD}spec: {type: NodePort, ports: []}\n`,
    gives: denied('web: denied, api-server-rejects 4:31'),
  },
  {
    name: 'ports is an object',
    given: `${HEAD}spec: {type: NodePort, ports: {port: 80}}\n`,
    gives: refused('bad.yaml:4:31: spec.ports: this is an object; write a list of ports'),
  },
  {
    name: 'ports is a text',
    given: `${HEAD}spec: {type: NodePort, ports: "80:30080"}\n`,
    gives: refused('bad.yaml:4:31: spec.ports: "80:30080" is a string; write a list of ports'),
  },
  {
    name: 'ports is a number',
    given: `${HEAD}spec: {type: NodePort, ports: 80}\n`,
    gives: refused('bad.yaml:4:31: spec.ports: 80 is a number; write a list of ports'),
  },
  {
    name: 'ports is a list of numbers',
    given: `${HEAD}spec: {type: NodePort, ports: [80, 443]}\n`,
    gives: refused(
      'bad.yaml:4:32: spec.ports[0]: 80 is a number; write an object with a port number',
      'bad.yaml:4:36: spec.ports[1]: 443 is a number; write an object with a port number',
    ),
  },
  {
    name: 'ports is a list of nulls',
    given: `${HEAD}spec: {type: NodePort, ports: [null, ~]}\n`,
    gives: refused(
      'bad.yaml:4:32: spec.ports[0]: this is missing; write an object with a port number',
      'bad.yaml:4:38: spec.ports[1]: this is missing; write an object with a port number',
    ),
  },
  {
    name: 'ports is a list of lists',
    given: `${HEAD}spec: {type: NodePort, ports: [[{port: 80}]]}\n`,
    gives: refused('bad.yaml:4:32: spec.ports[0]: this is a list; write an object with a port number'),
  },
  {
    name: 'an empty port',
    given: `${HEAD}spec: {type: NodePort, ports: [{}]}\n`,
    gives: denied('web: denied, api-server-rejects 4:32'),
  },
  {
    name: '20,001 ports',
    given: `${HEAD}spec: {type: NodePort, ports: [${'{port: 80}, '.repeat(20_001)}]}\n`,
    gives: refused('bad.yaml:4:31: spec.ports: 20001 ports are more than a Service can have; write at most 20000'),
  },
  {
    name: '30 ports that are wrong',
    given: `${HEAD}spec: {type: NodePort, ports: [${'80, '.repeat(30)}]}\n`,
    gives: refused(
      ...many(
        20,
        (at) => `bad.yaml:4:${32 + 4 * at}: spec.ports[${at}]: 80 is a number; write an object with a port number`,
      ),
    ),
  },
  {
    name: 'the dash forgotten',
    given: changed(['    - port', '      port']),
    gives: refused('bad.yaml:8:7: spec.ports: this is an object; write a list of ports'),
  },
  {
    name: 'a dash too many',
    given: changed(['      nodePort', '    - nodePort']),
    gives: denied('web: denied, api-server-rejects 8:7, api-server-rejects 9:7, api-server-rejects 9:7'),
  },
  {
    name: 'type in lower case',
    given: changed(['NodePort', 'nodePort']),
    gives: denied('web: denied, api-server-rejects 6:9'),
  },
  {
    name: 'type is a list',
    given: changed(['type: NodePort', 'type: [NodePort]']),
    gives: refused('bad.yaml:6:9: spec.type: this is a list; write a string'),
  },
  {
    name: 'type is a number',
    given: changed(['type: NodePort', 'type: 5']),
    gives: refused('bad.yaml:6:9: spec.type: 5 is a number; write a string'),
  },
  {
    name: 'type in quotes with a space',
    given: changed(['type: NodePort', 'type: "NodePort "']),
    gives: denied('web: denied, api-server-rejects 6:9'),
  },
  {
    name: 'type: null',
    given: changed(['type: NodePort', 'type: null']),
    gives: denied('web: denied, api-server-rejects 9:17'),
  },
  {
    name: 'protocol is a number',
    given: changed(['port: 80', 'port: 80\n      protocol: 6']),
    gives: refused('bad.yaml:9:17: spec.ports[0].protocol: 6 is a number; write a string'),
  },
  {
    name: 'protocol in lower case',
    given: changed(['port: 80', 'port: 80\n      protocol: tcp']),
    gives: denied('web: denied, api-server-rejects 9:17'),
  },
  {
    name: 'name of a port is a number',
    given: changed(['port: 80', 'port: 80\n      name: 80']),
    gives: refused('bad.yaml:9:13: spec.ports[0].name: 80 is a number; write a string'),
  },
  {
    name: 'nodePort in lower case',
    given: changed(['nodePort', 'nodeport']),
    gives: denied('web: denied, api-server-rejects 9:17'),
  },
  {
    name: 'nodePort beside its port',
    given: changed(['      nodePort', '  nodePort']),
    gives: denied('web: denied, api-server-rejects 9:13'),
  },
  {
    name: 'no metadata',
    given: changed(['metadata:\n  name: web\n', '']),
    gives: refused('bad.yaml:1:1: metadata.name: this is missing; write a name, or generateName'),
  },
  {
    name: 'metadata: null',
    given: changed(['metadata:\n  name: web\n', 'metadata:\n']),
    gives: refused('bad.yaml:3:1: metadata.name: this is missing; write a name, or generateName'),
  },
  {
    name: 'metadata is a list',
    given: changed(['  name: web', '  - name: web']),
    gives: refused('bad.yaml:4:3: metadata: this is a list; write an object'),
  },
  {
    name: 'metadata is a text',
    given: changed([':\n  name: web', ': web']),
    gives: refused('bad.yaml:3:11: metadata: "web" is a string; write an object'),
  },
  {
    name: 'name is empty',
    given: changed(['name: web', 'name: ""']),
    gives: refused('bad.yaml:4:9: metadata.name: this is missing; write a name, or generateName'),
  },
  {
    name: 'name is null',
    given: changed(['name: web', 'name:']),
    gives: refused('bad.yaml:4:3: metadata.name: this is missing; write a name, or generateName'),
  },
  {
    name: 'name is a number',
    given: changed(['name: web', 'name: 42']),
    gives: refused('bad.yaml:4:9: metadata.name: 42 is a number; write a string'),
  },
  {
    name: 'name is a boolean',
    given: changed(['name: web', 'name: on']),
    gives: refused('bad.yaml:4:9: metadata.name: true is a boolean; write a string'),
  },
  {
    name: 'name is a list',
    given: changed(['name: web', 'name: [web]']),
    gives: refused('bad.yaml:4:9: metadata.name: this is a list; write a string'),
  },
  {
    name: 'name over lines',
    given: changed(['name: web', String.raw`name: "web\n::error::gotcha"`], ['30080', '22']),
    gives: denied('web\n::error::gotcha: denied, api-server-rejects 4:9, node-port-range 9:17'),
  },
  {
    name: 'name is a path',
    given: changed(['name: web', 'name: ../../etc/passwd'], ['30080', '22']),
    gives: denied('../../etc/passwd: denied, api-server-rejects 4:9, node-port-range 9:17'),
  },
  {
    name: 'name in markup',
    given: changed(['name: web', 'name: <script>alert(1)</script>'], ['30080', '22']),
    gives: denied('<script>alert(1)</script>: denied, api-server-rejects 4:9, node-port-range 9:17'),
  },
  {
    name: 'generateName alone',
    given: changed(['name: web', 'generateName: web-'], ['30080', '22']),
    gives: denied('web-: denied, node-port-range 9:17'),
  },
  {
    name: 'namespace is a number',
    given: described('  namespace: 42\n'),
    gives: refused('bad.yaml:5:14: metadata.namespace: 42 is a number; write a string'),
  },
  {
    name: 'namespace is a list',
    given: described('  namespace: [shop]\n'),
    gives: refused('bad.yaml:5:14: metadata.namespace: this is a list; write a string'),
  },
  {
    name: 'namespace is an object',
    given: described('  namespace: {name: shop}\n'),
    gives: refused('bad.yaml:5:14: metadata.namespace: this is an object; write a string'),
  },
  {
    name: 'namespace with a line end',
    given: described('  namespace: "sh\\nop"\n').replace('30080', '22'),
    gives: denied('web: denied, api-server-rejects 5:14, node-port-range 10:17'),
  },
  {
    name: 'annotations is a list',
    given: described('  annotations: [a]\n'),
    gives: refused('bad.yaml:5:16: metadata.annotations: this is a list; write keys with strings'),
  },
  {
    name: 'annotations is a text',
    given: described('  annotations: a\n'),
    gives: refused('bad.yaml:5:16: metadata.annotations: "a" is a string; write keys with strings'),
  },
  {
    name: 'an annotation is a number',
    given: described('  annotations: {a: 1}\n'),
    gives: refused('bad.yaml:5:20: metadata.annotations[a]: 1 is a number; put it in quotes to make it a string'),
  },
  {
    name: 'an annotation is a boolean',
    given: described('  annotations: {a: yes}\n'),
    gives: refused('bad.yaml:5:20: metadata.annotations[a]: true is a boolean; put it in quotes to make it a string'),
  },
  {
    name: 'an annotation is an object',
    given: described('  annotations:\n    a:\n      b: c\n'),
    gives: refused('bad.yaml:7:7: metadata.annotations[a]: this is an object; put it in quotes to make it a string'),
  },
  { name: 'an annotation is null', given: described('  annotations: {a: }\n'), gives: passed('web: allowed') },
  {
    name: 'an annotation key with an escape sequence',
    given: described(String.raw`  annotations: {"\e[31m": 1}${'\n'}`),
    gives: refused(
      'bad.yaml:5:3: metadata.annotations[\\u001b[31m]: 1 is a number; put it in quotes to make it a string',
    ),
  },
  {
    name: 'a label is a number',
    given: described('  labels: {version: 1.0}\n'),
    gives: refused('bad.yaml:5:21: metadata.labels[version]: 1 is a number; put it in quotes to make it a string'),
  },
  {
    name: 'a selector is a list',
    given: changed(['ports:', 'selector: [web]\n  ports:']),
    gives: refused('bad.yaml:7:13: spec.selector: this is a list; write keys with strings'),
  },
  {
    name: 'a selector is a number',
    given: changed(['ports:', 'selector: {app: 1}\n  ports:']),
    gives: refused('bad.yaml:7:19: spec.selector[app]: 1 is a number; put it in quotes to make it a string'),
  },
  {
    name: 'externalIPs is a text',
    given: changed(['ports:', 'externalIPs: 10.0.0.1\n  ports:']),
    gives: refused('bad.yaml:7:16: spec.externalIPs: "10.0.0.1" is a string; write a list of strings'),
  },
  {
    name: 'externalTrafficPolicy is a boolean',
    given: changed(['ports:', 'externalTrafficPolicy: no\n  ports:']),
    gives: refused('bad.yaml:7:26: spec.externalTrafficPolicy: false is a boolean; write a string'),
  },
  {
    name: 'allocateLoadBalancerNodePorts is a text',
    given: changed(['ports:', 'allocateLoadBalancerNodePorts: "false"\n  ports:']),
    gives: refused('bad.yaml:7:34: spec.allocateLoadBalancerNodePorts: "false" is a string; write true or false'),
  },
  {
    name: 'loadBalancerSourceRanges is a text',
    given: changed(['ports:', 'loadBalancerSourceRanges: 10.0.0.0/8\n  ports:']),
    gives: refused('bad.yaml:7:29: spec.loadBalancerSourceRanges: "10.0.0.0/8" is a string; write a list of strings'),
  },
  {
    name: 'deletionTimestamp is a number',
    given: described('  deletionTimestamp: 0\n'),
    gives: refused('bad.yaml:5:22: metadata.deletionTimestamp: 0 is a number; write a string'),
  },
  {
    name: 'two faults in one Service',
    given: changed(['80', '"80"'], ['30080', '"30080"']),
    gives: refused(
      'bad.yaml:8:13: spec.ports[0].port: "80" is a string; write a whole number',
      'bad.yaml:9:17: spec.ports[0].nodePort: "30080" is a string; write a whole number',
    ),
  },
  {
    name: 'fifty faults in one Service',
    given: described(`  labels:\n${Array.from({ length: 50 }, (_, at) => `    a${at}: ${at}\n`).join('')}`),
    gives: refused(
      ...many(
        20,
        (at) =>
          `bad.yaml:${at + 6}:${at < 10 ? 9 : 10}: metadata.labels[a${at}]: ${at} is a number; put it in quotes to make it a string`,
      ),
    ),
  },
];
