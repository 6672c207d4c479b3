package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Capability codes of the OPEN message.
 *
 * @see <a href="https://www.iana.org/assignments/capability-codes/capability-codes.xhtml">IANA</a>
 */
public enum CapabilityCode {
  MULTIPROTOCOL(1, "Multiprotocol Extensions for BGP-4", "RFC 4760 §8", Support.IMPLEMENTED),
  ROUTE_REFRESH(2, "Route Refresh Capability for BGP-4", "RFC 2918 §2", Support.IMPLEMENTED),
  OUTBOUND_ROUTE_FILTERING(
      3, "Outbound Route Filtering Capability", "RFC 5291", Support.NOT_IMPLEMENTED),
  MULTIPLE_ROUTES(4, "Multiple routes to a destination capability", "RFC 8277", Support.DEPRECATED),
  EXTENDED_NEXT_HOP(5, "Extended Next Hop Encoding", "RFC 8950 §4", Support.IMPLEMENTED),
  EXTENDED_MESSAGE(6, "BGP Extended Message", "RFC 8654 §3", Support.IMPLEMENTED),
  BGPSEC(7, "BGPsec Capability", "RFC 8205", Support.NOT_IMPLEMENTED),
  MULTIPLE_LABELS(8, "Multiple Labels Capability", "RFC 8277", Support.NOT_IMPLEMENTED),
  BGP_ROLE(9, "BGP Role", "RFC 9234 §4.1", Support.IMPLEMENTED),
  GRACEFUL_RESTART(64, "Graceful Restart Capability", "RFC 4724 §3", Support.IMPLEMENTED),
  FOUR_OCTET_AS(65, "Support for 4-octet AS number capability", "RFC 6793 §3", Support.IMPLEMENTED),
  DYNAMIC_CAPABILITY_OLD(
      66, "Support for Dynamic Capability (old)", "draft-ietf-idr-dynamic-cap", Support.DEPRECATED),
  DYNAMIC_CAPABILITY(
      67, "Support for Dynamic Capability", "draft-ietf-idr-dynamic-cap", Support.NOT_IMPLEMENTED),
  MULTISESSION(
      68,
      "Multisession BGP Capability",
      "draft-ietf-idr-bgp-multisession",
      Support.NOT_IMPLEMENTED),
  ADD_PATH(69, "ADD-PATH Capability", "RFC 7911 §4", Support.IMPLEMENTED),
  ENHANCED_ROUTE_REFRESH(
      70, "Enhanced Route Refresh Capability", "RFC 7313 §3.1", Support.IMPLEMENTED),
  LONG_LIVED_GRACEFUL_RESTART(
      71, "Long-Lived Graceful Restart (LLGR) Capability", "RFC 9494 §4.1", Support.IMPLEMENTED),
  ROUTING_POLICY_DISTRIBUTION(
      72, "Routing Policy Distribution", "draft-ietf-idr-rpd", Support.NOT_IMPLEMENTED),
  FQDN(73, "FQDN Capability", "draft-walton-bgp-hostname-capability", Support.CARRIED),
  BFD(74, "BFD Capability", "draft-ietf-idr-bgp-bfd-strict-mode", Support.NOT_IMPLEMENTED),
  SOFTWARE_VERSION(
      75, "Software Version Capability", "draft-abraitis-bgp-version-capability", Support.CARRIED),
  PATHS_LIMIT(
      76,
      "PATHS-LIMIT Capability",
      "draft-abraitis-idr-addpath-paths-limit",
      Support.NOT_IMPLEMENTED),
  PRESTANDARD_ROUTE_REFRESH(128, "Prestandard Route Refresh", "RFC 8810", Support.NOT_IMPLEMENTED),
  PRESTANDARD_ROUTING_POLICY_DISTRIBUTION(
      129, "Prestandard Routing Policy Distribution", "RFC 8810", Support.DEPRECATED),
  PRESTANDARD_ORF(130, "Prestandard Outbound Route Filtering", "RFC 8810", Support.DEPRECATED),
  PRESTANDARD_MULTISESSION(131, "Prestandard Multisession", "RFC 8810", Support.DEPRECATED),
  PRESTANDARD_FQDN(184, "Prestandard FQDN", "RFC 8810", Support.DEPRECATED),
  PRESTANDARD_OPERATIONAL(185, "Prestandard OPERATIONAL message", "RFC 8810", Support.DEPRECATED);

  private static final CapabilityCode[] BY_CODE = new CapabilityCode[256];

  static {
    for (CapabilityCode entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  CapabilityCode(int code, String text, String reference, Support support) {
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

  public static Optional<CapabilityCode> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
