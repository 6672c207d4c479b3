package io.ocicat.bgpd;

import io.ocicat.bgp.decision.DecisionSettings;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.inet.Cidr;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the file says.
 *
 * @param socket where {@code ocicat bgp} asks
 * @param networks our own routes
 * @param decision how the best path is chosen; the same for as long as the speaker runs
 * @param policies by name, also those that no peer has
 * @param outlets who else is told
 */
public record BgpdConfig(
    SpeakerSettings speaker,
    Path socket,
    List<Cidr> networks,
    DecisionSettings decision,
    Map<String, RoutePolicy> policies,
    Outlets outlets) {

  /** Where the socket is if the file does not say. */
  public static final Path DEFAULT_SOCKET = Path.of("/run/ocicat/bgpd.sock");

  public BgpdConfig {
    networks = List.copyOf(networks);
    policies = Map.copyOf(policies);
  }

  /** What differs from {@code before} and cannot change while the speaker runs. */
  List<String> onlyAfterStart(BgpdConfig before) {
    List<String> fields = new ArrayList<>();
    if (!socket.equals(before.socket)) {
      fields.add("socket");
    }
    if (!decision.equals(before.decision)) {
      fields.add("decision");
    }
    if (outlets.kernel().isPresent() != before.outlets.kernel().isPresent()) {
      fields.add("kernel");
    }
    return fields;
  }
}
