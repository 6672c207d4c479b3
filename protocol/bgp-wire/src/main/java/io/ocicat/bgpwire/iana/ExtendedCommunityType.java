package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Transitive and non-transitive extended community types: the first octet is the type, the second
 * the sub-type.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-extended-communities/bgp-extended-communities.xhtml">IANA</a>
 */
public enum ExtendedCommunityType {
  ROUTE_TARGET_AS2(0x0002, "rt", "RFC 4360 §4", Support.CARRIED),
  ROUTE_ORIGIN_AS2(0x0003, "soo", "RFC 4360 §5", Support.CARRIED),
  OSPF_DOMAIN_AS2(0x0005, "ospf-domain-id", "RFC 4577", Support.NOT_IMPLEMENTED),
  BGP_DATA_COLLECTION(0x0008, "data-collection", "RFC 4384", Support.NOT_IMPLEMENTED),
  SOURCE_AS_AS2(0x0009, "source-as", "RFC 6514", Support.NOT_IMPLEMENTED),
  L2VPN_IDENTIFIER(0x000A, "l2vpn-id", "RFC 6074", Support.NOT_IMPLEMENTED),
  ROUTE_TARGET_IPV4(0x0102, "rt", "RFC 4360 §4", Support.CARRIED),
  ROUTE_ORIGIN_IPV4(0x0103, "soo", "RFC 4360 §5", Support.CARRIED),
  OSPF_ROUTER_ID(0x0107, "ospf-router-id", "RFC 4577", Support.NOT_IMPLEMENTED),
  VRF_ROUTE_IMPORT(0x010B, "vrf-route-import", "RFC 6514", Support.NOT_IMPLEMENTED),
  ROUTE_TARGET_AS4(0x0202, "rt", "RFC 5668", Support.CARRIED),
  ROUTE_ORIGIN_AS4(0x0203, "soo", "RFC 5668", Support.CARRIED),
  OSPF_ROUTE_TYPE(0x0306, "ospf-route-type", "RFC 4577", Support.NOT_IMPLEMENTED),
  COLOR(0x030B, "color", "RFC 9012", Support.NOT_IMPLEMENTED),
  ENCAPSULATION(0x030C, "encapsulation", "RFC 9012", Support.CARRIED),
  DEFAULT_GATEWAY(0x030D, "default-gateway", "RFC 7432", Support.NOT_IMPLEMENTED),
  MAC_MOBILITY(0x0600, "mac-mobility", "RFC 7432", Support.NOT_IMPLEMENTED),
  ESI_LABEL(0x0601, "esi-label", "RFC 7432", Support.NOT_IMPLEMENTED),
  ES_IMPORT(0x0602, "es-import", "RFC 7432", Support.NOT_IMPLEMENTED),
  ROUTER_MAC(0x0603, "router-mac", "RFC 9135", Support.CARRIED),
  LAYER2_INFO(0x800A, "layer2-info", "RFC 4761", Support.NOT_IMPLEMENTED),
  LINK_BANDWIDTH_TRANSITIVE(0x0004, "bandwidth", "draft-ietf-idr-link-bandwidth", Support.CARRIED),
  LINK_BANDWIDTH(0x4004, "bandwidth", "draft-ietf-idr-link-bandwidth", Support.CARRIED),
  ORIGIN_VALIDATION_STATE(0x4300, "ovs", "RFC 8097", Support.CARRIED),
  FLOW_RATE_BYTES(0x8006, "rate-limit-bytes", "RFC 8955", Support.NOT_IMPLEMENTED),
  FLOW_ACTION(0x8007, "flow-action", "RFC 8955", Support.NOT_IMPLEMENTED),
  FLOW_REDIRECT_AS2(0x8008, "redirect", "RFC 8955", Support.NOT_IMPLEMENTED),
  FLOW_MARKING(0x8009, "marking", "RFC 8955", Support.NOT_IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  ExtendedCommunityType(int code, String text, String reference, Support support) {
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

  public static Optional<ExtendedCommunityType> of(int code) {
    for (ExtendedCommunityType entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
