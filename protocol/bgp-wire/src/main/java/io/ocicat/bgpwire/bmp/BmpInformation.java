package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * BMP information TLVs of Initiation and Peer Up messages.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bmp-parameters/bmp-parameters.xhtml#initiation-peer-up-tlvs">IANA</a>
 */
public enum BmpInformation {
  STRING(0, "String", "RFC 7854 §4.4", Support.IMPLEMENTED),
  SYSTEM_DESCRIPTION(1, "sysDescr", "RFC 7854 §4.4", Support.IMPLEMENTED),
  SYSTEM_NAME(2, "sysName", "RFC 7854 §4.4", Support.IMPLEMENTED),
  TABLE_NAME(3, "VRF/Table Name", "RFC 9069 §5.2.1", Support.IMPLEMENTED),
  ADMIN_LABEL(4, "Admin Label", "RFC 9736", Support.NOT_IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  BmpInformation(int code, String text, String reference, Support support) {
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

  public static Optional<BmpInformation> of(int code) {
    for (BmpInformation entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
