import { describe, expect, it } from 'vitest';
import { at, objectsOf, pick, readManifest, textAt } from './support/objects.ts';

const READ = ['get', 'list', 'watch'];

/** The values that an overlay's JSON patch adds to objects of a kind. */
function addedTo(kind: string, overlay: string): readonly unknown[] {
  const [kustomization] = objectsOf(readManifest(`overlays/${overlay}/kustomization.yaml`));
  const patches = at(kustomization, 'patches') as readonly unknown[];
  return patches
    .filter((patch) => at(patch, 'target', 'kind') === kind)
    .flatMap((patch) => objectsOf(`list:\n${textAt(patch, 'patch')}`))
    .flatMap(({ list }) => (list as readonly unknown[]).map((operation) => at(operation, 'value')));
}

describe('the rights of the gate', () => {
  it('are to read Services and namespaces everywhere, and to list what an audit looks at', () => {
    const role = pick(objectsOf(readManifest('base/rbac.yaml')), 'ClusterRole nodeport-gate');
    expect(at(role, 'rules')).toEqual([
      { apiGroups: [''], resources: ['services', 'namespaces'], verbs: READ },
      { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    ]);
  });

  it('are no others with cert-manager', () => {
    expect(addedTo('ClusterRole', 'cert-manager')).toEqual([]);
    expect(readManifest('overlays/cert-manager/certificates.yaml')).not.toContain('rbac');
  });

  it('are, for a certificate of its own, also to keep it in one Secret and to publish its CA in two objects', () => {
    expect(addedTo('ClusterRole', 'self-signed')).toEqual([
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
        resourceNames: ['zz-nodeport-gate'],
        verbs: ['list', 'watch', 'patch'],
      },
    ]);
    const role = pick(objectsOf(readManifest('overlays/self-signed/role.yaml')), 'Role nodeport-gate');
    expect(at(role, 'rules')).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['nodeport-gate-certs'], verbs: [...READ, 'update'] },
    ]);
  });
});
