package io.ocicat.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The success object of ADD, and what a runtime hands back as {@code prevResult}.
 *
 * <p>Written in the version asked for: fields of 1.1 are left out for older ones, and {@code
 * ips[].version}, which 1.0 dropped, is written for 0.3 and 0.4. Read leniently.
 */
public record CniResult(List<Interface> interfaces, List<Ip> ips, List<Route> routes) {

  public CniResult {
    interfaces = List.copyOf(interfaces);
    ips = List.copyOf(ips);
    routes = List.copyOf(routes);
  }

  /**
   * @param mac empty if not known
   * @param mtuBytes 0 if not known; 1.1
   * @param sandbox the namespace's path; empty for an interface of the host
   */
  public record Interface(String name, String mac, int mtuBytes, String sandbox) {}

  /**
   * @param interfaceIndex into the interfaces; negative if the result does not say
   */
  public record Ip(
      IpAddress address, int prefixLength, List<IpAddress> gateway, int interfaceIndex) {
    public Ip {
      gateway = List.copyOf(gateway);
    }
  }

  /**
   * @param gateway empty for a route without one
   */
  public record Route(Cidr destination, List<IpAddress> gateway) {
    public Route {
      gateway = List.copyOf(gateway);
    }
  }

  /** The object, with {@code cniVersion}, in the fields of that version. */
  public String toJson(CniVersion version) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("cniVersion", version.toString());
    ArrayNode interfaceNodes = object.putArray("interfaces");
    for (Interface one : interfaces) {
      ObjectNode node = interfaceNodes.addObject().put("name", one.name);
      if (!one.mac.isEmpty()) {
        node.put("mac", one.mac);
      }
      if (one.mtuBytes > 0 && version.isAtLeast(CniVersion.V1_1_0)) {
        node.put("mtu", one.mtuBytes);
      }
      if (!one.sandbox.isEmpty()) {
        node.put("sandbox", one.sandbox);
      }
    }
    ArrayNode ipNodes = object.putArray("ips");
    for (Ip one : ips) {
      ObjectNode node = ipNodes.addObject();
      if (!version.isAtLeast(CniVersion.V1_0_0)) {
        node.put("version", one.address.family() == IpFamily.IPV4 ? "4" : "6");
      }
      node.put("address", one.address + "/" + one.prefixLength);
      one.gateway.forEach(gateway -> node.put("gateway", gateway.toString()));
      if (one.interfaceIndex >= 0) {
        node.put("interface", one.interfaceIndex);
      }
    }
    ArrayNode routeNodes = object.putArray("routes");
    for (Route one : routes) {
      ObjectNode node = routeNodes.addObject().put("dst", one.destination.toString());
      one.gateway.forEach(gateway -> node.put("gw", gateway.toString()));
    }
    return object.toString();
  }

  /** Reads a result; empty if an address or prefix in it is malformed. */
  public static Optional<CniResult> read(JsonNode object) {
    try {
      List<Interface> interfaces = new ArrayList<>();
      for (JsonNode node : object.path("interfaces")) {
        interfaces.add(
            new Interface(
                node.path("name").asText(),
                node.path("mac").asText(),
                node.path("mtu").asInt(),
                node.path("sandbox").asText()));
      }
      List<Ip> ips = new ArrayList<>();
      for (JsonNode node : object.path("ips")) {
        String text = node.path("address").asText();
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        int prefixLength =
            slash < 0 ? address.family().bits() : Integer.parseInt(text.substring(slash + 1));
        ips.add(
            new Ip(
                address,
                prefixLength,
                gateway(node.path("gateway")),
                node.path("interface").asInt(-1)));
      }
      List<Route> routes = new ArrayList<>();
      for (JsonNode node : object.path("routes")) {
        routes.add(
            new Route(Cidr.parseLenient(node.path("dst").asText()), gateway(node.path("gw"))));
      }
      return Optional.of(new CniResult(interfaces, ips, routes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<IpAddress> gateway(JsonNode node) {
    return node.asText().isEmpty() ? List.of() : List.of(IpAddress.parse(node.asText()));
  }

  /** Index of the interface of that name inside that sandbox. */
  public OptionalInt indexOf(String name, String sandbox) {
    for (int i = 0; i < interfaces.size(); i++) {
      if (interfaces.get(i).name.equals(name) && interfaces.get(i).sandbox.equals(sandbox)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
