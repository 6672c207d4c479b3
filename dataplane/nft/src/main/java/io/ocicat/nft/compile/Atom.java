package io.ocicat.nft.compile;

import io.ocicat.inet.Cidr;
import io.ocicat.policy.GroupId;

/** What a rule can ask of an address: to be in a group, or in a prefix. */
sealed interface Atom extends Comparable<Atom> {

  /** With any port, where members have ports. */
  record Group(GroupId id) implements Atom {}

  record Net(Cidr net) implements Atom {}

  /** Groups first. */
  @Override
  default int compareTo(Atom other) {
    return switch (this) {
      case Group(var id) -> other instanceof Group(var otherId) ? id.compareTo(otherId) : -1;
      case Net(var net) -> other instanceof Net(var otherNet) ? net.compareTo(otherNet) : 1;
    };
  }
}
