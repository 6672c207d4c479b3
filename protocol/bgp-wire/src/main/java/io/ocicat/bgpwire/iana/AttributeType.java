package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * BGP path attributes.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#bgp-parameters-2">IANA</a>
 */
public enum AttributeType {
  ORIGIN(1, "ORIGIN", "RFC 4271 §5.1.1", Support.IMPLEMENTED),
  AS_PATH(2, "AS_PATH", "RFC 4271 §5.1.2", Support.IMPLEMENTED),
  NEXT_HOP(3, "NEXT_HOP", "RFC 4271 §5.1.3", Support.IMPLEMENTED),
  MULTI_EXIT_DISC(4, "MULTI_EXIT_DISC", "RFC 4271 §5.1.4", Support.IMPLEMENTED),
  LOCAL_PREF(5, "LOCAL_PREF", "RFC 4271 §5.1.5", Support.IMPLEMENTED),
  ATOMIC_AGGREGATE(6, "ATOMIC_AGGREGATE", "RFC 4271 §5.1.6", Support.IMPLEMENTED),
  AGGREGATOR(7, "AGGREGATOR", "RFC 4271 §5.1.7", Support.IMPLEMENTED),
  COMMUNITIES(8, "COMMUNITIES", "RFC 1997", Support.IMPLEMENTED),
  ORIGINATOR_ID(9, "ORIGINATOR_ID", "RFC 4456 §8", Support.IMPLEMENTED),
  CLUSTER_LIST(10, "CLUSTER_LIST", "RFC 4456 §8", Support.IMPLEMENTED),
  DPA(11, "DPA", "RFC 6938", Support.DEPRECATED),
  ADVERTISER(12, "ADVERTISER", "RFC 1863", Support.DEPRECATED),
  RCID_PATH(13, "RCID_PATH / CLUSTER_ID", "RFC 1863", Support.DEPRECATED),
  MP_REACH_NLRI(14, "MP_REACH_NLRI", "RFC 4760 §3", Support.IMPLEMENTED),
  MP_UNREACH_NLRI(15, "MP_UNREACH_NLRI", "RFC 4760 §4", Support.IMPLEMENTED),
  EXTENDED_COMMUNITIES(16, "EXTENDED COMMUNITIES", "RFC 4360", Support.IMPLEMENTED),
  AS4_PATH(17, "AS4_PATH", "RFC 6793 §3", Support.IMPLEMENTED),
  AS4_AGGREGATOR(18, "AS4_AGGREGATOR", "RFC 6793 §3", Support.IMPLEMENTED),
  SSA(19, "SAFI Specific Attribute", "draft-kapoor-nalawade-idr-bgp-ssa", Support.DEPRECATED),
  CONNECTOR(20, "Connector Attribute", "RFC 6037", Support.DEPRECATED),
  AS_PATHLIMIT(21, "AS_PATHLIMIT", "draft-ietf-idr-as-pathlimit", Support.DEPRECATED),
  PMSI_TUNNEL(22, "PMSI_TUNNEL", "RFC 6514", Support.NOT_IMPLEMENTED),
  TUNNEL_ENCAPSULATION(23, "Tunnel Encapsulation", "RFC 9012", Support.NOT_IMPLEMENTED),
  TRAFFIC_ENGINEERING(24, "Traffic Engineering", "RFC 5543", Support.NOT_IMPLEMENTED),
  IPV6_EXTENDED_COMMUNITIES(
      25, "IPv6 Address Specific Extended Community", "RFC 5701", Support.CARRIED),
  AIGP(26, "AIGP", "RFC 7311", Support.CARRIED),
  PE_DISTINGUISHER_LABELS(27, "PE Distinguisher Labels", "RFC 6514", Support.NOT_IMPLEMENTED),
  ENTROPY_LABEL_CAPABILITY(
      28, "BGP Entropy Label Capability Attribute", "RFC 7447", Support.DEPRECATED),
  BGP_LS(29, "BGP-LS Attribute", "RFC 9552", Support.NOT_IMPLEMENTED),
  BGPSEC_PATH(33, "BGPsec_Path", "RFC 8205", Support.NOT_IMPLEMENTED),
  LARGE_COMMUNITY(32, "LARGE_COMMUNITY", "RFC 8092", Support.IMPLEMENTED),
  BGP_COMMUNITY_CONTAINER(
      34,
      "BGP Community Container Attribute",
      "draft-ietf-idr-wide-bgp-communities",
      Support.NOT_IMPLEMENTED),
  ONLY_TO_CUSTOMER(35, "Only to Customer (OTC)", "RFC 9234 §5", Support.IMPLEMENTED),
  D_PATH(
      36,
      "BGP Domain Path (D-PATH)",
      "draft-ietf-bess-evpn-ipvpn-interworking",
      Support.NOT_IMPLEMENTED),
  SFP(37, "SFP attribute", "RFC 9015", Support.NOT_IMPLEMENTED),
  BFD_DISCRIMINATOR(38, "BFD Discriminator", "RFC 9026", Support.NOT_IMPLEMENTED),
  NEXT_HOP_DEPENDENT(
      39,
      "BGP Next Hop Dependent Characteristics Attribute (NHC)",
      "draft-ietf-idr-entropy-label",
      Support.NOT_IMPLEMENTED),
  PREFIX_SID(40, "BGP Prefix-SID", "RFC 8669", Support.NOT_IMPLEMENTED),
  BIER(41, "BIER", "RFC 9793", Support.NOT_IMPLEMENTED),
  EDGE_METADATA(
      42,
      "Edge Metadata Path Attribute",
      "draft-ietf-idr-5g-edge-service-metadata",
      Support.NOT_IMPLEMENTED),
  ATTR_SET(128, "ATTR_SET", "RFC 6368", Support.NOT_IMPLEMENTED),
  RESERVED_FOR_DEVELOPMENT(255, "Reserved for development", "RFC 2042", Support.NOT_IMPLEMENTED);

  private static final AttributeType[] BY_CODE = new AttributeType[256];

  static {
    for (AttributeType entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  AttributeType(int code, String text, String reference, Support support) {
    this.code = code;
    this.text = text;
    this.reference = reference;
    this.support = support;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The registry's name of it. */
  public String text() {
    return text;
  }

  /** The document that defines it. */
  public String reference() {
    return reference;
  }

  public Support support() {
    return support;
  }

  public static Optional<AttributeType> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
