package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.iana.Support;
import java.util.Optional;

/**
 * BMP peer down reason codes.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bmp-parameters/bmp-parameters.xhtml#peer-down-reason-codes">IANA</a>
 */
public enum BmpPeerDownReason {
  LOCAL_NOTIFICATION(
      1, "Local system closed, NOTIFICATION PDU follows", "RFC 7854 §4.9", Support.IMPLEMENTED),
  LOCAL_EVENT(2, "Local system closed, FSM Event follows", "RFC 7854 §4.9", Support.IMPLEMENTED),
  REMOTE_NOTIFICATION(
      3, "Remote system closed, NOTIFICATION PDU follows", "RFC 7854 §4.9", Support.IMPLEMENTED),
  REMOTE_NO_DATA(4, "Remote system closed, no data", "RFC 7854 §4.9", Support.IMPLEMENTED),
  DECONFIGURED(5, "Peer de-configured", "RFC 7854 §4.9", Support.IMPLEMENTED),
  LOCAL_WITH_TLV(6, "Local system closed, TLV data follows", "RFC 9069 §5.3", Support.IMPLEMENTED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  BmpPeerDownReason(int code, String text, String reference, Support support) {
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

  public static Optional<BmpPeerDownReason> of(int code) {
    for (BmpPeerDownReason entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
