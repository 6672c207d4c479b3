package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * ROUTE-REFRESH subtypes.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#route-refresh-subcodes">IANA</a>
 */
public enum RefreshSubtype {
  REQUEST(0, "Normal route refresh request", "RFC 2918, RFC 7313 §3.2", Support.IMPLEMENTED),
  BEGIN_OF_REFRESH(
      1,
      "Demarcation of the beginning of a route refresh (BoRR)",
      "RFC 7313 §3.2",
      Support.IMPLEMENTED),
  END_OF_REFRESH(
      2,
      "Demarcation of the ending of a route refresh (EoRR)",
      "RFC 7313 §3.2",
      Support.IMPLEMENTED);

  private static final RefreshSubtype[] BY_CODE = new RefreshSubtype[256];

  static {
    for (RefreshSubtype entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  RefreshSubtype(int code, String text, String reference, Support support) {
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

  public static Optional<RefreshSubtype> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
