import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-suppressions-'));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

await writeFile(
  join(directory, 'policy.yaml'),
  `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  allowSuppressions: [external-traffic-policy]
  rules:
    external-traffic-policy: {}
    source-cidrs: {}
`,
);

interface Checked {
  readonly code: number;
  readonly notices: readonly string[] | undefined;
  readonly suppressed: readonly (string | undefined)[];
}

async function check(annotation: string, reason: string): Promise<Checked> {
  const service = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    nodeport-gate.dev/source-cidrs: 10.0.0.0/8
    ignore.nodeport-gate.dev/${annotation}: ${JSON.stringify(reason)}
spec:
  type: NodePort
  ports: [{port: 80, nodePort: 30080}]
`;
  await writeFile(join(directory, 'web.yaml'), service);
  const { code, out } = await runCommand(['check', '-p', 'policy.yaml', '-o', 'json', 'web.yaml'], { cwd: directory });
  const { items } = JSON.parse(out) as {
    items: readonly { notices?: readonly string[]; findings: readonly { suppressed?: string }[] }[];
  };
  return { code, notices: items[0]?.notices, suppressed: items[0]?.findings.map((each) => each.suppressed) ?? [] };
}

const KEY = 'annotation ignore.nodeport-gate.dev/';

describe('an annotation that should suppress a rule', () => {
  it('does where the policy allows it, and nothing is said', async () => {
    expect(await check('external-traffic-policy', 'the appliance needs it')).toEqual({
      code: 0,
      notices: undefined,
      suppressed: ['the appliance needs it'],
    });
  });

  it.each([
    [
      'without a reason',
      'external-traffic-policy',
      ' ',
      `${KEY}external-traffic-policy: it gives no reason, so it has no effect; write one as its value`,
    ],
    [
      'where the policy does not allow it',
      'source-cidrs',
      'we like it so',
      `${KEY}source-cidrs: the policy does not allow this suppression; remove it, or ask for it in allowSuppressions`,
    ],
    [
      'of a rule that can never be suppressed',
      'node-port-conflict',
      'we like it so',
      `${KEY}node-port-conflict: no policy can allow this suppression; remove it, and ask for a NodePortException`,
    ],
    [
      'of no rule',
      'source-cidr',
      'typo',
      `${KEY}source-cidr: there is no such rule; see nodeport-gate explain for the names`,
    ],
  ])('does nothing %s, and check says why', async (_, annotation, reason, notice) => {
    expect(await check(annotation, reason)).toEqual({ code: 1, notices: [notice], suppressed: [undefined] });
  });
});
