package io.ocicat.nftables.log;

import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.NlMessage;
import java.util.Optional;

/**
 * A packet that a rule reported.
 *
 * @param prefix of the rule
 * @param interfaces that it was to pass
 * @param header empty if its headers cannot be made out
 */
public record LoggedPacket(String prefix, Interfaces interfaces, Optional<PacketHeader> header) {

  private static final int NFULA_IFINDEX_INDEV = 4;
  private static final int NFULA_IFINDEX_OUTDEV = 5;
  private static final int NFULA_PAYLOAD = 9;
  private static final int NFULA_PREFIX = 10;

  /** {@code struct nfgenmsg} comes first. */
  private static final int HEADER_BYTES = 4;

  /**
   * Where a packet came in and is to go out.
   *
   * @param in an index, 0 for none
   * @param out an index, 0 for none
   */
  public record Interfaces(int in, int out) {}

  /**
   * What a {@code NFULNL_MSG_PACKET} says.
   *
   * @throws io.ocicat.netlink.NetlinkDecodeException if it is cut short
   */
  static LoggedPacket decode(NlMessage message) {
    AttributeReader attributes = message.attributes(HEADER_BYTES);
    return new LoggedPacket(
        attributes.find(NFULA_PREFIX).map(AttributeReader.Attribute::string).orElse(""),
        new Interfaces(
            attributes.find(NFULA_IFINDEX_INDEV).map(AttributeReader.Attribute::beU32).orElse(0),
            attributes.find(NFULA_IFINDEX_OUTDEV).map(AttributeReader.Attribute::beU32).orElse(0)),
        attributes
            .find(NFULA_PAYLOAD)
            .map(AttributeReader.Attribute::bytes)
            .flatMap(PacketHeader::of));
  }
}
