export interface Example {
  readonly title: string;
  readonly text: string;
}

const MISSING_NUMBER = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - name: http
    port: 80
`;

/** What people ask first, and what attackers try. The first is shown to begin with. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  { title: 'A node port without a number', text: MISSING_NUMBER },
  {
    title: 'Local, with the networks that may connect',
    text: `apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    nodeport-gate.dev/source-cidrs: 10.0.0.0/8
spec:
  type: NodePort
  externalTrafficPolicy: Local
  selector:
    app: web
  ports:
  - name: http
    port: 80
`,
  },
  {
    title: 'TCP and UDP on one port',
    text: `apiVersion: v1
kind: Service
metadata:
  name: dns
  annotations:
    nodeport-gate.dev/source-cidrs: 10.0.0.0/8
spec:
  type: NodePort
  externalTrafficPolicy: Local
  selector:
    app: dns
  ports:
  - name: dns-tcp
    port: 53
    protocol: TCP
  - name: dns-udp
    port: 53
    protocol: UDP
`,
  },
  {
    title: 'Port 22 through ExternalName',
    text: `# No node port is opened yet. But a change of type would open this one,
# and the API server does not look at its number again.
apiVersion: v1
kind: Service
metadata:
  name: harmless
spec:
  type: ExternalName
  externalName: example.com
  ports:
  - name: ssh
    port: 22
    nodePort: 22
`,
  },
  {
    title: 'Two Services that want one number',
    text: `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: first
    annotations:
      nodeport-gate.dev/source-cidrs: 10.0.0.0/8
  spec:
    type: NodePort
    externalTrafficPolicy: Local
    ports:
    - port: 80
      nodePort: 31100
- apiVersion: v1
  kind: Service
  metadata:
    name: second
    annotations:
      nodeport-gate.dev/source-cidrs: 10.0.0.0/8
  spec:
    type: NodePort
    externalTrafficPolicy: Local
    ports:
    - port: 80
      nodePort: 31100
`,
  },
];
