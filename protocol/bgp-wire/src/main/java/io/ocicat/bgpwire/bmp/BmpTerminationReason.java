package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * BMP termination reason codes.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bmp-parameters/bmp-parameters.xhtml#termination-message-reason-codes">IANA</a>
 */
public enum BmpTerminationReason {
  ADMINISTRATIVELY_CLOSED(0, "Administratively closed", "RFC 7854 §4.5", Support.IMPLEMENTED),
  UNSPECIFIED(1, "Unspecified reason", "RFC 7854 §4.5", Support.IMPLEMENTED),
  OUT_OF_RESOURCES(2, "Out of resources", "RFC 7854 §4.5", Support.IMPLEMENTED),
  REDUNDANT_CONNECTION(3, "Redundant connection", "RFC 7854 §4.5", Support.IMPLEMENTED),
  PERMANENTLY_CLOSED(
      4, "Permanently administratively closed", "RFC 7854 §4.5", Support.IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  BmpTerminationReason(int code, String text, String reference, Support support) {
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

  public static Optional<BmpTerminationReason> of(int code) {
    for (BmpTerminationReason entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
