import {
  changed,
  denied,
  GOOD,
  GOOD_JSON,
  many,
  numbered,
  passed,
  refused,
  refusedBeside,
  type Situation,
} from './situation.ts';

const ITEM = GOOD_JSON;
const BAD_ITEM = GOOD_JSON.replace('30080', '"30080"');

function list(items: string): string {
  return `apiVersion: v1\nkind: List\nitems: ${items}\n`;
}

function nested(levels: number): string {
  let inner = ITEM.replace('30080', '22');
  for (let level = 0; level < levels; level += 1) inner = `{"apiVersion":"v1","kind":"List","items":[${inner}]}`;
  return inner;
}

function review(request: string): string {
  return `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"${request}}`;
}

const REQUEST = `{"uid":"1","operation":"CREATE","namespace":"default","name":"web","userInfo":{"username":"eve"},
"kind":{"group":"","version":"v1","kind":"Service"},"resource":{"group":"","version":"v1","resource":"services"},
"object":${ITEM.replace('30080', '22')}}`;

/** Objects that are none, are others than they seem, or come in odd containers. */
export const OBJECTS: readonly Situation[] = [
  {
    name: 'no kind',
    given: changed(['kind: Service\n', '']),
    gives: refused('bad.yaml:1:1: kind: this is missing; write it, as in kind: Service'),
  },
  {
    name: 'no apiVersion',
    given: changed(['apiVersion: v1\n', '']),
    gives: refused('bad.yaml:1:1: apiVersion: this is missing; write it, as in apiVersion: v1'),
  },
  { name: 'neither kind nor apiVersion', given: changed(['apiVersion: v1\nkind: Service\n', '']), gives: passed() },
  {
    name: 'kind: null',
    given: changed(['kind: Service', 'kind: # Service']),
    gives: refused('bad.yaml:2:1: kind: this is missing; write it, as in kind: Service'),
  },
  {
    name: 'kind is a number',
    given: changed(['kind: Service', 'kind: 5 # Service']),
    gives: refused('bad.yaml:2:7: kind: 5 is a number; write it, as in kind: Service'),
  },
  {
    name: 'kind is a list',
    given: changed(['kind: Service', 'kind: [Service]']),
    gives: refused('bad.yaml:2:7: kind: this is a list; write it, as in kind: Service'),
  },
  { name: 'kind in lower case', given: changed(['kind: Service', 'kind: service']), gives: passed() },
  { name: 'kind in the plural', given: changed(['kind: Service', 'kind: Services']), gives: passed() },
  { name: 'kind with a space', given: changed(['kind: Service', 'kind: "Service "']), gives: passed() },
  {
    name: 'Kind for kind',
    given: changed(['kind: Service', 'Kind: Service']),
    gives: refused('bad.yaml:1:1: kind: this is missing; write it, as in kind: Service'),
  },
  {
    name: 'apiVersion is a number',
    given: changed(['apiVersion: v1', 'apiVersion: 1']),
    gives: refused('bad.yaml:1:13: apiVersion: 1 is a number; write it, as in apiVersion: v1'),
  },
  { name: 'apiVersion: v1beta1', given: changed(['apiVersion: v1', 'apiVersion: v1beta1']), gives: passed() },
  { name: 'apiVersion in upper case', given: changed(['apiVersion: v1', 'apiVersion: V1']), gives: passed() },
  { name: 'apiVersion with a group', given: changed(['apiVersion: v1', 'apiVersion: core/v1']), gives: passed() },
  {
    name: 'apiVersion over an object',
    given: changed(['apiVersion: v1', 'apiVersion: {v: 1}']),
    gives: refused('bad.yaml:1:13: apiVersion: this is an object; write it, as in apiVersion: v1'),
  },
  {
    name: 'a Service of Knative',
    given: changed(['apiVersion: v1', 'apiVersion: serving.knative.dev/v1']),
    gives: passed(),
  },
  {
    name: 'a text',
    given: 'Service NodePort nodePort\n',
    gives: refused('bad.yaml: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'a number',
    given: '30080\n',
    gives: refused('bad.yaml: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  { name: 'a list of numbers', given: '[1, 2]\n', gives: passed() },
  {
    name: 'a list of Services',
    given: `[${ITEM}]`,
    gives: refused('bad.yaml:1:1: this is a list of objects; put them into a List, as its items'),
  },
  {
    name: 'a block list of Services',
    given: GOOD.replace(/^/gm, '  ').replace(' ', '-'),
    gives: refused('bad.yaml:1:1: this is a list of objects; put them into a List, as its items'),
  },
  { name: 'a List without items', given: 'apiVersion: v1\nkind: List # Service NodePort\n', gives: passed() },
  { name: 'a List with items: null', given: list('null # Service NodePort'), gives: passed() },
  {
    name: 'a List with items: {}',
    given: list('{} # Service NodePort'),
    gives: refused('bad.yaml:3:8: items: this is an object; write a list of objects'),
  },
  {
    name: 'a List with a text as items',
    given: list('Service NodePort'),
    gives: refused('bad.yaml:3:8: items: "Service NodePort" is a string; write a list of objects'),
  },
  {
    name: 'a List with a null item',
    given: list(`[null, ${ITEM}]`),
    gives: refusedBeside(
      ['web: allowed'],
      'bad.yaml:3:9: items[0]: this is missing; send a Service, a List or an AdmissionReview',
    ),
  },
  {
    name: 'a List with a text item',
    given: list(`[Service, ${ITEM}]`),
    gives: refusedBeside(
      ['web: allowed'],
      'bad.yaml:3:9: items[0]: "Service" is a string; send a Service, a List or an AdmissionReview',
    ),
  },
  {
    name: 'a List with a list as an item',
    given: list(`[[${ITEM}]]`),
    gives: refused('bad.yaml:3:9: items[0]: this is a list; send a Service, a List or an AdmissionReview'),
  },
  {
    name: 'a List with an empty item',
    given: list(`[{}, ${ITEM}]`),
    gives: refusedBeside(
      ['web: allowed'],
      'bad.yaml:3:9: items[0].apiVersion: this is missing; write it, as in apiVersion: v1',
      'bad.yaml:3:9: items[0].kind: this is missing; write it, as in kind: Service',
    ),
  },
  {
    name: 'a List with a bad item in the middle',
    given: list(`[${ITEM}, ${BAD_ITEM}, ${ITEM.replace('30080', '22')}]`),
    gives: refusedBeside(
      ['web: allowed', 'web: denied, node-port-range 3:390'],
      'bad.yaml:3:258: spec.ports[0].nodePort: "30080" is a string; write a whole number',
    ),
  },
  {
    name: 'a List with thirty bad items',
    given: list(`[${`${BAD_ITEM}, `.repeat(30)}]`),
    gives: refused(
      ...many(
        30,
        (at) => `bad.yaml:3:${128 + 132 * at}: spec.ports[0].nodePort: "30080" is a string; write a whole number`,
      ),
    ),
  },
  { name: 'Lists in Lists, ten deep', given: nested(10), gives: denied('web: denied, node-port-range 1:540') },
  {
    name: 'Lists in Lists, sixty deep',
    given: nested(60),
    gives: refused('bad.yaml:1:1: the input is nested deeper than 100 levels; send a Kubernetes object'),
  },
  {
    name: 'a ServiceList whose items do not say what they are',
    given: `apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80, nodePort: 22}]}}]\n`,
    gives: denied('web: denied, node-port-range 3:85'),
  },
  {
    name: 'a ServiceList of Deployments',
    given: `apiVersion: v1\nkind: ServiceList\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {nodePort: 22}}]\n`,
    gives: passed('web: allowed'),
  },
  {
    name: 'a ServiceList with a null item',
    given: `apiVersion: v1\nkind: ServiceList\nitems: [null] # NodePort\n`,
    gives: refused('bad.yaml:3:9: items[0]: this is missing; send a Service, a List or an AdmissionReview'),
  },
  { name: 'the same Service twice', given: `${GOOD}---\n${GOOD}`, gives: passed('web: allowed', 'web: allowed') },
  {
    name: 'two Services with one port',
    given: `${GOOD}---\n${changed(['web', 'api'])}`,
    gives: denied('web: allowed', 'api: denied, node-port-conflict 19:17'),
  },
  {
    name: 'an AdmissionReview',
    given: review(`,"request":${REQUEST}`),
    gives: denied('web: denied, node-port-range 3:129'),
  },
  {
    name: 'an AdmissionReview without a request',
    given: review(''),
    gives: refused('bad.yaml:1:1: request: this is missing; send an AdmissionReview of admission.k8s.io/v1'),
  },
  {
    name: 'an AdmissionReview with request: null',
    given: review(',"request":null'),
    gives: refused('bad.yaml:1:72: request: this is missing; send an AdmissionReview of admission.k8s.io/v1'),
  },
  {
    name: 'an AdmissionReview with an empty request',
    given: review(',"request":{}'),
    gives: refused(
      'bad.yaml:1:62: request.uid: this is missing; send a uid, it comes back in the answer',
      'bad.yaml:1:62: request.operation: this is missing; send CREATE or UPDATE',
      'bad.yaml:1:62: request.resource: this is missing; send group, version and resource',
    ),
  },
  {
    name: 'an AdmissionReview with a text as its request',
    given: review(',"request":"x"'),
    gives: refused('bad.yaml:1:72: request: "x" is a string; send an AdmissionReview of admission.k8s.io/v1'),
  },
  {
    name: 'an AdmissionReview without an object',
    given: review(`,"request":${REQUEST.replace('"object"', '"x"')}`),
    gives: refused('bad.yaml:1:62: request.object: this is missing; CREATE of a Service needs it'),
  },
  {
    name: 'an AdmissionReview with a bad object',
    given: review(`,"request":${REQUEST.replace(':22', ':"22"')}`),
    gives: refused('bad.yaml:3:129: request.object.spec.ports[0].nodePort: "22" is a string; write a whole number'),
  },
  {
    name: 'an AdmissionReview of an unknown operation',
    given: review(`,"request":${REQUEST.replace('CREATE', 'PATCH')}`),
    gives: passed(),
  },
  {
    name: 'an AdmissionReview of v1beta1',
    given: review(`,"request":${REQUEST}`).replace('k8s.io/v1', 'k8s.io/v1beta1'),
    gives: refused(
      'bad.yaml:1:1: this is no AdmissionReview of admission.k8s.io/v1; send an AdmissionReview of admission.k8s.io/v1',
    ),
  },
  {
    name: 'an AdmissionReview of another group',
    given: review(`,"request":${REQUEST}`).replace('admission.', 'admission2.'),
    gives: passed(),
  },
  {
    name: 'an AdmissionReview that is cut off',
    given: review(`,"request":${REQUEST}`).slice(0, -40),
    gives: refused('bad.yaml:3:97: this is not JSON: it ends without the closing }; complete it'),
  },
  {
    name: 'an AdmissionReview of a ConfigMap',
    given: review(`,"request":${REQUEST.replaceAll('"Service"', '"ConfigMap"').replace('services', 'configmaps')}`),
    gives: passed(),
  },
  {
    name: 'a Pod whose hostPort is a text',
    given:
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, ports: [{containerPort: 80, hostPort: "80"}]}]}\n',
    gives: refused('bad.yaml:4:69: spec.containers[0].ports[0].hostPort: "80" is a string; write a whole number'),
  },
  {
    name: 'a Pod whose containers are an object',
    given: 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: {hostPort: 80}}\n',
    gives: passed('web: allowed'),
  },
  {
    name: 'a Deployment whose template is a text',
    given: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: hostPort}\n',
    gives: passed('web: allowed'),
  },
  {
    name: 'a Deployment without a template',
    given: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {} # hostPort\n',
    gives: passed('web: allowed'),
  },
  {
    name: 'a Pod with a hostPort of 70000',
    given:
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, ports: [{containerPort: 80, hostPort: 70000}]}]}\n',
    gives: passed('web: allowed'),
  },
  {
    name: 'broken YAML that cannot matter',
    given: `${numbered('22')}---\napiVersion: v1\nkind: ConfigMap\ndata: {a: [\n`,
    gives: denied('web: denied, node-port-range 9:17'),
  },
];
