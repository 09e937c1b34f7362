import {
  changed,
  denied,
  described,
  GOOD,
  numbered,
  passed,
  refused,
  refusedBeside,
  type Situation,
} from './situation.ts';

/** Manifests that somebody still has to make, and files that are no manifests. */
export const TEMPLATES: readonly Situation[] = [
  {
    name: 'helm: a value as the number',
    given: numbered('{{ .Values.service.nodePort }}'),
    gives: refused(
      'bad.yaml:9:17: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a value in quotes as the number',
    given: numbered('"{{ .Values.service.nodePort }}"'),
    gives: refused(
      'bad.yaml:9:18: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a value in single quotes',
    given: numbered("'{{ .Values.service.nodePort }}'"),
    gives: refused(
      'bad.yaml:9:18: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a value as the name',
    given: changed(['web', '{{ .Release.Name }}-web']),
    gives: refused(
      'bad.yaml:4:9: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a value in quotes in the name',
    given: changed(['web', '"{{ .Release.Name }}-web"']),
    gives: refused(
      'bad.yaml:4:10: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a key',
    given: changed(['nodePort:', '{{ .Values.key }}:']),
    gives: refused(
      'bad.yaml:9:7: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: the kind',
    given: changed(['Service', '{{ .Values.kind }}']),
    gives: refused(
      'bad.yaml:2:7: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: the apiVersion',
    given: changed(['v1', '{{ include "capabilities" . }}']),
    gives: refused(
      'bad.yaml:1:13: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a condition around everything',
    given: `{{- if .Values.service.enabled }}\n${GOOD}{{- end }}\n`,
    gives: refused(
      'bad.yaml:1:1: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a condition around the number',
    given: changed(
      ['      nodePort', '      {{- if .Values.nodePort }}\n      nodePort'],
      ['30080', '30080\n      {{- end }}'],
    ),
    gives: refused(
      'bad.yaml:9:7: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a loop',
    given: changed(['    - port', '  {{- range .Values.ports }}\n    - port'], ['30080', '{{ . }}\n  {{- end }}']),
    gives: refused(
      'bad.yaml:8:3: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: labels that are included',
    given: described('  labels:\n    {{- include "web.labels" . | nindent 4 }}\n'),
    gives: refused(
      'bad.yaml:6:5: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a comment',
    given: `{{/* the front door */}}\n${GOOD}`,
    gives: refused(
      'bad.yaml:1:1: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a comment of YAML',
    given: `# {{ .Values.name }}\n${numbered('22')}`,
    gives: denied('web: denied, node-port-range 10:17'),
  },
  {
    name: 'helm: never closed',
    given: numbered('{{ .Values.nodePort'),
    gives: refused(
      'bad.yaml:9:17: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: over two lines',
    given: numbered('{{ .Values.nodePort\n        | default 30080 }}'),
    gives: refused(
      'bad.yaml:9:17: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: in an annotation',
    given: described('  annotations:\n    summary: "{{ $labels.pod }} is down"\n').replace('30080', '22'),
    gives: denied('web: denied, node-port-range 11:17'),
  },
  {
    name: 'helm: definitions, no manifest',
    file: '_helpers.tpl',
    given: '{{- define "web.name" -}}\n{{ .Chart.Name }}\n{{- end }}\n',
    gives: refused(
      '_helpers.tpl:1:1: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: notes',
    file: 'NOTES.txt',
    given: 'Get the URL:\n{{- if contains "NodePort" .Values.type }}\n  echo $NODE_PORT\n{{- end }}\n',
    gives: refused(
      'NOTES.txt:2:1: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'helm: a second document is one',
    given: `${numbered('22')}---\n${changed(['web', '{{ .Release.Name }}'])}`,
    gives: refusedBeside(
      ['web: denied, node-port-range 9:17'],
      'bad.yaml:14:9: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'Jinja: a value',
    given: numbered('{{ node_port }}'),
    gives: refused(
      'bad.yaml:9:17: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'Jinja: a block',
    given: `{% if node_port %}\n${GOOD}{% endif %}\n`,
    gives: refused(
      'bad.yaml:1:1: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'Jinja: a block within',
    given: changed(
      ['      nodePort', '      {% if node_port %}\n      nodePort'],
      ['30080', '30080\n      {% endif %}'],
    ),
    gives: refused(
      'bad.yaml:9:7: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'envsubst: the number',
    given: numbered('${NODE_PORT}'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "${NODE_PORT}" is a string; write a whole number'),
  },
  {
    name: 'envsubst: without braces',
    given: numbered('$NODE_PORT'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "$NODE_PORT" is a string; write a whole number'),
  },
  {
    name: 'envsubst: in the name',
    given: changed(['web', '${APP}']),
    gives: denied('${APP}: denied, api-server-rejects 4:9'),
  },
  {
    name: 'Skaffold, Tanka and others: at signs',
    given: numbered('@NODE_PORT@'),
    gives: refused(
      'bad.yaml:9:17: this is not YAML: Plain value cannot start with reserved character @; quote the value',
    ),
  },
  {
    name: 'ERB',
    given: numbered('<%= node_port %>'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "<%= node_port %>" is a string; write a whole number'),
  },
  {
    name: 'OpenShift: a parameter',
    given: numbered('${{NODE_PORT}}'),
    gives: refused(
      'bad.yaml:9:18: this is a template that was not rendered; render it first, as in helm template CHART | nodeport-gate check -',
    ),
  },
  {
    name: 'an OpenShift Template',
    given: `apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: web}\nobjects:\n${GOOD.replace(/^/gm, '    ').replace('    ', '  - ')}`,
    gives: passed(),
  },
  {
    name: 'kustomize: a patch without a number',
    given: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: NodePort\n',
    gives: denied('web: denied, api-server-rejects 5:1'),
  },
  {
    name: 'kustomize: a patch that deletes',
    given: changed(['- port: 80', '- $patch: delete\n      port: 80']),
    gives: denied('web: denied, api-server-rejects 8:15'),
  },
  {
    name: 'kustomize: a JSON patch',
    given: '- op: replace\n  path: /spec/type\n  value: NodePort\n- {op: add, path: /kind, value: Service}\n',
    gives: passed(),
  },
  {
    name: 'kustomize: its file, named',
    file: 'kustomization.yaml',
    given: 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [service.yaml]\n',
    gives: passed(),
  },
  {
    name: 'helm: values, named',
    file: 'values.yaml',
    given: 'service:\n  type: NodePort\n  nodePort: 30080\n',
    gives: passed(),
  },
  {
    name: 'helm: Chart.yaml, named',
    file: 'Chart.yaml',
    given: 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    gives: passed(),
  },
  {
    name: 'docker compose',
    file: 'compose.yaml',
    given: 'services:\n  web:\n    image: nginx\n    ports: ["30080:80"]\n',
    gives: passed(),
  },
  {
    name: 'jsonnet',
    file: 'web.jsonnet',
    given: "local k = import 'k.libsonnet';\n{ kind: 'Service', apiVersion: 'v1', spec: { type: 'NodePort' } }\n",
    gives: refused(
      'web.jsonnet:1:1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line',
    ),
  },
  {
    name: 'Terraform',
    file: 'web.tf',
    given: 'resource "kubernetes_service" "web" {\n  spec {\n    type = "NodePort"\n  }\n}\n',
    gives: refused('web.tf: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'CUE',
    file: 'web.cue',
    given: 'service: web: {\n\tkind: "Service"\n\tspec: type: "NodePort"\n}\n',
    gives: refused(
      'web.cue:1:10: this is not YAML: Nested mappings are not allowed in compact mappings; quote the value, or indent it as the lines before',
    ),
  },
  {
    name: 'a Dockerfile',
    file: 'Dockerfile',
    given: 'FROM scratch\nEXPOSE 30080\nCMD ["/web"]\n',
    gives: refused('Dockerfile: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'Markdown',
    file: 'README.md',
    given: '# Service\n\nA `NodePort`:\n\n```yaml\nkind: Service\n```\n',
    gives: refused(
      'README.md:5:1: this is not YAML: Implicit keys need to be on a single line; write KEY: VALUE on one line',
    ),
  },
  {
    name: 'CSV',
    file: 'ports.csv',
    given: 'kind,name,nodePort\nService,web,30080\n',
    gives: refused('ports.csv: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'an environment file',
    file: '.env',
    given: 'NODE_PORT=30080\nSERVICE=NodePort\n',
    gives: refused('.env: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'TOML',
    file: 'web.toml',
    given: '[service]\nkind = "Service"\nnodePort = 30080\n',
    gives: refused('web.toml:2:1: this is not YAML: Unexpected scalar at node end; remove it, or quote the value'),
  },
  {
    name: 'INI',
    file: 'web.ini',
    given: '[Service]\nType=simple\n',
    gives: refused('web.ini:2:1: this is not YAML: Unexpected scalar at node end; remove it, or quote the value'),
  },
  {
    name: 'HTML',
    file: 'web.html',
    given: '<!DOCTYPE html>\n<title>Service NodePort</title>\n',
    gives: refused('web.html: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'an error page instead of a download',
    file: 'web.yaml',
    given: '<html><head><title>404 Not Found</title></head></html>\n',
    gives: refused('web.yaml: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
  {
    name: 'what helm prints on a failure',
    given: 'Error: INSTALLATION FAILED: cannot re-use a name that is still in use\n',
    gives: refused(
      'bad.yaml:1:8: this is not YAML: Nested mappings are not allowed in compact mappings; quote the value, or indent it as the lines before',
    ),
  },
  {
    name: 'what kubectl prints on a failure',
    given: 'Error from server (Forbidden): services is forbidden\n',
    gives: passed(),
  },
  {
    name: 'a table of kubectl',
    given: 'NAME   TYPE       CLUSTER-IP   PORT(S)\nweb    NodePort   10.0.0.1     80:30080/TCP\n',
    gives: refused('bad.yaml: there is no Kubernetes object in it; give it manifests, or leave it out'),
  },
];
