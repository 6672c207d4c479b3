package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Subsequent address family identifiers.
 *
 * @see <a href="https://www.iana.org/assignments/safi-namespace/safi-namespace.xhtml">IANA</a>
 */
public enum Safi {
  UNICAST(
      1,
      "Network Layer Reachability Information used for unicast forwarding",
      "RFC 4760",
      Support.IMPLEMENTED),
  MULTICAST(
      2,
      "Network Layer Reachability Information used for multicast forwarding",
      "RFC 4760",
      Support.NOT_IMPLEMENTED),
  MPLS_LABEL(4, "NLRI with MPLS labels", "RFC 8277", Support.NOT_IMPLEMENTED),
  MCAST_VPN(5, "MCAST-VPN", "RFC 6514", Support.NOT_IMPLEMENTED),
  PSEUDOWIRE(
      6, "Dynamic placement of multi-segment pseudowires", "RFC 7267", Support.NOT_IMPLEMENTED),
  ENCAPSULATION(7, "Encapsulation SAFI", "RFC 5512", Support.DEPRECATED),
  MCAST_VPLS(8, "MCAST-VPLS", "RFC 7117", Support.NOT_IMPLEMENTED),
  BGP_SFC(9, "BGP SFC", "RFC 9015", Support.NOT_IMPLEMENTED),
  TUNNEL(64, "Tunnel SAFI", "draft-nalawade-kapoor-tunnel-safi", Support.DEPRECATED),
  VPLS(65, "Virtual Private LAN Service (VPLS)", "RFC 4761", Support.NOT_IMPLEMENTED),
  BGP_MDT(66, "BGP MDT SAFI", "RFC 6037", Support.NOT_IMPLEMENTED),
  BGP_4OVER6(67, "BGP 4over6 SAFI", "RFC 5747", Support.NOT_IMPLEMENTED),
  BGP_6OVER4(68, "BGP 6over4 SAFI", "draft-cui-softwire-6over4", Support.NOT_IMPLEMENTED),
  L1VPN(69, "Layer-1 VPN auto-discovery information", "RFC 5195", Support.NOT_IMPLEMENTED),
  EVPN(70, "BGP EVPNs", "RFC 7432", Support.NOT_IMPLEMENTED),
  BGP_LS(71, "BGP-LS", "RFC 9552", Support.NOT_IMPLEMENTED),
  BGP_LS_VPN(72, "BGP-LS-VPN", "RFC 9552", Support.NOT_IMPLEMENTED),
  SR_POLICY(73, "SR Policy SAFI", "RFC 9830", Support.NOT_IMPLEMENTED),
  SD_WAN(74, "SD-WAN Capabilities", "draft-ietf-idr-sdwan-edge-discovery", Support.NOT_IMPLEMENTED),
  RPD(75, "Routing Policy SAFI", "draft-ietf-idr-rpd", Support.NOT_IMPLEMENTED),
  CT(76, "Classful-Transport SAFI", "draft-ietf-idr-bgp-ct", Support.NOT_IMPLEMENTED),
  TUNNELED_FLOWSPEC(
      77, "Tunneled Traffic FlowSpec", "draft-ietf-idr-flowspec-nvo3", Support.NOT_IMPLEMENTED),
  MCAST_TREE(78, "MCAST-TREE", "draft-ietf-bess-bgp-multicast", Support.NOT_IMPLEMENTED),
  BGP_LS_SPF(80, "BGP-LS-SPF", "RFC 9815", Support.NOT_IMPLEMENTED),
  BGP_CAR(83, "BGP CAR", "RFC 9871", Support.NOT_IMPLEMENTED),
  BGP_VPN_CAR(84, "BGP VPN CAR", "RFC 9871", Support.NOT_IMPLEMENTED),
  MPLS_VPN(128, "MPLS-labeled VPN address", "RFC 4364", Support.NOT_IMPLEMENTED),
  MULTICAST_VPN(129, "Multicast for BGP/MPLS IP VPNs", "RFC 6514", Support.NOT_IMPLEMENTED),
  ROUTE_TARGET(132, "Route Target constrains", "RFC 4684", Support.NOT_IMPLEMENTED),
  FLOWSPEC(133, "Dissemination of Flow Specification rules", "RFC 8955", Support.NOT_IMPLEMENTED),
  FLOWSPEC_VPN(
      134, "L3VPN Dissemination of Flow Specification rules", "RFC 8955", Support.NOT_IMPLEMENTED),
  VPN_AUTO_DISCOVERY(140, "VPN auto-discovery", "draft-ietf-l3vpn-bgpvpn-auto", Support.DEPRECATED);

  private static final Safi[] BY_CODE = new Safi[256];

  static {
    for (Safi entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  Safi(int code, String text, String reference, Support support) {
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

  public static Optional<Safi> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
