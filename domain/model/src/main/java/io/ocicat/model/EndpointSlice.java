package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a service's endpoints, in {@code discovery.k8s.io/v1} or {@code v1beta1}, as far as
 * policy peers and the announcing of routes need it.
 *
 * @param metadata name, namespace, labels
 * @param service the service's name; empty if the slice belongs to none
 * @param endpoints the endpoints; none in a slice of DNS names
 * @param ports what all of them listen on
 */
public record EndpointSlice(
    Metadata metadata, String service, List<Endpoint> endpoints, List<Port> ports) {

  private static final String SERVICE_LABEL = "kubernetes.io/service-name";
  private static final String HOSTNAME = "kubernetes.io/hostname";

  /**
   * One endpoint.
   *
   * @param addresses of one family
   * @param ready whether it shall get new connections; unknown counts as so
   * @param serving whether it answers, though it may be ending; unknown: as {@code ready}
   * @param terminating whether it is ending
   * @param node where it is; empty if that is not known
   * @param pod the name of the pod that it is; empty if it is none
   */
  public record Endpoint(
      List<IpAddress> addresses,
      boolean ready,
      boolean serving,
      boolean terminating,
      String node,
      String pod) {
    /** Copies the list. */
    public Endpoint {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A port of the endpoints.
   *
   * @param name the service port's name; empty if it has none
   * @param port 0: all ports
   */
  public record Port(String name, Protocol protocol, int port) {}

  /** Copies the lists. */
  public EndpointSlice {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }

  /**
   * Reads a document of kind EndpointSlice; addresses and ports that cannot be read are left out.
   */
  public static EndpointSlice read(JsonNode document) {
    Fields fields = Fields.of(document);
    Metadata metadata = Metadata.read(document);
    boolean named = fields.text("addressType").equals("FQDN");
    List<Endpoint> endpoints = new ArrayList<>();
    for (Fields each : named ? List.<Fields>of() : fields.list("endpoints")) {
      endpoints.add(endpoint(each));
    }
    List<Port> ports = new ArrayList<>();
    for (Fields each : fields.list("ports")) {
      Protocol.named(each.text("protocol", "TCP"))
          .map(protocol -> new Port(each.text("name"), protocol, each.number("port", 0)))
          .ifPresent(ports::add);
    }
    return new EndpointSlice(
        metadata, metadata.labels().asMap().getOrDefault(SERVICE_LABEL, ""), endpoints, ports);
  }

  private static Endpoint endpoint(Fields fields) {
    Fields conditions = fields.at("conditions");
    boolean ready = !conditions.has("ready") || conditions.flag("ready");
    Fields target = fields.at("targetRef");
    return new Endpoint(
        fields.texts("addresses").stream()
            .flatMap(text -> IpAddress.tryParse(text).stream())
            .toList(),
        ready,
        conditions.has("serving") ? conditions.flag("serving") : ready,
        conditions.flag("terminating"),
        // v1beta1 has it among the topology.
        fields.text("nodeName", fields.at("topology").text(HOSTNAME)),
        target.text("kind").equals("Pod") ? target.text("name") : "");
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
