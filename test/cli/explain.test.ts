import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { type Ran, runCommand } from '../support/command-line.ts';

const cwd = await mkdtemp(join(tmpdir(), 'nodeport-gate-explain-'));

afterAll(async () => {
  await rm(cwd, { recursive: true });
});

function explain(...args: readonly string[]): Promise<Ran> {
  return runCommand(['explain', ...args], { cwd });
}

describe('explain RULE', () => {
  it.each(rules.map(({ meta }) => meta.name))('prints the page of %s', async (name) => {
    const { code, out, err } = await explain(name);
    const [title, , ...rest] = out.split('\n');
    const leftovers = /^#|^\||<!--|\]\(/m.test(out);
    expect({ code, err, title, leftovers, sections: rest.filter((line) => /^[A-Z ]+$/.test(line)) }).toEqual({
      code: 0,
      err: '',
      title: name,
      leftovers: false,
      sections: expect.arrayContaining(['WHY', 'WHAT TO DO', 'OPTIONS', 'REFERENCE']) as unknown,
    });
  });

  it('lists all rules when none is named', async () => {
    const { code, out, err } = await explain();
    const lines = out.split('\n');
    expect([code, err, lines[0], lines.slice(1, -1).map((line) => line.split(' ')[0])]).toEqual([
      0,
      '',
      'RULE                      BASELINE  RESTRICTED  DEMANDS',
      rules.map(({ meta }) => meta.name),
    ]);
  });

  it.each([
    ['node-port-rnage', 'node-port-rnage is no rule; did you mean node-port-range?'],
    [
      '\u001b[31mx',
      String.raw`\u001b[31mx is no rule; use ${rules
        .map(({ meta }) => meta.name)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}`,
    ],
  ])('says of %j what is meant', async (name, first) => {
    expect(await explain(name)).toEqual({
      code: 2,
      out: '',
      err: `${first}\na Service is named with its namespace: NAMESPACE/NAME\n`,
    });
  });
});

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: all}
spec:
  rules: {node-port-range: {}, node-port-conflict: {}, external-traffic-policy: {}, explicit-node-port: {enforcement: warn}}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: lb}
spec: {match: {serviceTypes: [LoadBalancer]}, rules: {protocols: {allowed: [TCP]}, external-name-node-port: {}}}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: labelled}
spec: {match: {namespaceSelector: {matchLabels: {tier: gold}}}, rules: {node-port-range: {}}}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30299"], namespaces: [shop], contact: shop@example.com, priority: 100}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: rest}
spec: {ports: ["31000-31499"], namespaces: ["*"]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: lab}
spec: {ports: ["31500"], namespaces: [lab], priority: 2000}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortException
metadata: {name: legacy}
spec: {rules: [external-traffic-policy], namespaces: [shop], services: [web], reason: x, expires: 2099-01-01}
`;

function service(namespace: string, name: string, spec: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {namespace: ${namespace}, name: ${name}}\nspec: {${spec}}\n`;
}

await writeFile(join(cwd, 'policy.yaml'), POLICY);
await writeFile(
  join(cwd, 'web.yaml'),
  [
    service('shop', 'web', 'type: NodePort, ports: [{name: a, port: 80}, {name: b, port: 81, nodePort: 30100}]'),
    service('shop', 'inner', 'ports: [{port: 80}]'),
  ].join('---\n'),
);
await writeFile(
  join(cwd, 'dump.json'),
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'billing', name: 'in\u001b[31mvoices' },
        spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_297 }] },
      },
    ],
  }),
);

