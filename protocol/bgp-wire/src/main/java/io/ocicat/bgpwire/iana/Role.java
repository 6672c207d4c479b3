package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * BGP roles: what the sender of the capability is to its peer.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#bgp-role-value">IANA</a>
 */
public enum Role {
  PROVIDER(0, "Provider", "RFC 9234 §4.1", Support.IMPLEMENTED),
  ROUTE_SERVER(1, "RS", "RFC 9234 §4.1", Support.IMPLEMENTED),
  ROUTE_SERVER_CLIENT(2, "RS-Client", "RFC 9234 §4.1", Support.IMPLEMENTED),
  CUSTOMER(3, "Customer", "RFC 9234 §4.1", Support.IMPLEMENTED),
  PEER(4, "Peer", "RFC 9234 §4.1", Support.IMPLEMENTED);

  private static final Role[] BY_CODE = new Role[256];

  static {
    for (Role entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  Role(int code, String text, String reference, Support support) {
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

  public static Optional<Role> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
