package io.ocicat.model.schema;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.AsNumber;
import io.ocicat.model.GoDuration;
import io.ocicat.model.PeerEndpoint;
import io.ocicat.model.RouteCommunity;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What is wrong with the texts of the kinds that routing is made of. */
public final class RoutingChecks {
  private static final Pattern DEVICES = Pattern.compile("[A-Za-z0-9_.*-]{1,15}");
  private static final Pattern COMMUNITY_NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}");

  private RoutingChecks() {}

  /** The number of an autonomous system. */
  public static List<String> asNumber(String text) {
    return parsed(text, AsNumber::parse);
  }

  /** A standard or large community. */
  public static List<String> community(String text) {
    return parsed(text, RouteCommunity::parse);
  }

  /** The name that a community is given in a BGPConfiguration. */
  public static List<String> communityName(String text) {
    return COMMUNITY_NAME.matcher(text).matches()
        ? List.of()
        : List.of("must be 1 to 63 letters, digits, '_' and '-'");
  }

  /** A community, or the name of one. */
  public static List<String> communityOrName(String text) {
    return text.indexOf(':') >= 0 ? community(text) : communityName(text);
  }

  /** A length of time. */
  public static List<String> duration(String text) {
    return parsed(text, GoDuration::parse);
  }

  /** Where a router listens. */
  public static List<String> peerEndpoint(String text) {
    return parsed(text, PeerEndpoint::parse);
  }

  /** Names of network devices, with asterisks for any characters. */
  public static List<String> devices(String text) {
    return DEVICES.matcher(text).matches()
        ? List.of()
        : List.of("must be 1 to 15 letters, digits, '_', '.', '-' and '*'");
  }

  /** An IPv4 address. */
  public static List<String> ipv4Address(String text) {
    return address(text, IpFamily.IPV4, "must be an IPv4 address");
  }

  /** An IPv6 address. */
  public static List<String> ipv6Address(String text) {
    return address(text, IpFamily.IPV6, "must be an IPv6 address");
  }

  /** An IPv4 prefix without bits set after its length. */
  public static List<String> ipv4Cidr(String text) {
    return cidr(text, IpFamily.IPV4, "must be an IPv4 prefix");
  }

  /** An IPv6 prefix without bits set after its length. */
  public static List<String> ipv6Cidr(String text) {
    return cidr(text, IpFamily.IPV6, "must be an IPv6 prefix");
  }

  private static List<String> address(String text, IpFamily family, String problem) {
    return IpAddress.tryParse(text).filter(address -> address.family() == family).isPresent()
        ? List.of()
        : List.of(problem);
  }

  private static List<String> cidr(String text, IpFamily family, String problem) {
    List<String> problems = TextChecks.strictCidr(text);
    return problems.isEmpty() && Cidr.parse(text).family() != family ? List.of(problem) : problems;
  }

  private static List<String> parsed(String text, Function<String, ?> parser) {
    try {
      var _ = parser.apply(text);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }
}
