package io.ocicat.nftables;

import java.util.List;
import java.util.Optional;

/**
 * The type of a set's key or of a map's value, as nft(8) numbers them; for the kernel it is a hint
 * that it hands back, the length alone binds.
 *
 * @param id number of the type in nft's {@code enum datatypes}
 * @param lengthBytes of a value, without padding
 * @param byteOrder in which nft prints it
 * @param name in nft's language
 */
public record DataType(int id, int lengthBytes, ValueOrder byteOrder, String name) {

  /** {@code enum byteorder} of nft. */
  public enum ValueOrder {
    INVALID,
    HOST,
    NETWORK
  }

  public static final DataType NF_PROTO = new DataType(2, 1, ValueOrder.HOST, "nf_proto");
  public static final DataType IPV4_ADDR = new DataType(7, 4, ValueOrder.NETWORK, "ipv4_addr");
  public static final DataType IPV6_ADDR = new DataType(8, 16, ValueOrder.NETWORK, "ipv6_addr");
  public static final DataType ETHER_ADDR = new DataType(9, 6, ValueOrder.HOST, "ether_addr");
  public static final DataType INET_PROTO = new DataType(12, 1, ValueOrder.NETWORK, "inet_proto");
  public static final DataType INET_SERVICE =
      new DataType(13, 2, ValueOrder.NETWORK, "inet_service");
  public static final DataType ICMP_TYPE = new DataType(14, 1, ValueOrder.NETWORK, "icmp_type");
  public static final DataType MARK = new DataType(19, 4, ValueOrder.HOST, "mark");
  public static final DataType CT_STATE = new DataType(26, 4, ValueOrder.HOST, "ct_state");
  public static final DataType ICMPV6_TYPE = new DataType(29, 1, ValueOrder.NETWORK, "icmpv6_type");
  public static final DataType IFNAME = new DataType(41, 16, ValueOrder.HOST, "ifname");

  private static final List<DataType> KNOWN =
      List.of(
          NF_PROTO,
          IPV4_ADDR,
          IPV6_ADDR,
          ETHER_ADDR,
          INET_PROTO,
          INET_SERVICE,
          ICMP_TYPE,
          MARK,
          CT_STATE,
          ICMPV6_TYPE,
          IFNAME);

  /** The known type with this number, if there is one. */
  public static Optional<DataType> of(int id) {
    return KNOWN.stream().filter(t -> t.id == id).findFirst();
  }

  /** The known type, or one that keeps number and length of something else. */
  static DataType ofOrUnknown(int id, int lengthBytes) {
    return of(id)
        .filter(t -> t.lengthBytes == lengthBytes)
        .orElseGet(() -> new DataType(id, lengthBytes, ValueOrder.INVALID, "type " + id));
  }

  /** Length in registers, which are of four bytes. */
  int paddedBytes() {
    return (lengthBytes + 3) & ~3;
  }

  @Override
  public String toString() {
    return name;
  }
}
