package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * AS_PATH segment types.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#as-path-segment-types">IANA</a>
 */
public enum SegmentType {
  AS_SET(1, "AS_SET", "RFC 4271 §4.3", Support.IMPLEMENTED),
  AS_SEQUENCE(2, "AS_SEQUENCE", "RFC 4271 §4.3", Support.IMPLEMENTED),
  AS_CONFED_SEQUENCE(3, "AS_CONFED_SEQUENCE", "RFC 5065 §3", Support.IMPLEMENTED),
  AS_CONFED_SET(4, "AS_CONFED_SET", "RFC 5065 §3", Support.IMPLEMENTED);

  private static final SegmentType[] BY_CODE = new SegmentType[256];

  static {
    for (SegmentType entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  SegmentType(int code, String text, String reference, Support support) {
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

  public static Optional<SegmentType> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