describe('explain NAMESPACE/NAME', () => {
  it('says which policies, pools, choices and rules lead to the verdict', async () => {
    expect(await explain('shop/web', 'web.yaml', '-p', 'policy.yaml', '--inventory', 'dump.json')).toEqual({
      code: 0,
      err: '',
      out: `shop/web: allowed

found
  web.yaml:3:11

policies
  all applies
  labelled may apply: it selects namespaces by label, and those of shop are not known
  lb does not apply: type NodePort is none of LoadBalancer

pools
  shop, contact shop@example.com (30100-30299, priority 100): its own; missing numbers come from here
  rest (31000-31499, priority 1000): its own, behind shop
  lab (31500, priority 2000): not its own, namespace shop is none of lab

ports
  a/TCP 30249 from pool shop (chosen by the hash of its name: the same again, as long as it is free)
    choice 2 of 200 of the key shop/web/a/TCP
    choice 1, 30297, is held by billing/in\\u001b[31mvoices (port http/TCP)
  b/TCP 30100 in pool shop (as the manifest says)
    choice 125 of 200 of the key shop/web/b/TCP

rules
  warn          explicit-node-port (all): spec.ports[0].nodePort: is missing, so the number may be another one when the Service is created again; write 30249 (nodeport-gate fix does)
  audit         external-traffic-policy (all): spec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local
                  excused by exception legacy
  pass          node-port-conflict (all)
  pass          node-port-range (all)
  pass          node-port-range (labelled)
  pass          external-name-node-port (lb)
`,
    });
  });

  it('explains what opens nothing', async () => {
    const { code, out } = await explain('shop/inner', 'web.yaml', '-p', 'policy.yaml');
    expect([code, out.slice(out.indexOf('ports\n'))]).toEqual([
      0,
      `ports
  type ClusterIP opens none

rules
  not asked     explicit-node-port (all): the Service opens no node port
  not asked     external-traffic-policy (all): the Service opens no node port
  not asked     node-port-conflict (all): the Service opens no node port
  not asked     node-port-range (all): the Service opens no node port
  not asked     node-port-range (labelled): the Service opens no node port
  pass          external-name-node-port (lb)
`,
    ]);
  });

  it('explains a running Service that is in no file, and prints nothing of it raw', async () => {
    const { code, out, err } = await explain(
      'billing/in\u001b[31mvoices',
      'web.yaml',
      '-p',
      'policy.yaml',
      '--inventory',
      'dump.json',
    );
    expect([code, err, out]).toEqual([
      0,
      '',
      `billing/in\\u001b[31mvoices: denied

found
  dump.json

policies
  all applies
  labelled may apply: it selects namespaces by label, and those of billing are not known
  lb does not apply: type NodePort is none of LoadBalancer

pools
  shop, contact shop@example.com (30100-30299, priority 100): not its own, namespace billing is none of shop
  rest (31000-31499, priority 1000): its own; missing numbers come from here
  lab (31500, priority 2000): not its own, namespace billing is none of lab

ports
  http/TCP 30297 in pool shop (it has this number already)

rules
  not asked     explicit-node-port (all): not about objects from here
  deny          external-traffic-policy (all): spec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local
  pass          node-port-conflict (all)
  pass          node-port-range (all)
  pass          node-port-range (labelled)
  pass          external-name-node-port (lb)
`,
    ]);
  });

  it('goes by the Services before it that check goes by: those that are allowed', async () => {
    const spec = 'type: NodePort, ports: [{port: 80, nodePort: 30298}], externalTrafficPolicy: ';
    await writeFile(
      join(cwd, 'same.yaml'),
      [service('shop', 'denied', `${spec}Cluster`), service('shop', 'later', `${spec}Local`)].join('---\n'),
    );
    const checked = await runCommand(['check', 'same.yaml', '-p', 'policy.yaml', '-o', 'json'], { cwd });
    const explained = await explain('shop/later', 'same.yaml', '-p', 'policy.yaml');
    expect([/"name":"later"},"allowed":(\w+)/.exec(checked.out)?.[1], explained.out.split('\n', 1)]).toEqual([
      'true',
      ['shop/later: allowed'],
    ]);
  });

  it.each([
    [
      ['shop/none', 'web.yaml'],
      'Service shop/none is in none of the files; name the files that it is in, or give --inventory the output of kubectl get services -A -o json\n',
    ],
    [
      ['shop/none', 'web.yaml', '--inventory', 'dump.json'],
      'Service shop/none is in none of the files; name the files that it is in\n',
    ],
    [['shop/', 'web.yaml'], 'shop/ names no Service; write NAMESPACE/NAME\n'],
    [['shop/a/b', 'web.yaml'], 'shop/a/b names no Service; write NAMESPACE/NAME\n'],
    [
      ['shop/web', 'web.yaml', '-n', 'A B'],
      '--namespace: A B is no namespace; use lower case letters, digits and -, at most 63\n',
    ],
  ])('ends %j with 2', async (args, err) => {
    expect(await explain(...args, '-p', 'policy.yaml')).toEqual({ code: 2, out: '', err });
  });
});
