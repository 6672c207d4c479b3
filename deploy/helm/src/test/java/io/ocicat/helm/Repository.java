package io.ocicat.helm;

import io.ocicat.model.ResourceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where things are. */
final class Repository {
  private static final Path ROOT = root();

  private Repository() {}

  static Path chart() {
    return ROOT.resolve("deploy/helm/ocicat");
  }

  static Path manifests() {
    return ROOT.resolve("deploy/manifests");
  }

  /** The manifests that users are shown. */
  static List<Path> examples() {
    return Stream.of("calico-policies.yaml", "calico-bgp.yaml", "cluster-network-policies.yaml")
        .map(name -> ROOT.resolve("docs/examples").resolve(name))
        .toList();
  }

  /** What the running Maven build has just put together, else what the launcher runs. */
  static Path program() {
    Path dist = ROOT.resolve("deploy/dist/target");
    Path built = dist.resolve("staging/bin/ocicat");
    return Files.isExecutable(built) ? built : dist.resolve("ocicat/bin/ocicat");
  }

  static Path definition(ResourceKind kind) {
    return chart().resolve("crds").resolve(kind.plural() + ".yaml");
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException("no mvnw above " + Path.of("").toAbsolutePath());
      }
    }
    return directory;
  }
}
