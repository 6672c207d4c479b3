package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Address family numbers; those that BGP speakers announce.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/address-family-numbers/address-family-numbers.xhtml">IANA</a>
 */
public enum Afi {
  IPV4(1, "IP (IP version 4)", "RFC 4760", Support.IMPLEMENTED),
  IPV6(2, "IP6 (IP version 6)", "RFC 4760", Support.IMPLEMENTED),
  L2VPN(25, "AFI for L2VPN information", "RFC 4761", Support.NOT_IMPLEMENTED),
  BGP_LS(16388, "BGP-LS", "RFC 9552", Support.NOT_IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  Afi(int code, String text, String reference, Support support) {
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

  public static Optional<Afi> of(int code) {
    for (Afi entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
