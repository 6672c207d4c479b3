package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * Error subcodes of the NOTIFICATION message, of all error codes.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-parameters/bgp-parameters.xhtml#bgp-parameters-4">IANA</a>
 */
public enum NotificationSubcode {
  UNSPECIFIC_HEADER(1, 0, "Unspecific", "RFC 4271 §6.1, erratum 4493"),
  CONNECTION_NOT_SYNCHRONIZED(1, 1, "Connection Not Synchronized", "RFC 4271 §6.1"),
  BAD_MESSAGE_LENGTH(1, 2, "Bad Message Length", "RFC 4271 §6.1"),
  BAD_MESSAGE_TYPE(1, 3, "Bad Message Type", "RFC 4271 §6.1"),
  UNSPECIFIC_OPEN(2, 0, "Unspecific", "RFC 4271 §6.2"),
  UNSUPPORTED_VERSION_NUMBER(2, 1, "Unsupported Version Number", "RFC 4271 §6.2"),
  BAD_PEER_AS(2, 2, "Bad Peer AS", "RFC 4271 §6.2"),
  BAD_BGP_IDENTIFIER(2, 3, "Bad BGP Identifier", "RFC 4271 §6.2, RFC 6286"),
  UNSUPPORTED_OPTIONAL_PARAMETER(2, 4, "Unsupported Optional Parameter", "RFC 4271 §6.2"),
  AUTHENTICATION_FAILURE(2, 5, "Authentication Failure", "RFC 4271 (deprecated)"),
  UNACCEPTABLE_HOLD_TIME(2, 6, "Unacceptable Hold Time", "RFC 4271 §6.2"),
  UNSUPPORTED_CAPABILITY(2, 7, "Unsupported Capability", "RFC 5492 §5"),
  ROLE_MISMATCH(2, 11, "Role Mismatch", "RFC 9234 §4.2"),
  UNSPECIFIC_UPDATE(3, 0, "Unspecific", "RFC 4271 §6.3"),
  MALFORMED_ATTRIBUTE_LIST(3, 1, "Malformed Attribute List", "RFC 4271 §6.3"),
  UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE(3, 2, "Unrecognized Well-known Attribute", "RFC 4271 §6.3"),
  MISSING_WELL_KNOWN_ATTRIBUTE(3, 3, "Missing Well-known Attribute", "RFC 4271 §6.3"),
  ATTRIBUTE_FLAGS_ERROR(3, 4, "Attribute Flags Error", "RFC 4271 §6.3"),
  ATTRIBUTE_LENGTH_ERROR(3, 5, "Attribute Length Error", "RFC 4271 §6.3"),
  INVALID_ORIGIN_ATTRIBUTE(3, 6, "Invalid ORIGIN Attribute", "RFC 4271 §6.3"),
  AS_ROUTING_LOOP(3, 7, "AS Routing Loop", "RFC 1771 (deprecated)"),
  INVALID_NEXT_HOP_ATTRIBUTE(3, 8, "Invalid NEXT_HOP Attribute", "RFC 4271 §6.3"),
  OPTIONAL_ATTRIBUTE_ERROR(3, 9, "Optional Attribute Error", "RFC 4271 §6.3"),
  INVALID_NETWORK_FIELD(3, 10, "Invalid Network Field", "RFC 4271 §6.3"),
  MALFORMED_AS_PATH(3, 11, "Malformed AS_PATH", "RFC 4271 §6.3"),
  HOLD_TIMER_EXPIRED(4, 0, "Hold Timer Expired", "RFC 4271 §6.5"),
  UNSPECIFIED_FSM_ERROR(5, 0, "Unspecified Error", "RFC 6608"),
  UNEXPECTED_MESSAGE_IN_OPEN_SENT(5, 1, "Receive Unexpected Message in OpenSent State", "RFC 6608"),
  UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM(
      5, 2, "Receive Unexpected Message in OpenConfirm State", "RFC 6608"),
  UNEXPECTED_MESSAGE_IN_ESTABLISHED(
      5, 3, "Receive Unexpected Message in Established State", "RFC 6608"),
  UNSPECIFIC_CEASE(6, 0, "Unspecific", "RFC 4486"),
  MAXIMUM_NUMBER_OF_PREFIXES_REACHED(6, 1, "Maximum Number of Prefixes Reached", "RFC 4486"),
  ADMINISTRATIVE_SHUTDOWN(6, 2, "Administrative Shutdown", "RFC 4486, RFC 9003"),
  PEER_DECONFIGURED(6, 3, "Peer De-configured", "RFC 4486"),
  ADMINISTRATIVE_RESET(6, 4, "Administrative Reset", "RFC 4486, RFC 9003"),
  CONNECTION_REJECTED(6, 5, "Connection Rejected", "RFC 4486"),
  OTHER_CONFIGURATION_CHANGE(6, 6, "Other Configuration Change", "RFC 4486"),
  CONNECTION_COLLISION_RESOLUTION(6, 7, "Connection Collision Resolution", "RFC 4486"),
  OUT_OF_RESOURCES(6, 8, "Out of Resources", "RFC 4486"),
  HARD_RESET(6, 9, "Hard Reset", "RFC 8538 §3"),
  BFD_DOWN(6, 10, "BFD Down", "RFC 9384"),
  INVALID_MESSAGE_LENGTH(7, 1, "Invalid Message Length", "RFC 7313 §5"),
  SEND_HOLD_TIMER_EXPIRED(8, 0, "Send Hold Timer Expired", "RFC 9687");

  private final int code;
  private final int subcode;
  private final String text;
  private final String reference;

  NotificationSubcode(int code, int subcode, String text, String reference) {
    this.code = code;
    this.subcode = subcode;
    this.text = text;
    this.reference = reference;
  }

  /** The error code that this is a subcode of. */
  public int code() {
    return code;
  }

  public int subcode() {
    return subcode;
  }

  /** The registry's name of it. */
  public String text() {
    return text;
  }

  /** The document that defines it. */
  public String reference() {
    return reference;
  }

  public static Optional<NotificationSubcode> of(int code, int subcode) {
    for (NotificationSubcode entry : values()) {
      if (entry.code == code && entry.subcode == subcode) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
