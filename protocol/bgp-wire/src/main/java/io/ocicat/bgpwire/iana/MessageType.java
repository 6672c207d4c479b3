package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * BGP message types.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#bgp-parameters-1">IANA</a>
 */
public enum MessageType {
  OPEN(1, "OPEN", "RFC 4271 §4.2", Support.IMPLEMENTED),
  UPDATE(2, "UPDATE", "RFC 4271 §4.3", Support.IMPLEMENTED),
  NOTIFICATION(3, "NOTIFICATION", "RFC 4271 §4.5", Support.IMPLEMENTED),
  KEEPALIVE(4, "KEEPALIVE", "RFC 4271 §4.4", Support.IMPLEMENTED),
  ROUTE_REFRESH(5, "ROUTE-REFRESH", "RFC 2918", Support.IMPLEMENTED);

  private static final MessageType[] BY_CODE = new MessageType[256];

  static {
    for (MessageType entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  MessageType(int code, String text, String reference, Support support) {
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

  public static Optional<MessageType> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
