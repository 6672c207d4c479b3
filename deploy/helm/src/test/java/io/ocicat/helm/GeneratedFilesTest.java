package io.ocicat.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.ResourceKind;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.model.crd.CustomResourceDefinitions.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Files that are made from something else are as they would be if they were made now. */
class GeneratedFilesTest {
  private static final boolean REFRESH = Boolean.getBoolean("ocicat.generate");

  @Test
  void definitionsOfTheChartAreCurrent() throws IOException {
    for (ResourceKind kind : CustomResourceDefinitions.kinds()) {
      current(
          Repository.definition(kind),
          "# Made from the definitions in domain/model by ./build generate.\n"
              + Yaml.write(CustomResourceDefinitions.of(kind, Rules.INCLUDED)));
    }
  }

  @Test
  void definitionsForOldServersAreCurrent() throws IOException {
    current(
        Repository.manifests().resolve("crds-before-1.31.yaml"),
        "# The CustomResourceDefinitions for Kubernetes before 1.31: without the rules between fields,\n"
            + "# which such servers cannot read. Made by ./build generate.\n"
            + definitions(Rules.LEFT_OUT));
  }

  @Test
  void manifestsAreCurrent() throws IOException {
    Map<Boolean, List<String>> byPool =
        Chart.plain().stream()
            .collect(
                Collectors.partitioningBy(
                    each -> each.path("kind").asText().equals("IPPool"),
                    Collectors.mapping(Yaml::write, Collectors.toList())));
    String head =
        "# What the chart makes of its default values, for kube-system. Made by ./build generate.\n";
    current(
        Repository.manifests().resolve("ocicat.yaml"),
        head + definitions(Rules.INCLUDED) + "---\n" + String.join("---\n", byPool.get(false)));
    current(
        Repository.manifests().resolve("ip-pools.yaml"),
        head + String.join("---\n", byPool.get(true)));
    current(
        Repository.manifests().resolve("cleanup.yaml"),
        "# Gives every node back as it was before it had an agent. Delete the agents before you apply this, and this\n"
            + "# when it is ready on every node. Made by ./build generate.\n"
            + Yaml.write(Chart.plainCleanup()));
  }

  private static String definitions(Rules rules) {
    return CustomResourceDefinitions.kinds().stream()
        .map(kind -> Yaml.write(CustomResourceDefinitions.of(kind, rules)))
        .collect(Collectors.joining("---\n"));
  }

  private static void current(Path file, String content) throws IOException {
    if (REFRESH) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    }
    assertThat(file).as("run ./build generate").exists();
    assertThat(Files.readString(file))
        .as("%s is stale: run ./build generate", file.getFileName())
        .isEqualTo(content);
  }
}
