import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runCommand } from '../support/command-line.ts';

const root = await mkdtemp(join(tmpdir(), 'nodeport-gate-policy-test-'));
let cwd = '';
let count = 0;

beforeEach(async () => {
  count += 1;
  cwd = join(root, String(count));
  await mkdir(cwd);
  await writeFile(join(cwd, 'policy.yaml'), POLICY);
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeUsers: [flux]}
  rules:
    node-port-range: {}
    external-traffic-policy: {}
    explicit-node-port: {enforcement: warn}
    host-port: {}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30102"], namespaces: [shop]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortException
metadata: {name: legacy}
spec: {rules: [external-traffic-policy], namespaces: [erp], reason: appliance, expires: 2026-03-31}
`;

const HEAD = `apiVersion: nodeport-gate.dev/v1alpha1
kind: PolicyTest
metadata: {name: suite}
spec:
  policies: [policy.yaml]
`;

function service(spec: string, namespace = 'shop', name = 'web'): string {
  return `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: {type: NodePort, ${spec}}}`;
}

const OPEN = 'externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 30100}]';
const CLUSTER = 'ports: [{port: 80, nodePort: 30100}]';

/** Runs one test of these lines, the first of which has the number 7. */
async function runTest(...lines: readonly string[]): Promise<Ran> {
  const text = lines.map((line) => `      ${line}\n`).join('');
  await writeFile(join(cwd, 'a.test.yaml'), `${HEAD}  tests:\n    - name: one\n${text}`);
  return runCommand(['policy', 'test'], { cwd });
}

const PASSED: Ran = { code: 0, out: 'pass  a.test.yaml:7: suite: one\n1 passed, 0 failed\n', err: '' };

describe('policy test', () => {
  it.each<[string, readonly string[]]>([
    ['a verdict', [`object: ${service(OPEN)}`, 'expect: {allowed: true, findings: []}']],
    [
      'findings in any order',
      [
        `object: ${service('ports: [{port: 80, nodePort: 40000}]')}`,
        'expect: {findings: [{rule: node-port-range, message: is outside}, {rule: external-traffic-policy, enforcement: deny, field: spec.externalTrafficPolicy}]}',
      ],
    ],
    [
      'the ports that are assigned',
      [
        `object: ${service('externalTrafficPolicy: Local, ports: [{port: 80}]')}`,
        `inventory: [${service('ports: [{port: 1, nodePort: 30100}, {port: 2, nodePort: 30101}]', 'x')}]`,
        'expect: {assigned: [{port: 80, protocol: TCP, nodePort: 30102, pool: shop, because: hash}]}',
      ],
    ],
    [
      'a rule about files',
      [
        `object: ${service('externalTrafficPolicy: Local, ports: [{port: 80}]')}`,
        'as: file',
        'expect: {findings: [{rule: explicit-node-port}]}',
      ],
    ],
    [
      'not asking that rule about requests',
      [`object: ${service('externalTrafficPolicy: Local, ports: [{port: 80}]')}`, 'expect: {findings: []}'],
    ],
    [
      'a workload',
      [
        'object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{ports: [{containerPort: 80, hostPort: 30500}]}]}}',
        'expect: {allowed: false, findings: [{rule: host-port}]}',
      ],
    ],
    [
      'the ratchet',
      [
        `object: ${service(CLUSTER)}`,
        `oldObject: ${service(CLUSTER)}`,
        'expect: {allowed: true, findings: [{rule: external-traffic-policy, enforcement: warn}]}',
      ],
    ],
    [
      'an exempt user',
      [`object: ${service(CLUSTER)}`, 'user: {username: flux}', 'expect: {allowed: true, findings: []}'],
    ],
    [
      'the last day of an exception',
      [
        `object: ${service(CLUSTER, 'erp')}`,
        'now: 2026-03-31T23:59:59Z',
        'expect: {allowed: true, findings: [{rule: external-traffic-policy, enforcement: audit}]}',
      ],
    ],
    ['the day after it', [`object: ${service(CLUSTER, 'erp')}`, 'now: 2026-04-01', 'expect: {allowed: false}']],
    [
      'one expectation that fits two findings, beside one that fits only the first of them',
      [
        `object: ${service('externalTrafficPolicy: Local, ports: [{name: a, port: 80, nodePort: 40000}, {name: b, port: 81, nodePort: 40001}]')}`,
        'expect: {findings: [{rule: node-port-range}, {rule: node-port-range, message: "40000 is"}]}',
      ],
    ],
  ])('compares %s', async (_, lines) => {
    expect(await runTest(...lines)).toEqual(PASSED);
  });

  it('says what differs', async () => {
    const { code, out, err } = await runTest(
      `object: ${service('ports: [{port: 80}]')}`,
      'expect: {allowed: true, findings: [{rule: node-port-range, field: spec.x}], assigned: [{port: 80, nodePort: 30200}], undetermined: [node-port-range]}',
    );
    expect([code, err, out.replaceAll(/3010\d/g, 'N')]).toEqual([
      1,
      '',
      `FAIL  a.test.yaml:7: suite: one
      verdict     expected to be allowed, but it is denied
      missing     finding of node-port-range at spec.x
      unexpected  finding of external-traffic-policy (deny): spec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local
      missing     port 80 30200
      unexpected  port 80/TCP N of pool shop (hash)
      missing     undetermined rule node-port-range
