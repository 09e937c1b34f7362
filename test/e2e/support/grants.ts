import type { Manifest } from './install.ts';

/** One verb on one resource, which is how the manifests' rights are taken away one by one. */
export interface Grant {
  readonly group: string;
  readonly resource: string;
  /** Every object unless there is a name. */
  readonly name: string | undefined;
  readonly verb: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface Role extends Manifest {
  readonly rules: readonly Rule[];
}

export function rolesOf(objects: readonly Manifest[]): readonly Role[] {
  return objects.filter((object): object is Role => object.kind === 'Role' || object.kind === 'ClusterRole');
}

export function grantsOf(rules: readonly Rule[]): readonly Grant[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) => verbs.map((verb): Grant => ({ group, resource, name, verb }))),
      ),
    ),
  );
}

/** `list services`, `update secrets/nodeport-gate-certs` */
export function titleOf({ verb, resource, name }: Grant): string {
  return name === undefined ? `${verb} ${resource}` : `${verb} ${resource}/${name}`;
}

/** The role with the grants of these titles left out. */
export function without(role: Role, titles: readonly string[]): Role {
  const rules = grantsOf(role.rules)
    .filter((grant) => !titles.includes(titleOf(grant)))
    .map(({ group, resource, name, verb }): Rule => ({
      apiGroups: [group],
      resources: [resource],
      ...(name !== undefined && { resourceNames: [name] }),
      verbs: [verb],
    }));
  return { ...role, rules };
}
