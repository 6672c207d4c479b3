package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Values of the ORIGIN attribute.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4271#section-5.1.1">IANA</a>
 */
public enum Origin {
  IGP(0, "IGP", "RFC 4271 §4.3", Support.IMPLEMENTED),
  EGP(1, "EGP", "RFC 4271 §4.3", Support.IMPLEMENTED),
  INCOMPLETE(2, "incomplete", "RFC 4271 §4.3", Support.IMPLEMENTED);

  private static final Origin[] BY_CODE = new Origin[256];

  static {
    for (Origin entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  Origin(int code, String text, String reference, Support support) {
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

  public static Optional<Origin> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
