package io.ocicat.controller.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path of the API taken apart: {@code /apis/GROUP/VERSION[/namespaces/NAMESPACE]/RESOURCE[/NAME[
 * /SUBRESOURCE]]}, where the core group's paths begin with {@code /api/VERSION}. Empty texts stand
 * for parts that are not there.
 */
record RequestPath(
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource) {

  /** Empty if the path is no resource's. */
  static Optional<RequestPath> parse(List<String> path) {
    boolean core = !path.isEmpty() && path.getFirst().equals("api");
    boolean named = !path.isEmpty() && path.getFirst().equals("apis");
    int prefix = core ? 2 : 3;
    if ((!core && !named) || path.size() <= prefix) {
      return Optional.empty();
    }
    String group = core ? "" : path.get(1);
    String version = path.get(prefix - 1);
    List<String> rest = new ArrayList<>(path.subList(prefix, path.size()));
    String namespace = "";
    if (rest.size() > 2 && rest.getFirst().equals("namespaces") && !isNamespaceSubresource(rest)) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    if (rest.size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new RequestPath(
            group,
            version,
            namespace,
            rest.getFirst(),
            rest.size() > 1 ? rest.get(1) : "",
            rest.size() > 2 ? rest.get(2) : ""));
  }

  private static boolean isNamespaceSubresource(List<String> rest) {
    return rest.size() == 3 && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
  }

  /** The resource and subresource as discovery spells them. */
  String qualifiedResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
