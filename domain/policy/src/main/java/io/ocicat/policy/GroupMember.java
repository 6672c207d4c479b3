package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Protocol;
import java.util.Comparator;

/**
 * A member of an {@link AddressGroup}.
 *
 * @param net an address, or in a group without ports a range of them
 * @param protocol IANA number; 0 in a group without ports
 * @param port 0 in a group without ports
 */
public record GroupMember(Cidr net, int protocol, int port) implements Comparable<GroupMember> {

  private static final Comparator<GroupMember> ORDER =
      Comparator.comparing(GroupMember::net)
          .thenComparingInt(GroupMember::protocol)
          .thenComparingInt(GroupMember::port);

  public static GroupMember of(IpAddress address) {
    return of(address.toHostCidr());
  }

  public static GroupMember of(Cidr net) {
    return new GroupMember(net, 0, 0);
  }

  public static GroupMember of(IpAddress address, Protocol protocol, int port) {
    return new GroupMember(address.toHostCidr(), protocol.number(), port);
  }

  /** Its address, without the port. */
  GroupMember withoutPort() {
    return of(net);
  }

  @Override
  public int compareTo(GroupMember other) {
    return ORDER.compare(this, other);
  }
}
