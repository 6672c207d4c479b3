package io.ocicat.sync;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.Comparator;

/**
 * A member of an address group.
 *
 * @param net an address, or in a group without ports a range
 * @param protocol IANA number; 0 in a group without ports
 * @param port 0 in a group without ports
 */
public record GroupMember(Cidr net, int protocol, int port) implements Comparable<GroupMember> {

  private static final Comparator<GroupMember> ORDER =
      Comparator.comparing(GroupMember::net)
          .thenComparingInt(GroupMember::protocol)
          .thenComparingInt(GroupMember::port);

  /** A member of a group without ports. */
  public GroupMember(IpAddress address) {
    this(address.toHostCidr(), 0, 0);
  }

  @Override
  public int compareTo(GroupMember other) {
    return ORDER.compare(this, other);
  }
}
