package io.ocicat.helm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The chart as Helm renders it. */
final class Chart {
  private static final String NAMESPACE = "kube-system";

  private Chart() {}

  static Helm helm() {
    return new Helm(Repository.chart());
  }

  /** What a cluster of this version is given, without the CustomResourceDefinitions. */
  static List<ObjectNode> render(String kubeVersion, Map<String, Object> values) {
    return Yaml.readAll(text(kubeVersion, values));
  }

  static List<ObjectNode> render() {
    return render("v1.34.0", Map.of());
  }

  /**
   * @throws IllegalStateException if Helm refuses, with its words
   */
  static String text(String kubeVersion, Map<String, Object> values) {
    TemplateCommand command =
        helm()
            .template()
            .withName("ocicat")
            .withNamespace(NAMESPACE)
            .withKubeVersion(kubeVersion)
            .skipCrds();
    values.forEach(command::set);
    return command.call();
  }

  /** The documents' text as it is committed: without what belongs to Helm alone. */
  static List<ObjectNode> plain() {
    List<ObjectNode> documents = new ArrayList<>(render());
    for (ObjectNode document : documents) {
      forget(document);
      forget(document.at("/spec/template") instanceof ObjectNode template ? template : document);
    }
    return documents;
  }

  private static void forget(ObjectNode owner) {
    if (owner.at("/metadata/labels") instanceof ObjectNode labels) {
      labels.remove(List.of("app.kubernetes.io/managed-by", "helm.sh/chart"));
    }
    if (owner.at("/metadata/annotations") instanceof ObjectNode annotations) {
      annotations.remove("helm.sh/resource-policy");
      if (annotations.isEmpty() && owner.get("metadata") instanceof ObjectNode metadata) {
        metadata.remove("annotations");
      }
    }
  }
}
