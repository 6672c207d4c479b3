{{- define "ocicat.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "ocicat.selector" -}}
app.kubernetes.io/name: ocicat
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "ocicat.labels" -}}
{{ include "ocicat.selector" . }}
app.kubernetes.io/part-of: ocicat
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}
