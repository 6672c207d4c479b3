package io.ocicat.policy;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.IcmpMatch;
import io.ocicat.model.IpProtocol;
import java.util.Collection;
import java.util.List;

/**
 * The traffic that a rule is about. All that is given has to hold.
 *
 * @param families in the order of {@link IpFamily}
 * @param protocols the protocol is one of these; empty for any
 * @param notProtocols the protocol is none of these
 */
public record TrafficMatch(
    List<IpFamily> families,
    List<IpProtocol> protocols,
    List<IpProtocol> notProtocols,
    IcmpMatch icmp,
    IcmpMatch notIcmp,
    TrafficEnd source,
    TrafficEnd destination) {

  private static final List<IpFamily> BOTH = List.of(IpFamily.values());

  public static final TrafficMatch ANYTHING = of(TrafficEnd.ANYTHING, TrafficEnd.ANYTHING);

  public TrafficMatch {
    families = inOrder(families);
    protocols = List.copyOf(protocols);
    notProtocols = List.copyOf(notProtocols);
  }

  /** Traffic of every family and protocol. */
  public static TrafficMatch of(TrafficEnd source, TrafficEnd destination) {
    return new TrafficMatch(
        BOTH,
        List.of(),
        List.of(),
        new IcmpMatch.NotGiven(),
        new IcmpMatch.NotGiven(),
        source,
        destination);
  }

  private static List<IpFamily> inOrder(Collection<IpFamily> families) {
    return BOTH.stream().filter(families::contains).toList();
  }
}
