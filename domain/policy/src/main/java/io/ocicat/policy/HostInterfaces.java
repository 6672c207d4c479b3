package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.HostEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which host endpoint each interface of a node is.
 *
 * <p>An interface is the endpoint that names it, or that names none and has one of its addresses;
 * of several the one whose name comes first. All others are the first endpoint for all interfaces,
 * if there is one.
 *
 * @param byInterface the interfaces that have one of their own
 * @param others that of all others
 * @param nowhere those that are no interface: it is not there, or another endpoint's
 */
public record HostInterfaces(
    Map<String, PolicyHost> byInterface, Optional<PolicyHost> others, List<PolicyHost> nowhere) {

  public HostInterfaces {
    byInterface = Collections.unmodifiableMap(new TreeMap<>(byInterface));
    nowhere = List.copyOf(nowhere);
  }

  /**
   * Assigns a node's endpoints.
   *
   * @param endpoints of the node
   * @param addresses of each of its interfaces that are no pods'
   */
  public static HostInterfaces of(
      Collection<PolicyHost> endpoints, Map<String, ? extends Collection<IpAddress>> addresses) {
    Map<String, PolicyHost> byInterface = new TreeMap<>();
    Optional<PolicyHost> others = Optional.empty();
    List<PolicyHost> nowhere = new ArrayList<>();
    for (PolicyHost endpoint :
        endpoints.stream().sorted(Comparator.comparing(PolicyHost::name)).toList()) {
      boolean isPlaced = false;
      switch (endpoint.interfaceName()) {
        case HostEndpoint.ALL_INTERFACES -> {
          isPlaced = others.isEmpty();
          others = others.or(() -> Optional.of(endpoint));
        }
        case "" -> {
          for (Map.Entry<String, ? extends Collection<IpAddress>> each : addresses.entrySet()) {
            isPlaced |=
                each.getValue().stream().anyMatch(endpoint.addresses()::contains)
                    && byInterface.putIfAbsent(each.getKey(), endpoint) == null;
          }
        }
        default -> isPlaced = byInterface.putIfAbsent(endpoint.interfaceName(), endpoint) == null;
      }
      if (!isPlaced) {
        nowhere.add(endpoint);
      }
    }
    return new HostInterfaces(byInterface, others, nowhere);
  }
}
