package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * A node, as far as the network needs it.
 *
 * @param metadata name and labels
 * @param internalAddresses the addresses by which other nodes reach it ({@code InternalIP}), in the
 *     document's order
 * @param ready whether its {@code Ready} condition is true
 */
public record Node(Metadata metadata, List<IpAddress> internalAddresses, boolean ready) {
  /** Copies the list. */
  public Node {
    internalAddresses = List.copyOf(internalAddresses);
  }

  /** Reads a document of kind Node; addresses that cannot be read are left out. */
  public static Node read(JsonNode document) {
    Fields status = Fields.of(document).at("status");
    List<IpAddress> addresses = new ArrayList<>();
    for (Fields each : status.list("addresses")) {
      if (each.text("type").equals("InternalIP")) {
        each.address("address").ifPresent(addresses::add);
      }
    }
    boolean ready =
        status.list("conditions").stream()
            .anyMatch(
                each -> each.text("type").equals("Ready") && each.text("status").equals("True"));
    return new Node(Metadata.read(document), addresses, ready);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The labels. */
  public Labels labels() {
    return metadata.labels();
  }
}
