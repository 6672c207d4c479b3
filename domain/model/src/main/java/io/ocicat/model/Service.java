package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A service, as far as policy peers and the announcing of routes need it.
 *
 * @param metadata name, namespace, labels
 * @param type how it is reached
 * @param selector the labels of its pods; empty: somebody else writes its endpoints
 * @param clusterAddresses its virtual addresses, the primary one first; none if it is headless
 * @param externalAddresses those that its author says are routed to nodes
 * @param loadBalancerAddresses those that a load balancer has been given for it
 * @param localTraffic whether what comes from outside goes only to endpoints on the node where it
 *     arrives ({@code externalTrafficPolicy: Local}): then only such nodes announce its addresses
 * @param ports what it listens on
 */
public record Service(
    Metadata metadata,
    Type type,
    Map<String, String> selector,
    List<IpAddress> clusterAddresses,
    List<IpAddress> externalAddresses,
    List<IpAddress> loadBalancerAddresses,
    boolean localTraffic,
    List<Port> ports) {

  /** How a service is reached. */
  public enum Type {
    /** At its virtual addresses, from inside. */
    CLUSTER_IP("ClusterIP"),
    /** Also at a port of every node. */
    NODE_PORT("NodePort"),
    /** Also at a load balancer's addresses. */
    LOAD_BALANCER("LoadBalancer"),
    /** It is another DNS name, and has neither addresses nor endpoints. */
    EXTERNAL_NAME("ExternalName");

    private final String documentName;

    Type(String documentName) {
      this.documentName = documentName;
    }

    private static Type named(String name) {
      for (Type type : values()) {
        if (type.documentName.equals(name)) {
          return type;
        }
      }
      return CLUSTER_IP;
    }
  }

  /**
   * A port.
   *
   * @param name empty if it is the only one and has none
   * @param port of the virtual addresses
   * @param nodePort of the nodes; 0: none
   */
  public record Port(String name, Protocol protocol, int port, int nodePort) {}

  /** Copies the collections. */
  public Service {
    selector = Map.copyOf(selector);
    clusterAddresses = List.copyOf(clusterAddresses);
    externalAddresses = List.copyOf(externalAddresses);
    loadBalancerAddresses = List.copyOf(loadBalancerAddresses);
    ports = List.copyOf(ports);
  }

  /** Reads a document of kind Service; addresses and ports that cannot be read are left out. */
  public static Service read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    Set<IpAddress> cluster = new LinkedHashSet<>();
    spec.address("clusterIP").ifPresent(cluster::add);
    cluster.addAll(addresses(spec.texts("clusterIPs")));
    List<IpAddress> balanced = new ArrayList<>();
    Fields.of(document)
        .at("status")
        .at("loadBalancer")
        .list("ingress")
        .forEach(ingress -> ingress.address("ip").ifPresent(balanced::add));
    List<Port> ports = new ArrayList<>();
    for (Fields port : spec.list("ports")) {
      Protocol.named(port.text("protocol", "TCP"))
          .map(
              protocol ->
                  new Port(
                      port.text("name"),
                      protocol,
                      port.number("port", 0),
                      port.number("nodePort", 0)))
          .ifPresent(ports::add);
    }
    return new Service(
        Metadata.read(document),
        Type.named(spec.text("type")),
        spec.map("selector"),
        List.copyOf(cluster),
        addresses(spec.texts("externalIPs")),
        balanced,
        spec.text("externalTrafficPolicy").equals("Local"),
        ports);
  }

  private static List<IpAddress> addresses(List<String> texts) {
    return texts.stream().flatMap(text -> IpAddress.tryParse(text).stream()).toList();
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The namespace. */
  public String namespace() {
    return metadata.namespace();
  }
}
