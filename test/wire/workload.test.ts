import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Workload } from '../../src/domain/workload.ts';
import { readWorkload } from '../../src/wire/workload.ts';

const labels = { app: 'web' };
const podSpec = { containers: [{ name: 'web', ports: [{ containerPort: 80, hostPort: 30_080 }] }] };
const template = { metadata: { labels }, spec: podSpec };

function read(value: JsonObject): ReturnType<typeof readWorkload> {
  return readWorkload(value, { path: 'document 2', namespace: 'default' });
}

function workloadOf(value: JsonObject): Workload {
  const result = read(value);
  if (result?.ok !== true) throw new Error(JSON.stringify(result));
  return result.value;
}

function daemonSet(spec: JsonObject): JsonObject {
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'web' }, spec: { template: { spec } } };
}

describe('every kind that makes pods', () => {
  it.each<[string, string, JsonObject, number | undefined, boolean, string]>([
    ['v1', 'Pod', { metadata: { labels }, spec: podSpec }, 1, false, 'spec'],
    ['v1', 'ReplicationController', { spec: { template } }, 1, false, 'spec.template.spec'],
    ['v1', 'PodTemplate', { template }, undefined, false, 'template.spec'],
    ['apps/v1', 'Deployment', { spec: { replicas: 3, template } }, 3, false, 'spec.template.spec'],
    ['apps/v1', 'ReplicaSet', { spec: { replicas: 0, template } }, 0, false, 'spec.template.spec'],
    ['apps/v1', 'StatefulSet', { spec: { replicas: null, template } }, 1, false, 'spec.template.spec'],
    ['apps/v1', 'DaemonSet', { spec: { template } }, undefined, true, 'spec.template.spec'],
    ['batch/v1', 'Job', { spec: { template } }, undefined, false, 'spec.template.spec'],
    [
      'batch/v1',
      'CronJob',
      { spec: { jobTemplate: { spec: { template } } } },
      undefined,
      false,
      'spec.jobTemplate.spec.template.spec',
    ],
  ])('%s %s', (apiVersion, kind, body, replicas, isOnEveryNode, place) => {
    const metadata = { generateName: 'web-', annotations: { a: 'b', c: 5 }, ...(body['metadata'] as JsonObject) };
    const raw = { apiVersion, kind, ...body, metadata };
    expect(workloadOf(raw)).toEqual({
      apiVersion,
      kind,
      namespace: 'default',
      name: '',
      generateName: 'web-',
      annotations: { a: 'b' },
      podLabels: labels,
      replicas,
      isOnEveryNode,
      hostPorts: [
        {
          number: 30_080,
          protocol: 'TCP',
          path: [...place.split('.'), 'containers', 0, 'ports', 0, 'hostPort'],
          because: 'hostPort',
        },
      ],
      raw,
    });
  });

  it.each([
    ['v1', 'Service'],
    ['v1', 'Deployment'],
    ['apps/v1', 'Pod'],
    ['apps/v1beta1', 'Rollout'],
    ['batch/v1', 'Rollout'],
    ['', 'Rollout'],
  ])('not %s %s', (apiVersion, kind) => {
    expect(read({ apiVersion, kind, spec: { template } })).toBe(undefined);
  });

  it.each<[string, string, JsonObject, number | undefined, boolean]>([
    ['argoproj.io/v1alpha1', 'Rollout', { replicas: 3 }, 3, false],
    ['apps.kruise.io/v1alpha1', 'CloneSet', {}, undefined, false],
    ['apps.kruise.io/v1alpha1', 'StatefulSet', { replicas: '3' }, undefined, false],
    ['apps.kruise.io/v1alpha1', 'DaemonSet', {}, undefined, true],
    ['extensions/v1beta1', 'Deployment', { replicas: null }, undefined, false],
  ])('of other groups, by their pod template: %s %s', (apiVersion, kind, spec, replicas, isOnEveryNode) => {
    const raw = { apiVersion, kind, metadata: { name: 'web' }, spec: { ...spec, template } };
    expect(workloadOf(raw)).toEqual({
      apiVersion,
      kind,
      namespace: 'default',
      name: 'web',
      generateName: '',
      annotations: {},
      podLabels: labels,
      replicas,
      isOnEveryNode,
      hostPorts: [
        {
          number: 30_080,
          protocol: 'TCP',
          path: ['spec', 'template', 'spec', 'containers', 0, 'ports', 0, 'hostPort'],
          because: 'hostPort',
        },
      ],
      raw,
    });
  });

  it.each<[string, JsonObject]>([
    ['no spec', {}],
    ['a template of something else', { spec: { template: { spec: { destination: {} } } } }],
    ['containers that are no list', { spec: { template: { spec: { containers: {} } } } }],
    ['a template elsewhere', { template: { spec: podSpec } }],
  ])('of other groups not with %s', (_, body) => {
    expect(read({ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', ...body })).toBe(undefined);
  });

  it('not what says no kind', () => {
    expect(read({ apiVersion: 5, kind: null })).toBe(undefined);
  });
});

describe('ports on the host', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['a container port alone', { containers: [{ ports: [{ containerPort: 80 }] }] }, []],
    ['hostPort 0 and null', { containers: [{ ports: [{ hostPort: 0 }, { hostPort: null }] }] }, []],
    [
      'hostPort beside hostNetwork: false',
      { hostNetwork: false, containers: [{ ports: [{ containerPort: 80, hostPort: 81 }] }] },
      ['81/TCP hostPort containers.0.ports.0.hostPort'],
    ],
    [
      'under hostNetwork the container port, unless hostPort says it',
      { hostNetwork: true, containers: [{ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] }] },
      ['80/TCP hostNetwork containers.0.ports.0.containerPort', '81/TCP hostPort containers.0.ports.1.hostPort'],
    ],
    [
      'every list of containers',
      {
        initContainers: [{ ports: [{ hostPort: 81, protocol: 'UDP' }] }],
        containers: [{}, { ports: [{ hostPort: 82 }] }],
        ephemeralContainers: [{ ports: [{ hostPort: 83 }] }],
      },
      [
        '81/UDP hostPort initContainers.0.ports.0.hostPort',
        '82/TCP hostPort containers.1.ports.0.hostPort',
        '83/TCP hostPort ephemeralContainers.0.ports.0.hostPort',
      ],
    ],
    [
      'wrong types elsewhere are nobody’s business here',
      {
        hostNetwork: true,
        initContainers: 'x',
        containers: [
          5,
          null,
          { ports: {} },
          { ports: [5, { containerPort: '80' }, { containerPort: 30_080.5 }, { containerPort: 81, protocol: 5 }] },
        ],
      },
      ['81/TCP hostNetwork containers.3.ports.3.containerPort'],
    ],
    ['hostNetwork that is no boolean', { hostNetwork: 'true', containers: [{ ports: [{ containerPort: 80 }] }] }, []],
  ])('%s', (_, spec, ports) => {
    const { hostPorts } = workloadOf({ apiVersion: 'v1', kind: 'Pod', spec });
    const shown = hostPorts.map(
      ({ number, protocol, because, path }) => `${number}/${protocol} ${because} ${path.slice(1).join('.')}`,
    );
    expect(shown).toEqual(ports);
  });

  it('a wrong type of hostPort is a problem, at its place', () => {
    const ports = [{ hostPort: '30080' }, { hostPort: 30_080.5 }, { hostPort: 2 ** 40 }, { hostPort: 30_081 }];
    expect(read(daemonSet({ containers: [{}, { ports }] }))).toEqual({
      ok: false,
      problems: [
        {
          path: 'document 2.spec.template.spec.containers[1].ports[0].hostPort',
          message: '"30080" is a string; write a whole number',
        },
        {
          path: 'document 2.spec.template.spec.containers[1].ports[1].hostPort',
          message: '30080.5 is not whole; write a whole number',
        },
        {
          path: 'document 2.spec.template.spec.containers[1].ports[2].hostPort',
          message: '1099511627776 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
        },
      ],
    });
  });
});

describe('a DaemonSet is on every node', () => {
  it.each<[string, JsonObject, boolean]>([
    ['without a word about nodes', {}, true],
    ['with an empty selector', { nodeSelector: {} }, true],
    ['not with a selector', { nodeSelector: { disk: 'ssd' } }, false],
    ['not with a node', { nodeName: 'node-1' }, false],
    [
      'not with required affinity',
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
      false,
    ],
    [
      'with preferred affinity',
      { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } } },
      true,
    ],
    ['with tolerations', { tolerations: [{ operator: 'Exists' }] }, true],
  ])('%s', (_, spec, isOnEveryNode) => {
    expect(workloadOf(daemonSet(spec)).isOnEveryNode).toBe(isOnEveryNode);
  });
});

it('reads an empty object of the kind', () => {
  const raw = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };
  expect(workloadOf(raw)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    generateName: '',
    annotations: {},
    podLabels: {},
    replicas: 1,
    isOnEveryNode: false,
    hostPorts: [],
    raw,
  });
});
