package io.ocicat.nft.compile;

import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import java.util.Optional;

/** The kernel's set of one address group's members of one family. */
record GroupSet(GroupId group, Content content, IpFamily family) {

  /** What an element of the set is. */
  enum Content {
    ADDRESSES,
    ADDRESSES_AND_PORTS
  }

  String name() {
    return switch (content) {
      case ADDRESSES -> Layout.group(group, family);
      case ADDRESSES_AND_PORTS -> Layout.portGroup(group, family);
    };
  }

  NftSet set() {
    return NftSet.of(name(), key());
  }

  private KeyType key() {
    DataType address = Layout.addressType(family);
    return switch (content) {
      case ADDRESSES -> KeyType.of(address);
      case ADDRESSES_AND_PORTS -> KeyType.of(address, DataType.INET_PROTO, DataType.INET_SERVICE);
    };
  }

  /** Empty for a member of the other family. */
  Optional<Element> element(GroupMember member) {
    if (member.address().family() != family) {
      return Optional.empty();
    }
    Bytes address = Bytes.of(member.address().toBytes());
    return Optional.of(
        Element.of(
            switch (content) {
              case ADDRESSES -> key().key(address);
              case ADDRESSES_AND_PORTS ->
                  key().key(address, Bytes.u8(member.protocol()), Bytes.u16(member.port()));
            }));
  }
}
