package io.ocicat.bgpwire.mrt;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * MRT record types with their subtypes.
 *
 * @see <a href="https://www.iana.org/assignments/mrt/mrt.xhtml">IANA</a>
 */
public enum MrtType {
  OSPF_V2(11, 0, "OSPFv2", Support.NOT_IMPLEMENTED),
  TABLE_DUMP_AFI_IPV4(12, 1, "TABLE_DUMP AFI_IPv4", Support.DEPRECATED),
  TABLE_DUMP_AFI_IPV6(12, 2, "TABLE_DUMP AFI_IPv6", Support.DEPRECATED),
  PEER_INDEX_TABLE(13, 1, "TABLE_DUMP_V2 PEER_INDEX_TABLE", Support.IMPLEMENTED),
  RIB_IPV4_UNICAST(13, 2, "TABLE_DUMP_V2 RIB_IPV4_UNICAST", Support.IMPLEMENTED),
  RIB_IPV4_MULTICAST(13, 3, "TABLE_DUMP_V2 RIB_IPV4_MULTICAST", Support.NOT_IMPLEMENTED),
  RIB_IPV6_UNICAST(13, 4, "TABLE_DUMP_V2 RIB_IPV6_UNICAST", Support.IMPLEMENTED),
  RIB_IPV6_MULTICAST(13, 5, "TABLE_DUMP_V2 RIB_IPV6_MULTICAST", Support.NOT_IMPLEMENTED),
  RIB_GENERIC(13, 6, "TABLE_DUMP_V2 RIB_GENERIC", Support.NOT_IMPLEMENTED),
  GEO_PEER_TABLE(13, 7, "TABLE_DUMP_V2 GEO_PEER_TABLE", Support.NOT_IMPLEMENTED),
  RIB_IPV4_UNICAST_ADDPATH(13, 8, "TABLE_DUMP_V2 RIB_IPV4_UNICAST_ADDPATH", Support.IMPLEMENTED),
  RIB_IPV4_MULTICAST_ADDPATH(
      13, 9, "TABLE_DUMP_V2 RIB_IPV4_MULTICAST_ADDPATH", Support.NOT_IMPLEMENTED),
  RIB_IPV6_UNICAST_ADDPATH(13, 10, "TABLE_DUMP_V2 RIB_IPV6_UNICAST_ADDPATH", Support.IMPLEMENTED),
  RIB_IPV6_MULTICAST_ADDPATH(
      13, 11, "TABLE_DUMP_V2 RIB_IPV6_MULTICAST_ADDPATH", Support.NOT_IMPLEMENTED),
  RIB_GENERIC_ADDPATH(13, 12, "TABLE_DUMP_V2 RIB_GENERIC_ADDPATH", Support.NOT_IMPLEMENTED),
  BGP4MP_STATE_CHANGE(16, 0, "BGP4MP_STATE_CHANGE", Support.IMPLEMENTED),
  BGP4MP_MESSAGE(16, 1, "BGP4MP_MESSAGE", Support.IMPLEMENTED),
  BGP4MP_MESSAGE_AS4(16, 4, "BGP4MP_MESSAGE_AS4", Support.IMPLEMENTED),
  BGP4MP_STATE_CHANGE_AS4(16, 5, "BGP4MP_STATE_CHANGE_AS4", Support.IMPLEMENTED),
  BGP4MP_MESSAGE_LOCAL(16, 6, "BGP4MP_MESSAGE_LOCAL", Support.NOT_IMPLEMENTED),
  BGP4MP_MESSAGE_AS4_LOCAL(16, 7, "BGP4MP_MESSAGE_AS4_LOCAL", Support.NOT_IMPLEMENTED),
  BGP4MP_MESSAGE_ADDPATH(16, 8, "BGP4MP_MESSAGE_ADDPATH", Support.IMPLEMENTED),
  BGP4MP_MESSAGE_AS4_ADDPATH(16, 9, "BGP4MP_MESSAGE_AS4_ADDPATH", Support.IMPLEMENTED),
  BGP4MP_MESSAGE_LOCAL_ADDPATH(16, 10, "BGP4MP_MESSAGE_LOCAL_ADDPATH", Support.NOT_IMPLEMENTED),
  BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH(
      16, 11, "BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH", Support.NOT_IMPLEMENTED),
  BGP4MP_ET(17, 0, "BGP4MP_ET", Support.NOT_IMPLEMENTED),
  ISIS(32, 0, "ISIS", Support.NOT_IMPLEMENTED),
  ISIS_ET(33, 0, "ISIS_ET", Support.NOT_IMPLEMENTED),
  OSPF_V3(48, 0, "OSPFv3", Support.NOT_IMPLEMENTED),
  OSPF_V3_ET(49, 0, "OSPFv3_ET", Support.NOT_IMPLEMENTED);

  private final int type;
  private final int subtype;
  private final String text;
  private final Support support;

  MrtType(int type, int subtype, String text, Support support) {
    this.type = type;
    this.subtype = subtype;
    this.text = text;
    this.support = support;
  }

  public int type() {
    return type;
  }

  public int subtype() {
    return subtype;
  }

  /** The registry's name of it. */
  public String text() {
    return text;
  }

  public Support support() {
    return support;
  }

  public static Optional<MrtType> of(int type, int subtype) {
    for (MrtType entry : values()) {
      if (entry.type == type && entry.subtype == subtype) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
