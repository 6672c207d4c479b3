package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.Protocol;
import java.util.Comparator;

/**
 * A member of an {@link AddressGroup}.
 *
 * @param protocol IANA number; 0 in a group of whole pods
 * @param port 0 in a group of whole pods
 */
public record GroupMember(IpAddress address, int protocol, int port)
    implements Comparable<GroupMember> {

  private static final Comparator<GroupMember> ORDER =
      Comparator.comparing(GroupMember::address)
          .thenComparingInt(GroupMember::protocol)
          .thenComparingInt(GroupMember::port);

  public static GroupMember of(IpAddress address) {
    return new GroupMember(address, 0, 0);
  }

  public static GroupMember of(IpAddress address, Protocol protocol, int port) {
    return new GroupMember(address, protocol.number(), port);
  }

  @Override
  public int compareTo(GroupMember other) {
    return ORDER.compare(this, other);
  }
}
