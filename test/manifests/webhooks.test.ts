import { describe, expect, it } from 'vitest';
import { objectsOf, readManifest } from './support/objects.ts';

/** Word for word what was tried on a real API server: each holds or does not, and none can fail. */
const MATCH_CONDITIONS = [
  {
    name: 'concerns-node-ports',
    expression:
      '[object, oldObject].exists(o, o != null && has(o.spec) && (' +
      '(has(o.spec.type) && o.spec.type in ["NodePort","LoadBalancer"]) || ' +
      '(has(o.spec.ports) && o.spec.ports.exists(p, has(p.nodePort) && p.nodePort != 0)) || ' +
      '(has(o.spec.healthCheckNodePort) && o.spec.healthCheckNodePort != 0) || ' +
      '(has(o.spec.externalIPs) && size(o.spec.externalIPs) > 0)))',
  },
  {
    name: 'changes-something',
    expression:
      'oldObject == null || object.spec != oldObject.spec || ' +
      'object.metadata.?labels.orValue({}) != oldObject.metadata.?labels.orValue({}) || ' +
      'object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})',
  },
  {
    name: 'is-not-the-api-server',
    expression:
      '!(request.namespace == "default" && request.name == "kubernetes" && ' +
      'request.userInfo.username == "system:apiserver")',
  },
];

function configuration(kind: string, webhook: Readonly<Record<string, unknown>>): unknown {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'zz-nodeport-gate' },
    webhooks: [
      {
        admissionReviewVersions: ['v1'],
        matchPolicy: 'Equivalent',
        matchConditions: MATCH_CONDITIONS,
        namespaceSelector: {
          matchExpressions: [
            { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'nodeport-gate'] },
          ],
        },
        ...webhook,
      },
    ],
  };
}

function serviceAt(path: string): unknown {
  return { service: { namespace: 'nodeport-gate', name: 'nodeport-gate', path, port: 443 } };
}

function ruleFor(...resources: readonly string[]): unknown {
  return { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources, scope: 'Namespaced' };
}

describe('the webhooks', () => {
  it('are called for what concerns node ports, have no caBundle, and fail as they should', () => {
    expect(objectsOf(readManifest('base/webhooks.yaml'))).toEqual([
      configuration('MutatingWebhookConfiguration', {
        name: 'mutate.nodeport-gate.dev',
        clientConfig: serviceAt('/mutate'),
        rules: [ruleFor('services')],
        failurePolicy: 'Ignore',
        timeoutSeconds: 2,
        reinvocationPolicy: 'IfNeeded',
        sideEffects: 'NoneOnDryRun',
      }),
      configuration('ValidatingWebhookConfiguration', {
        name: 'validate.nodeport-gate.dev',
        clientConfig: serviceAt('/validate'),
        rules: [ruleFor('services', 'services/status')],
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
        sideEffects: 'None',
      }),
    ]);
  });
});
