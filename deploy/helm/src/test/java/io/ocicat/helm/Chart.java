package io.ocicat.helm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart as Helm renders it. */
final class Chart {
  private static final String NAMESPACE = "kube-system";

  private static final String HOOK = "helm.sh/hook:";
  private static final String DISGUISED = "helm.sh/no-hook:";

  private Chart() {}

  static Helm helm() {
    return new Helm(Repository.chart());
  }

  /** What a cluster of this version is given, without the CustomResourceDefinitions and hooks. */
  static List<ObjectNode> render(String kubeVersion, Map<String, Object> values) {
    return Yaml.readAll(text(kubeVersion, values));
  }

  /**
   * What Helm creates when it uninstalls. As it renders no hooks here, it is shown a chart that has
   * none of that name.
   */
  static List<ObjectNode> hooks(String kubeVersion, Map<String, Object> values) {
    try {
      Path copy = Files.createTempDirectory("chart");
      try (Stream<Path> files = Files.walk(Repository.chart())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path target = copy.resolve(Repository.chart().relativize(file));
          Files.createDirectories(target.resolveSibling(""));
          Files.writeString(target, Files.readString(file).replace(HOOK, DISGUISED));
        }
      }
      String text = text(new Helm(copy), kubeVersion, values).replace(DISGUISED, HOOK);
      return Yaml.readAll(text).stream()
          .filter(each -> each.at("/metadata/annotations").has("helm.sh/hook"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the chart", e);
    }
  }

  /** The DaemonSet that cleans nodes up, which Helm's hook makes. */
  static ObjectNode cleanup(String kubeVersion, Map<String, Object> values) {
    return hooks(kubeVersion, values).stream()
        .filter(each -> each.path("kind").asText().equals("ConfigMap"))
        .map(each -> Yaml.readAll(each.at("/data/daemonset.yaml").asText()).getFirst())
        .findFirst()
        .orElseThrow();
  }

  static List<ObjectNode> render() {
    return render("v1.34.0", Map.of());
  }

  /**
   * @throws IllegalStateException if Helm refuses, with its words
   */
  static String text(String kubeVersion, Map<String, Object> values) {
    return text(helm(), kubeVersion, values);
  }

  private static String text(Helm helm, String kubeVersion, Map<String, Object> values) {
    TemplateCommand command =
        helm.template()
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
    documents.forEach(Chart::withoutHelm);
    return documents;
  }

  /** The DaemonSet that cleans nodes up, likewise. */
  static ObjectNode plainCleanup() {
    return withoutHelm(cleanup("v1.34.0", Map.of()));
  }

  private static ObjectNode withoutHelm(ObjectNode document) {
    forget(document);
    forget(document.at("/spec/template") instanceof ObjectNode template ? template : document);
    return document;
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
