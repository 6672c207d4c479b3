package io.ocicat.rtnetlink;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import java.util.List;

/**
 * A routing policy rule that leads to a table, {@code struct fib_rule_hdr} and its attributes.
 *
 * @param priority smaller goes first
 * @param source packets from there; length 0 for any
 * @param destination packets to there; length 0 for any
 * @param inputInterface packets that came in there; empty for any
 * @param mark value of the packet's mark in the bits of {@code markMask}
 * @param protocol who made it, {@code RTPROT_…}
 * @param others attributes without a component
 */
public record RuleMessage(
    int priority,
    int table,
    Cidr source,
    Cidr destination,
    String inputInterface,
    int mark,
    int markMask,
    int protocol,
    List<RawAttribute> others) {

  /**
   * @throws IllegalArgumentException if source and destination differ in family
   */
  public RuleMessage {
    others = List.copyOf(others);
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(
          "rule from %s to %s: two families".formatted(source, destination));
    }
  }

  /** A rule for every packet of the family. */
  public static RuleMessage of(IpFamily family, int priority, int table, int protocol) {
    Cidr any = new Cidr(Families.unspecified(family), 0);
    return new RuleMessage(priority, table, any, any, "", 0, 0, protocol, List.of());
  }

  public IpFamily family() {
    return source.family();
  }
}
