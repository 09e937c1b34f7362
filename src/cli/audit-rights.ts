import { SNAPSHOT_RESOURCES } from '../domain/snapshot.ts';
import { SNAPSHOT_KINDS } from '../wire/snapshot.ts';

const NAME = 'nodeport-gate-audit';

/** The ClusterRole for `audit` as YAML, and how to bind it: what it lists, and nothing else. */
export function auditRights(program: string): string {
  const byGroup = Map.groupBy(SNAPSHOT_RESOURCES, (resource) => groupOf(SNAPSHOT_KINDS[resource].apiVersion));
  const rules = [...byGroup].map(
    ([group, resources]) =>
      `  - apiGroups: [${group === '' ? '""' : group}]\n    resources: [${resources.join(', ')}]\n    verbs: [list]\n`,
  );
  return `# What ${program} audit needs. It only lists:
#   ${program} audit --print-rbac | kubectl apply -f -
# To whom it is given:
#   kubectl create clusterrolebinding ${NAME} --clusterrole=${NAME} --user=NAME
#   kubectl create clusterrolebinding ${NAME} --clusterrole=${NAME} --serviceaccount=NAMESPACE:NAME
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${NAME}
rules:
${rules.join('')}`;
}

/** RBAC's name of the group; the core group has none. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
