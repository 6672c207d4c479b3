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

{{- define "ocicat.afterUninstall" -}}
helm.sh/hook: post-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}

{{/* Made by the Job of cleanup.yaml, not by Helm: applied beside agents it would take their nodes from them. */}}
{{- define "ocicat.cleanup.daemonSet" -}}
{{- $labels := dict "root" . "component" "node-cleanup" -}}
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ocicat-cleanup
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "ocicat.labels" $labels | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "ocicat.selector" $labels | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "ocicat.labels" $labels | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      priorityClassName: {{ .Values.agent.priorityClassName }}
      hostNetwork: true
      dnsPolicy: Default
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
        - operator: Exists
      terminationGracePeriodSeconds: 1
      {{- with .Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      initContainers:
        - name: cleanup
          image: {{ include "ocicat.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args:
            - agent
            - cleanup
            - --wait=60s
            - --cni-bin-dir={{ .Values.agent.cniBinDir }}
            - --cni-conf-dir={{ .Values.agent.cniConfDir }}
          env:
            - name: OCICAT_JAVA_OPTIONS
              value: -Docicat.sysctls=/host/proc/sys
          securityContext:
            runAsUser: 0
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
              add: [NET_ADMIN]
          volumeMounts:
            # The folders above ours, so that ours can go too.
            - name: state
              mountPath: /var/lib
            - name: run
              mountPath: /run
            - name: cni-bin
              mountPath: {{ .Values.agent.cniBinDir }}
            - name: cni-conf
              mountPath: {{ .Values.agent.cniConfDir }}
            - name: sysctls
              mountPath: /host/proc/sys/net
            - name: tmp
              mountPath: /tmp
      containers:
        # That it runs tells that the node is clean.
        - name: done
          image: {{ include "ocicat.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          command: [sleep, "2147483647"]
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: state
          hostPath:
            path: /var/lib
            type: Directory
        - name: run
          hostPath:
            path: /run
            type: Directory
        - name: cni-bin
          hostPath:
            path: {{ .Values.agent.cniBinDir }}
            type: DirectoryOrCreate
        - name: cni-conf
          hostPath:
            path: {{ .Values.agent.cniConfDir }}
            type: DirectoryOrCreate
        - name: sysctls
          hostPath:
            path: /proc/sys/net
            type: Directory
        - name: tmp
          emptyDir: {}
{{- end }}
