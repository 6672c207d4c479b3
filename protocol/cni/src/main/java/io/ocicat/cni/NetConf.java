package io.ocicat.cni;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The plugin configuration object of one call. Unknown keys are ignored, so that a configuration
 * for a newer minor version is served too.
 *
 * @param name of the network, unique on the host
 * @param document all of it
 */
public record NetConf(CniVersion version, String name, JsonNode document) {

  /** {@code args.cni.labels}; entries that are not a pair of texts are skipped (V-13). */
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    for (JsonNode pair : document.path("args").path("cni").path("labels")) {
      if (pair.path("key").isTextual() && pair.path("value").isTextual()) {
        labels.put(pair.path("key").asText(), pair.path("value").asText());
      }
    }
    return labels;
  }

  /**
   * The addresses asked for: {@code runtimeConfig.ips}, else {@code args.cni.ips}, else {@code IP}
   * of {@code CNI_ARGS} (V-14). Each may carry a prefix length, which is ignored: a pod always gets
   * host addresses.
   *
   * @throws IllegalArgumentException if one is not an address; the message quotes it
   */
  List<IpAddress> requestedAddresses(CniArgs args) {
    List<String> texts = texts(document.path("runtimeConfig").path("ips"));
    if (texts.isEmpty()) {
      texts = texts(document.path("args").path("cni").path("ips"));
    }
    if (texts.isEmpty() && !args.requestedAddress().isEmpty()) {
      texts = List.of(args.requestedAddress().split(","));
    }
    Set<IpAddress> addresses = new LinkedHashSet<>();
    for (String text : texts) {
      int slash = text.indexOf('/');
      addresses.add(IpAddress.parse(slash < 0 ? text : text.substring(0, slash)));
    }
    return List.copyOf(addresses);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode one : list) {
      texts.add(one.asText());
    }
    return texts;
  }

  /** {@code prevResult}; empty if there is none or it is malformed. */
  public Optional<CniResult> prevResult() {
    JsonNode node = document.path("prevResult");
    return node.isObject() ? CniResult.read(node) : Optional.empty();
  }

  /** The list that GC gets, under its name of the specification or the older one. */
  ValidAttachments validAttachments() {
    JsonNode list = document.path("cni.dev/valid-attachments");
    if (!list.isArray()) {
      list = document.path("cni.dev/attachments");
    }
    if (!list.isArray()) {
      return new ValidAttachments.NotGiven();
    }
    Set<AttachmentKey> keys = new LinkedHashSet<>();
    for (JsonNode one : list) {
      keys.add(new AttachmentKey(one.path("containerID").asText(), one.path("ifname").asText()));
    }
    return new ValidAttachments.Given(keys);
  }

  /** What a runtime says is still there. */
  public sealed interface ValidAttachments {

    /** Everything of the network that is not in {@code keys} is stale. */
    record Given(Set<AttachmentKey> keys) implements ValidAttachments {
      public Given {
        keys = Set.copyOf(keys);
      }
    }

    /** The runtime said nothing, so nothing is known to be stale. */
    record NotGiven() implements ValidAttachments {}
  }
}
