package io.ocicat.nft.compile;

import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.Table;
import io.ocicat.plan.PodLink;
import io.ocicat.policy.GroupId;
import java.nio.charset.StandardCharsets;

/** The names in our table. */
final class Layout {

  static final Table TABLE = new Table(NftFamily.INET, "ocicat");

  static final String FORWARD = "forward";
  static final String INPUT = "input";
  static final String POSTROUTING = "postrouting";
  static final String TO_ENDPOINT = "to-endpoint";
  static final String NEIGHBOURS = "neighbours";
  static final String EGRESS = "egress";
  static final String INGRESS = "ingress";

  /** Matches every interface of ours. */
  static final String ANY_ENDPOINT = PodLink.HOST_INTERFACE_PREFIX + "*";

  /** Where packets that Log rules match are reported. */
  static final int LOG_GROUP = 79;

  private static final int COMMENT_MAX_BYTES = 127;

  private Layout() {}

  static String fromEndpoint(String hostInterface) {
    return "from-" + hostInterface;
  }

  static String toEndpoint(String hostInterface) {
    return "to-" + hostInterface;
  }

  /** The name of a tier's chain, and of its map from what peers are to rows. */
  static String tier(String id) {
    return "tier-" + id;
  }

  static String row(String id) {
    return "row-" + id;
  }

  static String ruleChain(String id) {
    return "rule-" + id;
  }

  static String ports(String id) {
    return "ports-" + id;
  }

  /** The map from single addresses to what they are. */
  static String hosts(IpFamily family) {
    return "hosts-" + digit(family);
  }

  /** The map from ranges of other addresses to what these are. */
  static String ranges(IpFamily family) {
    return "ranges-" + digit(family);
  }

  static String group(GroupId id, IpFamily family) {
    return "g-" + id + "-" + digit(family);
  }

  static String rangeGroup(GroupId id, IpFamily family) {
    return "gr-" + id + "-" + digit(family);
  }

  static String portGroup(GroupId id, IpFamily family) {
    return "gp-" + id + "-" + digit(family);
  }

  static String natPools(IpFamily family) {
    return "nat-" + digit(family);
  }

  static String allPools(IpFamily family) {
    return "pools-" + digit(family);
  }

  static DataType addressType(IpFamily family) {
    return switch (family) {
      case IPV4 -> DataType.IPV4_ADDR;
      case IPV6 -> DataType.IPV6_ADDR;
    };
  }

  static int digit(IpFamily family) {
    return switch (family) {
      case IPV4 -> 4;
      case IPV6 -> 6;
    };
  }

  /** {@code text}, cut to what a comment may hold. */
  static String comment(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= COMMENT_MAX_BYTES) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int bytes = 3;
    for (int codePoint : text.codePoints().toArray()) {
      bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > COMMENT_MAX_BYTES) {
        break;
      }
      cut.appendCodePoint(codePoint);
    }
    return cut + "...";
  }
}
