package io.ocicat.policy;

import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.FelixConfiguration.EndpointToHostAction;
import io.ocicat.model.FelixConfiguration.EstablishedConnections;
import io.ocicat.model.FelixConfiguration.FailsafePort;
import io.ocicat.model.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What holds for a node's own traffic whatever policies say.
 *
 * @param failsafeInbound ports of the node that no host endpoint's policy closes
 * @param failsafeOutbound ports elsewhere that the node always reaches
 * @param endpointToHost what becomes of a pod's packets to its own node
 * @param established what becomes of pods' connections that are not allowed any more
 */
public record HostSettings(
    List<FailsafePort> failsafeInbound,
    List<FailsafePort> failsafeOutbound,
    EndpointToHostAction endpointToHost,
    EstablishedConnections established) {

  /**
   * Calico's, but for {@link #endpointToHost}, which is what Calico's own manifests set.
   *
   * @see <a href="https://docs.tigera.io/calico/latest/reference/host-endpoints/failsafe">Failsafe
   *     rules</a>
   */
  public static final HostSettings DEFAULT =
      new HostSettings(
          Stream.concat(
                  Stream.of(tcp(22), new FailsafePort(Protocol.UDP, 68, Optional.empty())), both())
              .toList(),
          Stream.concat(
                  Stream.of(
                      new FailsafePort(Protocol.UDP, 53, Optional.empty()),
                      new FailsafePort(Protocol.UDP, 67, Optional.empty())),
                  both())
              .toList(),
          EndpointToHostAction.ACCEPT,
          EstablishedConnections.KEEP);

  public HostSettings {
    failsafeInbound = List.copyOf(failsafeInbound);
    failsafeOutbound = List.copyOf(failsafeOutbound);
  }

  private static Stream<FailsafePort> both() {
    return Stream.of(179, 2379, 2380, 5473, 6443, 6666, 6667).map(HostSettings::tcp);
  }

  private static FailsafePort tcp(int port) {
    return new FailsafePort(Protocol.TCP, port, Optional.empty());
  }

  /** These where the configuration says nothing, else what it says. */
  public HostSettings overriddenBy(FelixConfiguration configuration) {
    return new HostSettings(
        configuration.failsafeInbound().orElse(failsafeInbound),
        configuration.failsafeOutbound().orElse(failsafeOutbound),
        configuration.endpointToHost().orElse(endpointToHost),
        configuration.established().orElse(established));
  }

  /** These, with TCP ports that are open in both directions. */
  public HostSettings withOpen(Collection<Integer> tcpPorts) {
    return new HostSettings(
        with(failsafeInbound, tcpPorts),
        with(failsafeOutbound, tcpPorts),
        endpointToHost,
        established);
  }

  private static List<FailsafePort> with(List<FailsafePort> ports, Collection<Integer> tcpPorts) {
    Set<FailsafePort> all = new LinkedHashSet<>(ports);
    tcpPorts.stream().sorted().forEach(port -> all.add(tcp(port)));
    return new ArrayList<>(all);
  }
}
