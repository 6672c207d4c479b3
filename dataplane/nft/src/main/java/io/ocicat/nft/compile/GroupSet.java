package io.ocicat.nft.compile;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.AddressIntervals;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.SetContent;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The kernel's set of one address group's members of one family and of one form. */
record GroupSet(GroupId group, Content content, IpFamily family) {

  /** What an element of the set is. */
  enum Content {
    ADDRESSES,
    RANGES,
    ADDRESSES_AND_PORTS
  }

  String name() {
    return switch (content) {
      case ADDRESSES -> Layout.group(group, family);
      case RANGES -> Layout.rangeGroup(group, family);
      case ADDRESSES_AND_PORTS -> Layout.portGroup(group, family);
    };
  }

  private NftSet set() {
    return switch (content) {
      case ADDRESSES, ADDRESSES_AND_PORTS -> NftSet.of(name(), key());
      case RANGES -> NftSet.ofIntervals(name(), key());
    };
  }

  private KeyType key() {
    DataType address = Layout.addressType(family);
    return switch (content) {
      case ADDRESSES, RANGES -> KeyType.of(address);
      case ADDRESSES_AND_PORTS -> KeyType.of(address, DataType.INET_PROTO, DataType.INET_SERVICE);
    };
  }

  /** Whether the member is one of those that the set is about. */
  private boolean isAbout(GroupMember member) {
    return member.net().family() == family
        && switch (content) {
          case ADDRESSES, ADDRESSES_AND_PORTS -> member.net().isHost();
          case RANGES -> !member.net().isHost();
        };
  }

  /** Whether one element is one member, so that members can be changed one by one. */
  boolean isOneByOne() {
    return switch (content) {
      case ADDRESSES, ADDRESSES_AND_PORTS -> true;
      case RANGES -> false;
    };
  }

  boolean isTouchedBy(Collection<GroupMember> members) {
    return members.stream().anyMatch(this::isAbout);
  }

  /** Of a set that {@link #isOneByOne}; empty for a member that it is not about. */
  Optional<Element> element(GroupMember member) {
    if (!isAbout(member)) {
      return Optional.empty();
    }
    Bytes address = Bytes.of(member.net().address().toBytes());
    return Optional.of(
        Element.of(
            switch (content) {
              case ADDRESSES, RANGES -> key().key(address);
              case ADDRESSES_AND_PORTS ->
                  key().key(address, Bytes.u8(member.protocol()), Bytes.u16(member.port()));
            }));
  }

  SetContent of(Collection<GroupMember> members) {
    List<Element> elements = new ArrayList<>();
    if (isOneByOne()) {
      members.forEach(member -> element(member).ifPresent(elements::add));
    } else {
      List<Cidr> ranges = members.stream().filter(this::isAbout).map(GroupMember::net).toList();
      elements.addAll(AddressIntervals.of(ranges));
    }
    return SetContent.of(set(), elements);
  }
}
