package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * A node, as far as the network needs it.
 *
 * @param metadata name and labels
 * @param internalAddresses the addresses by which other nodes reach it: those that its agent found,
 *     for a family without one the {@code InternalIP}s in the document's order
 * @param podCidrs the ranges that the cluster has given the node for its pods; most have none
 * @param ready whether its {@code Ready} condition is true
 */
public record Node(
    Metadata metadata, List<IpAddress> internalAddresses, List<Cidr> podCidrs, boolean ready) {

  /** The annotation with its AS number. */
  public static final String AS_NUMBER = "projectcalico.org/ASNumber";

  /** The annotation that makes it a route reflector, with the cluster's id. */
  public static final String REFLECTOR_CLUSTER_ID = "projectcalico.org/RouteReflectorClusterID";

  /** The label of nodes that announce no Services. */
  public static final String SILENT_LABEL =
      "node.kubernetes.io/exclude-from-external-load-balancers";

  /** Annotations with the addresses that the agent found, if those are not the InternalIPs. */
  private static final List<String> FOUND_ADDRESSES =
      List.of("projectcalico.org/IPv4Address", "projectcalico.org/IPv6Address");

  /** Copies the lists. */
  public Node {
    internalAddresses = List.copyOf(internalAddresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /** Reads a document of kind Node; addresses that cannot be read are left out. */
  public static Node read(JsonNode document) {
    Fields status = Fields.of(document).at("status");
    Metadata metadata = Metadata.read(document);
    List<IpAddress> found =
        FOUND_ADDRESSES.stream()
            .map(name -> metadata.annotations().getOrDefault(name, ""))
            .flatMap(text -> IpAddress.tryParse(text.split("/", 2)[0]).stream())
            .toList();
    List<IpAddress> addresses = new ArrayList<>(found);
    for (Fields each : status.list("addresses")) {
      if (each.text("type").equals("InternalIP")) {
        each.address("address")
            .filter(address -> found.stream().noneMatch(f -> f.family() == address.family()))
            .ifPresent(addresses::add);
      }
    }
    boolean ready =
        status.list("conditions").stream()
            .anyMatch(
                each -> each.text("type").equals("Ready") && each.text("status").equals("True"));
    return new Node(metadata, addresses, podCidrs(document.path("spec")), ready);
  }

  private static List<Cidr> podCidrs(JsonNode spec) {
    List<Cidr> cidrs = new ArrayList<>();
    for (JsonNode each : spec.path("podCIDRs")) {
      Cidr.tryParse(each.asText()).ifPresent(cidrs::add);
    }
    if (cidrs.isEmpty()) {
      Cidr.tryParse(spec.path("podCIDR").asText()).ifPresent(cidrs::add);
    }
    return cidrs;
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
