package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * BMP peer types.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bmp-parameters/bmp-parameters.xhtml#peer-types">IANA</a>
 */
public enum BmpPeerType {
  GLOBAL_INSTANCE(0, "Global Instance Peer", "RFC 7854 §4.2", Support.IMPLEMENTED),
  RD_INSTANCE(1, "RD Instance Peer", "RFC 7854 §4.2", Support.CARRIED),
  LOCAL_INSTANCE(2, "Local Instance Peer", "RFC 7854 §4.2", Support.CARRIED),
  LOC_RIB(3, "Loc-RIB Instance Peer", "RFC 9069 §4.1", Support.IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  BmpPeerType(int code, String text, String reference, Support support) {
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

  public static Optional<BmpPeerType> of(int code) {
    for (BmpPeerType entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
