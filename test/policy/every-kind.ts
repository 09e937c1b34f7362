/** One document of each kind, each with nearly all of its keys. */
export const everyKind = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system]}      # also namespaces, namespaceSelector, serviceSelector, serviceTypes, excludeUsers, excludeGroups
  preset: restricted                             # none | baseline | restricted; rules below override it
  maxEnforcement: deny                           # roll out with audit, then warn, then deny, without touching the rules
  rules:                                         # a rule's options are flat beside its enforcement
    node-port-range:         {ranges: ["30000-32767"]}
    external-traffic-policy: {require: Local, enforcement: warn}
    source-cidrs:            {within: ["10.0.0.0/8", "203.0.113.0/24"], minPrefixLength: {ipv4: 16, ipv6: 48}}
    protocols:               off
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: team-a}
spec:
  ports: ["30100-30199", "30500"]
  reserved: ["30150"]                            # never assigned; using it explicitly needs an exception (reported by node-port-reserved)
  contact: team-a@example.com                    # printed whenever this pool appears in a message
  namespaces: [team-a, "team-a-*"]               # and/or namespaceSelector: one of the two is required
  serviceTypes: [NodePort, LoadBalancer]
  priority: 100                                  # lower wins, as in MetalLB; default 1000
  assign: true                                   # fill in missing node ports from here; false: a missing number is denied with three free ports
  quota: {perNamespace: 20, perService: 4}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortException
metadata: {name: legacy-erp}
spec:
  rules: [external-traffic-policy]
  namespaces: [erp]
  services: [erp-gateway]
  ports: ["30443"]                               # required when rules include range, pool, reserved or conflict
  reason: vendor appliance cannot reach every node
  ticket: OPS-123
  expires: 2027-03-31                            # mandatory; valid through 23:59:59 UTC; warns from 14 days before; expired = not there
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: ClusterProfile                             # what cannot be seen from a manifest; at most one; without it the defaults below
metadata: {name: prod}
spec:
  serviceNodePortRange: "30000-32767"
  ephemeralPortRange: "32768-60999"
  podCIDRs: [10.244.0.0/16]
  nodeCIDRs: [192.168.50.0/24]
  dataPlane: kube-proxy                          # kube-proxy | cilium | calico | calico-ebpf | ...
`;
