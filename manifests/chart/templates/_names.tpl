{{- define "nodeport-gate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 50 characters, so that suffixes and the zz- of the webhooks fit into 63. */}}
{{- define "nodeport-gate.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "nodeport-gate.webhooks" -}}
zz-{{ include "nodeport-gate.fullname" . }}
{{- end -}}

{{- define "nodeport-gate.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "nodeport-gate.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "nodeport-gate.certs" -}}
{{- default (printf "%s-certs" (include "nodeport-gate.fullname" .)) .Values.tls.secretName -}}
{{- end -}}

{{- define "nodeport-gate.image" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end -}}
{{- .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ end -}}
{{- end -}}

{{/* Of the pods: nothing that changes with a version, since a Deployment's selector cannot. */}}
{{- define "nodeport-gate.selectorLabels" -}}
app.kubernetes.io/name: {{ include "nodeport-gate.name" . }}
app.kubernetes.io/component: gate
{{- end -}}

{{- define "nodeport-gate.labels" -}}
app.kubernetes.io/name: {{ include "nodeport-gate.name" . }}
app.kubernetes.io/part-of: nodeport-gate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* A checked-in object with the release's labels added to its own. */}}
{{- define "nodeport-gate.labelled" -}}
{{- $labels := merge (include "nodeport-gate.labels" .context | fromYaml) (default dict .labels) (default dict .object.metadata.labels) -}}
{{- $_ := set .object.metadata "labels" $labels -}}
{{ toYaml .object }}
{{- end -}}
