package io.ocicat.agent.kernel;

import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.IpAddress;
import io.ocicat.links.OwnLink;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds pods that are wired on the node and in no journal, as after somebody deleted it. Their
 * links' aliases say who they are, and their host routes which addresses they have.
 */
public final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private Adoption() {}

  /**
   * Records them in the ledger.
   *
   * @param network the CNI network to count them to
   */
  public static void adoptUnknown(Ledger ledger, String network) {
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      Map<Integer, List<IpAddress>> addresses = new HashMap<>();
      for (RouteMessage route : rtnetlink.routes(DesiredRoute.PROTOCOL)) {
        if (route.destination().isHost() && route.nextHops().size() == 1) {
          addresses
              .computeIfAbsent(route.nextHops().getFirst().index(), _ -> new ArrayList<>())
              .add(route.destination().address());
        }
      }
      rtnetlink.links().stream()
          .map(OwnLink::of)
          .flatMap(Optional::stream)
          .forEach(
              link ->
                  adopt(
                      ledger,
                      network,
                      link,
                      addresses.getOrDefault(link.link().index(), List.of())));
    }
  }

  private static void adopt(
      Ledger ledger, String network, OwnLink link, List<IpAddress> addresses) {
    AttachmentKey key = new AttachmentKey(link.containerId(), link.ifname());
    if (ledger.endpoint(key).isPresent()) {
      return;
    }
    // Without a route it was never finished, and is undone with all else that was interrupted.
    Stage stage = addresses.isEmpty() ? Stage.ADDING : Stage.READY;
    ledger.adopt(
        new EndpointRecord(
            key,
            network,
            link.namespace(),
            link.pod(),
            "",
            "",
            addresses.stream().sorted().toList(),
            Map.of(),
            stage));
    LOG.warn(
        "adopted {} ({}/{}, {}), which is wired and not in the journal",
        key,
        link.namespace(),
        link.pod(),
        addresses);
  }
}
