package io.ocicat.cni;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code CNI_ARGS}: the pairs that are understood; empty text for what was not given.
 *
 * @param requestedAddress the value of {@code IP}: an address, or an address with prefix length
 */
public record CniArgs(
    String podNamespace,
    String podName,
    String podUid,
    String podInfraContainerId,
    String requestedAddress) {

  public static final CniArgs NONE = new CniArgs("", "", "", "", "");

  private static final Set<String> KNOWN =
      Set.of(
          "IgnoreUnknown",
          "K8S_POD_NAMESPACE",
          "K8S_POD_NAME",
          "K8S_POD_UID",
          "K8S_POD_INFRA_CONTAINER_ID",
          "IP");

  /** What came of reading the text. */
  public sealed interface Reading {
    record Understood(CniArgs args) implements Reading {}

    /**
     * @param problems all of them, each a phrase that quotes the pair
     */
    record Malformed(List<String> problems) implements Reading {}
  }

  /**
   * Reads {@code K=V;K=V}. As libcni's loader, refuses unknown keys unless {@code IgnoreUnknown} is
   * true.
   */
  public static Reading parse(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String pair : text.split(";", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1) {
        problems.add("'" + pair + "' is not KEY=VALUE");
      } else {
        pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    String ignore = pairs.getOrDefault("IgnoreUnknown", "0");
    if (!Set.of("1", "true", "True", "TRUE").contains(ignore)) {
      pairs.keySet().stream()
          .filter(key -> !KNOWN.contains(key))
          .forEach(key -> problems.add("unknown key '" + key + "' without IgnoreUnknown=1"));
    }
    if (!problems.isEmpty()) {
      return new Reading.Malformed(List.copyOf(problems));
    }
    return new Reading.Understood(
        new CniArgs(
            pairs.getOrDefault("K8S_POD_NAMESPACE", ""),
            pairs.getOrDefault("K8S_POD_NAME", ""),
            pairs.getOrDefault("K8S_POD_UID", ""),
            pairs.getOrDefault("K8S_POD_INFRA_CONTAINER_ID", ""),
            pairs.getOrDefault("IP", "")));
  }
}
