package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * BMP message types.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bmp-parameters/bmp-parameters.xhtml#message-types">IANA</a>
 */
public enum BmpType {
  ROUTE_MONITORING(0, "Route Monitoring", "RFC 7854 §4.6", Support.IMPLEMENTED),
  STATISTICS_REPORT(1, "Statistics Report", "RFC 7854 §4.8", Support.IMPLEMENTED),
  PEER_DOWN(2, "Peer Down Notification", "RFC 7854 §4.9", Support.IMPLEMENTED),
  PEER_UP(3, "Peer Up Notification", "RFC 7854 §4.10", Support.IMPLEMENTED),
  INITIATION(4, "Initiation Message", "RFC 7854 §4.3", Support.IMPLEMENTED),
  TERMINATION(5, "Termination Message", "RFC 7854 §4.5", Support.IMPLEMENTED),
  ROUTE_MIRRORING(6, "Route Mirroring Message", "RFC 7854 §4.7", Support.CARRIED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  BmpType(int code, String text, String reference, Support support) {
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

  public static Optional<BmpType> of(int code) {
    for (BmpType entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
