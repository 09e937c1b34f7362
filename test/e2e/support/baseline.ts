/** A policy of the preset `baseline` for everybody but what the webhooks leave out; pools come behind it. */
export const BASELINE = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system, nodeport-gate]}
  preset: baseline
`;
