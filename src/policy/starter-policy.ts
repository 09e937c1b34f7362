/** What `init` writes: a policy that makes sense before anybody has thought about node ports, and says how to go on. */
export function starterPolicy(fileName: string, schemaPath: string): string {
  // The editors' language server takes the line for the one document in which it stands.
  const schema = `# yaml-language-server: $schema=${schemaPath}`;
  return `${schema}
# What nodeport-gate demands of Services that open node ports. The line above gives editors completion and checking.
# After a change: nodeport-gate policy validate ${fileName}

# --- The rules -------------------------------------------------------------------------------------------------------
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata:
  name: default
spec:
  match:
    # The cluster's own components are left alone.
    excludeNamespaces: [kube-system]
  # baseline: what is wrong in every cluster, such as a port that two Services want, or one outside the range.
  # restricted: also that Services say who may connect, and that the sender's address stays visible
  # (externalTrafficPolicy: Local). "nodeport-gate explain" lists all rules with what the presets make of them.
  preset: baseline
  # Nothing goes beyond this. To begin with nothing but warnings, write warn.
  maxEnforcement: deny
  rules:
    # Numbers that Services have today may lie outside of the pools below. Once they have moved, remove this line:
    # then the preset denies it.
    node-port-pool: {enforcement: warn}
---
${schema}
# --- The pools: whose port is whose -----------------------------------------------------------------------------------
# A Service that leaves its nodePort out gets a number from its pool, the same one every time.
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata:
  name: shared
spec:
  # The part of Kubernetes' default range from which it picks last by itself.
  ports: ["30000-30085"]
  # Every namespace that has no pool of its own.
  namespaces: ["*"]
  # The pool with the lowest number wins.
  priority: 1000
  # Whom to ask; printed whenever a message speaks of this pool.
  # contact: platform@example.com

# A team's own pool comes before the shared one; a firewall can be written for exactly these ports. To use it, take the
# # away from here on, and change it:
# ---
# apiVersion: nodeport-gate.dev/v1alpha1
# kind: NodePortPool
# metadata:
#   name: team-a
# spec:
#   ports: ["30100-30119"]
#   namespaces: [team-a, "team-a-*"]
#   contact: team-a@example.com
#   priority: 100
# ---
# # Permission to break a rule. It always ends.
# apiVersion: nodeport-gate.dev/v1alpha1
# kind: NodePortException
# metadata:
#   name: legacy-erp
# spec:
#   rules: [node-port-range]
#   namespaces: [erp]
#   services: [erp-gateway]
#   ports: ["33000"]
#   reason: the vendor's appliance knows only this port
#   expires: 2027-03-31
`;
}
