import { type Command, Option } from 'commander';
import type { ShowFlags } from '../commands/policy-show.ts';
import type { TestFlags } from '../commands/policy-test.ts';
import type { Io } from '../io.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';
import { addPolicyOption } from './policy-option.ts';

export function addPolicy(program: Command, io: Io, finish: Finish): void {
  const name = program.name();
  const policy = program.command('policy').description('Work with policy documents.');
  policy
    .command('validate')
    .description('Check policy documents; print every problem with file, line and column.')
    .argument('[path...]', 'files and directories; default: the nearest nodeport-gate.yaml')
    .action(async (paths: readonly string[]) => {
      const { validatePolicy } = await import('../commands/policy.ts');
      finish(await validatePolicy(paths, io));
    });
  policy
    .command('schema')
    .description('Print the JSON Schema of policy documents.')
    .action(async () => {
      const { printPolicySchema } = await import('../commands/policy.ts');
      finish(printPolicySchema(io));
    });
  policy
    .command('test')
    .description('Run expected-verdict tests: PolicyTest documents in files called *.test.yaml.')
    .argument('[path...]', 'files and directories; default: .')
    .option('-p, --policy <path>', 'test this policy instead of the ones that the tests name, repeatable', collected)
    .addHelpText(
      'after',
      `\n${TEST_EXAMPLE}\n\nExit codes: 0 all passed, 1 some failed, 2 something could not be read.`,
    )
    .action(async (paths: readonly string[], flags: TestFlags) => {
      const { testPolicy } = await import('../commands/policy-test.ts');
      finish(await testPolicy(paths, flags, io));
    });
  addPolicyOption(
    policy
      .command('show')
      .description('Print the policy in effect: presets merged in, defaults filled in, pools in order of precedence.'),
  )
    .option('-n, --namespace <name>', 'only what concerns this namespace')
    .option('--inventory <file>', 'how full the pools are, and labels of namespaces, repeatable', collected)
    .addOption(new Option('-o, --output <format>', 'default: human').choices(['human', 'json']))
    .addHelpText(
      'after',
      `
Examples:
  ${name} policy show
  kubectl get namespaces,services -A -o json > cluster.json
  ${name} policy show -n shop --inventory cluster.json`,
    )
    .action(async (flags: ShowFlags) => {
      const { showPolicy } = await import('../commands/policy-show.ts');
      finish(await showPolicy(flags, io));
    });
}

const TEST_EXAMPLE = `Example of a test, policy.test.yaml:
  apiVersion: nodeport-gate.dev/v1alpha1
  kind: PolicyTest
  metadata: {name: shop}
  spec:
    policies: [nodeport-gate.yaml]
    tests:
      - name: the range ends at 32767
        object:
          apiVersion: v1
          kind: Service
          metadata: {name: web, namespace: shop}
          spec: {type: NodePort, ports: [{port: 80, nodePort: 40000}]}
        expect:
          allowed: false
          findings: [{rule: node-port-range}]`;
