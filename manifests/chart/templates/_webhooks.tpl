{{- define "nodeport-gate.scope" -}}
namespaceSelector:
  {{- with .Values.webhook.namespaceSelector.matchLabels }}
  matchLabels: {{- toYaml . | nindent 4 }}
  {{- end }}
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values: {{- append .Values.webhook.excludeNamespaces .Release.Namespace | uniq | toYaml | nindent 8 }}
    {{- with .Values.webhook.namespaceSelector.matchExpressions }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- with .Values.webhook.objectSelector }}
objectSelector: {{- toYaml . | nindent 2 }}
{{- end }}
matchConditions:
  - name: concerns-node-ports
    expression: >-
      [object, oldObject].exists(o, o != null && has(o.spec) && ((has(o.spec.type) && o.spec.type in ["NodePort","LoadBalancer"]) || (has(o.spec.ports) && o.spec.ports.exists(p, has(p.nodePort) && p.nodePort != 0)) || (has(o.spec.healthCheckNodePort) && o.spec.healthCheckNodePort != 0) || (has(o.spec.externalIPs) && size(o.spec.externalIPs) > 0)))
  - name: changes-something
    expression: >-
      oldObject == null || object.spec != oldObject.spec || object.metadata.?labels.orValue({}) != oldObject.metadata.?labels.orValue({}) || object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})
  - name: is-not-the-api-server
    expression: >-
      !(request.namespace == "default" && request.name == "kubernetes" && request.userInfo.username == "system:apiserver")
  {{- with .Values.webhook.matchConditions }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "nodeport-gate.clientConfig" -}}
clientConfig:
  service:
    namespace: {{ .context.Release.Namespace }}
    name: {{ include "nodeport-gate.fullname" .context }}
    path: {{ .path }}
    port: 443
  {{- if eq .context.Values.tls.mode "secret" }}
  caBundle: {{ b64enc .context.Values.tls.caBundle }}
  {{- end }}
{{- end -}}

{{- define "nodeport-gate.webhookMetadata" -}}
name: {{ include "nodeport-gate.webhooks" . }}
labels: {{- include "nodeport-gate.labels" . | nindent 2 }}
{{- if eq .Values.tls.mode "certManager" }}
annotations:
  cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/{{ include "nodeport-gate.certs" . }}
{{- end }}
{{- end -}}
