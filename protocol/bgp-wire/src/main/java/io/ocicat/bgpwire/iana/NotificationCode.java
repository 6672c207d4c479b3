package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Error codes of the NOTIFICATION message.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#bgp-parameters-3">IANA</a>
 */
public enum NotificationCode {
  MESSAGE_HEADER_ERROR(1, "Message Header Error", "RFC 4271 §6.1", Support.IMPLEMENTED),
  OPEN_MESSAGE_ERROR(2, "OPEN Message Error", "RFC 4271 §6.2", Support.IMPLEMENTED),
  UPDATE_MESSAGE_ERROR(3, "UPDATE Message Error", "RFC 4271 §6.3", Support.IMPLEMENTED),
  HOLD_TIMER_EXPIRED(4, "Hold Timer Expired", "RFC 4271 §6.5", Support.IMPLEMENTED),
  FSM_ERROR(5, "Finite State Machine Error", "RFC 4271 §6.6", Support.IMPLEMENTED),
  CEASE(6, "Cease", "RFC 4271 §6.7", Support.IMPLEMENTED),
  ROUTE_REFRESH_MESSAGE_ERROR(7, "ROUTE-REFRESH Message Error", "RFC 7313 §5", Support.IMPLEMENTED),
  SEND_HOLD_TIMER_EXPIRED(8, "Send Hold Timer Expired", "RFC 9687", Support.IMPLEMENTED),
  LOSS_OF_LSDB_SYNCHRONIZATION(
      9, "Loss of LSDB Synchronization", "RFC 9815", Support.NOT_IMPLEMENTED);

  private static final NotificationCode[] BY_CODE = new NotificationCode[256];

  static {
    for (NotificationCode entry : values()) {
      BY_CODE[entry.code] = entry;
    }
  }

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  NotificationCode(int code, String text, String reference, Support support) {
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

  public static Optional<NotificationCode> of(int code) {
    return code < 0 || code > 255 ? Optional.empty() : Optional.ofNullable(BY_CODE[code]);
  }
}