0 passed, 1 failed
`,
    ]);
  });

  it('says why the verdict is another one, when nothing else is expected', async () => {
    expect(await runTest(`object: ${service(CLUSTER)}`, 'expect: {allowed: true}')).toEqual({
      code: 1,
      out: `FAIL  a.test.yaml:7: suite: one
      verdict     expected to be allowed, but it is denied
      unexpected  finding of external-traffic-policy (deny): spec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local
0 passed, 1 failed
`,
      err: '',
    });
  });

  it('prints no control characters of an object', async () => {
    const name = String.raw`"w\e[31m\n"`;
    const { code, out } = await runTest(
      `object: {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: ${name}, ports: [{port: 80}]}}`,
      'expect: {allowed: false}',
    );
    expect([code, out.split('\n').length, /[\u0000-\u0009\u000b-\u001f]/.test(out)]).toEqual([1, 4, false]);
  });

  it.each<[string, readonly string[], string]>([
    [
      'an unknown key',
      [`object: ${service(OPEN)}`, 'expect: {allowed: true}', 'nam: x'],
      'a.test.yaml:10:7: spec.tests[0].nam: is unknown; did you mean name?',
    ],
    [
      'an unknown rule',
      [`object: ${service(OPEN)}`, 'expect: {findings: [{rule: node-port-rang}]}'],
      'a.test.yaml:9:34: spec.tests[0].expect.findings[0].rule: "node-port-rang" is not allowed; did you mean node-port-range?',
    ],
    [
      'no expectation',
      [`object: ${service(OPEN)}`, 'expect: {}'],
      'a.test.yaml:9:15: spec.tests[0].expect: is empty; expect at least one of allowed, findings, assigned and undetermined',
    ],
    [
      'a day that is none',
      [`object: ${service(OPEN)}`, 'now: 2026-02-30', 'expect: {allowed: true}'],
      'a.test.yaml:9:12: spec.tests[0].now: 2026-02-30 is not in the calendar; write a day or a moment in UTC, as in 2027-03-31 or 2027-03-31T12:00:00Z',
    ],
    [
      'no object',
      ['object: 7', 'expect: {allowed: true}'],
      'a.test.yaml:8:15: spec.tests[0].object: 7 is not allowed; write the object, or the path of a file',
    ],
    [
      'a file that is not there',
      ['object: none.yaml', 'expect: {allowed: true}'],
      'a.test.yaml:8:15: spec.tests[0].object: none.yaml: this is not there; check the path',
    ],
    [
      'something else',
      ['object: {apiVersion: v1, kind: Servcie, metadata: {name: x}}', 'expect: {allowed: true}'],
      'a.test.yaml:8:15: spec.tests[0].object: this is no object that a rule could be about; write a Service, a workload or the review of a Service',
    ],
    [
      'a wrong type in it',
      [`object: ${service('ports: [{port: 80, nodePort: "30080"}]')}`, 'expect: {allowed: true}'],
      'a.test.yaml:8:139: spec.tests[0].object.spec.ports[0].nodePort: "30080" is a string; write a whole number',
    ],
    [
      'a policy document',
      ['object: policy.yaml', 'expect: {allowed: true}'],
      'a.test.yaml:8:15: spec.tests[0].object: 3 objects are in it; a test is about one, put the others into inventory',
    ],
    [
      'a wrong type in the inventory',
      [
        `object: ${service(OPEN)}`,
        `inventory: [${service('ports: [{port: 80, nodePort: x}]')}]`,
        'expect: {allowed: true}',
      ],
      'a.test.yaml:9:143: spec.tests[0].inventory[0].spec.ports[0].nodePort: "x" is a string; write a whole number',
    ],
    [
      'a review with a user of its own',
      [
        'object: {apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {uid: u, kind: {group: "", version: v1, kind: Service}, resource: {group: "", version: v1, resource: services}, namespace: shop, name: web, operation: CREATE, userInfo: {username: x}, object: {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {}}}}',
        'user: {username: flux}',
        'expect: {allowed: true}',
      ],
      'a.test.yaml:8:15: spec.tests[0].object: an AdmissionReview brings its old object and its user along; remove oldObject and user',
    ],
  ])('refuses %s', async (_, lines, problem) => {
    const { code, out, err } = await runTest(...lines);
    expect({ code, out, first: err.split('\n')[0] }).toEqual({ code: 2, out: '', first: problem });
  });

  it('finds tests below directories, and not in hidden ones and node_modules', async () => {
    const text = `${HEAD.replace('policy.yaml', '../policy.yaml')}  tests:\n    - name: one\n      object: ../web.yaml\n      expect: {allowed: true}\n`;
    await writeFile(join(cwd, 'web.yaml'), `${service(OPEN)}\n`);
    for (const directory of ['b', '.hidden', 'node_modules']) {
      await mkdir(join(cwd, directory));
      await writeFile(join(cwd, directory, 'policy-test.yaml'), text);
    }
    expect(await runCommand(['policy', 'test', '.'], { cwd })).toEqual({
      code: 0,
      out: 'pass  b/policy-test.yaml:7: suite: one\n1 passed, 0 failed\n',
      err: '',
    });
  });

  it('says that there are no tests', async () => {
    expect(await runCommand(['policy', 'test'], { cwd })).toEqual({
      code: 2,
      out: '',
      err: '.: no *.test.yaml file is in it or below; write tests (docs/policy-tests.md), or name their files\n',
    });
  });

  it('takes the policy that is given instead of the one that the test names', async () => {
    await writeFile(join(cwd, 'mild.yaml'), POLICY.replace('rules:\n', 'maxEnforcement: warn\n  rules:\n'));
    await runTest(`object: ${service(CLUSTER)}`, 'expect: {allowed: true}');
    expect(await runCommand(['policy', 'test', '-p', 'mild.yaml'], { cwd })).toEqual(PASSED);
  });

  it('is told by policy validate where tests belong', async () => {
    await writeFile(join(cwd, 'x.yaml'), `${HEAD}  tests: []\n`);
    const { code, out } = await runCommand(['policy', 'validate', 'policy.yaml', 'x.yaml'], { cwd });
    expect([code, out]).toEqual([
      2,
      'x.yaml:2:7: kind: PolicyTest is no part of a policy; move it to another file, outside of the directories of policies, and run it with policy test\n',
    ]);
  });

  it('passes the example of its documentation, for the policy that init writes', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(await readFile('docs/policy-tests.md', 'utf8')) ?? [];
    await writeFile(join(cwd, 'nodeport-gate.test.yaml'), example);
    await runCommand(['init'], { cwd });
    expect(await runCommand(['policy', 'test'], { cwd })).toEqual({
      code: 0,
      out: `pass  nodeport-gate.test.yaml:13: shop: a number beyond the range is denied
pass  nodeport-gate.test.yaml:22: shop: the holder of a port is named
pass  nodeport-gate.test.yaml:30: shop: a missing number comes from the shared pool
3 passed, 0 failed
`,
      err: '',
    });
  });
});
