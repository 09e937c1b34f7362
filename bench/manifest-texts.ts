import type { Choose } from './choose.ts';

/** One component of one app. */
export interface Draft {
  readonly team: string;
  readonly app: string;
  readonly component: string;
  /** Of every object of the component. */
  readonly name: string;
  readonly version: string;
}

/** Values as configuration has them: scripts, templates of other tools, escapes, text that looks like a manifest. */
const ENTRIES: readonly [string, ...string[]] = [
  `  application.properties: |
    server.port=8080
    # spring.profiles.active=prod
    logging.pattern.console=%d{HH:mm:ss} %-5level - %msg%n
    greeting=Hello, "world"!`,
  `  wait.sh: |
    #!/bin/sh
    set -eu
    until nc -z "$DB_HOST" "\${DB_PORT:-5432}"; do
      printf 'waiting for %s\\n' "$DB_HOST"; sleep 1
    done
    exec "$@"`,
  `  open-ports.sh: |-
    kubectl get services -o go-template='{{ range .items }}{{ range .spec.ports }}{{ .nodePort }}{{ "\\n" }}{{ end }}{{ end }}'`,
  `  alert.tmpl: |
    {{ define "title" }}[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}{{ end }}
    {{ range .Alerts -}}
    *{{ .Labels.severity }}*: {{ .Annotations.summary }}
    {{ end }}`,
  `  nginx.conf: |
    server {
      listen 8080;
      location / { proxy_pass http://127.0.0.1:3000; }
    }`,
  `  banner: "caf\\u00e9 \\"quoted\\" \\\\ tab\\there\\nsecond line"
  FEATURE_FLAGS: 'it''s on'
  TIMEOUT_SECONDS: "30"
  DATABASE_URL: postgres://db:5432/shop?sslmode=disable`,
  `  LOG_LEVEL: info
  REGION: eu-west-1
  CACHE_TTL: "3600"`,
  `  example.yaml: |
    # what the operator makes of it
    apiVersion: v1
    kind: Service
    spec:
      type: NodePort`,
  `  summary: >-
    Folded text that goes on
    over two lines: with a colon.
  limits.json: |
    {"requests": 100, "window": "1m", "paths": ["/api", "/v2"]}`,
];

export function configMap({ name, team, component }: Draft, choose: Choose): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${team}
  labels: {app.kubernetes.io/name: ${name}, app.kubernetes.io/component: "${component}"}
data:
${choose.from(ENTRIES)}
`;
}

export function deployment({ name, team, app, component, version }: Draft, choose: Choose): string {
  const hostPort = choose.percent(1) ? `\n              hostPort: ${30_000 + choose.below(2_768)}` : '';
  const probe = choose.percent(20)
    ? `
          readinessProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 10`
    : '';
  const remark = choose.percent(25) ? `# Deployed by the ${team} pipeline; see docs/${app}.md\n` : '';
  const settings = choose.percent(40)
    ? `
          envFrom:
            - configMapRef: {name: ${name}}`
    : '';
  return `${remark}apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${team}
spec:
  replicas: ${1 + choose.below(4)}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
        - name: ${component}
          image: "registry.example.com/${app}/${component}:${version}"
          ports:
            - name: http
              containerPort: 8080${hostPort}${settings}
          resources:
            requests: {cpu: 100m, memory: 128Mi}${probe}
`;
}

export function serviceAccount({ app, team }: Draft): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${app}
  namespace: ${team}
automountServiceAccountToken: false
`;
}

export function namespace({ team }: Draft): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${team}
  labels:
    team: ${team}
    pod-security.kubernetes.io/enforce: baseline
`;
}
