package io.ocicat.sync;

import io.ocicat.inet.IpAddress;
import java.util.Comparator;

/**
 * A member of an address group.
 *
 * @param protocol IANA number; 0 in a group without a named port
 * @param port 0 in a group without a named port
 */
public record GroupMember(IpAddress address, int protocol, int port)
    implements Comparable<GroupMember> {

  private static final Comparator<GroupMember> ORDER =
      Comparator.comparing(GroupMember::address)
          .thenComparingInt(GroupMember::protocol)
          .thenComparingInt(GroupMember::port);

  /** A member of a group without a named port. */
  public GroupMember(IpAddress address) {
    this(address, 0, 0);
  }

  @Override
  public int compareTo(GroupMember other) {
    return ORDER.compare(this, other);
  }
}
