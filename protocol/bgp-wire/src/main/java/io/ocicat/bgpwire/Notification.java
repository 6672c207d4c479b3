package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationCode;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * NOTIFICATION (RFC 4271 §4.5): why the sender closes the session. Unknown codes are kept.
 *
 * @param data what the code says it is; at most what fits a message
 */
public record Notification(int code, int subcode, Bytes data) implements Message {

  /** Longest text of an administrative shutdown in octets (RFC 9003 §2). */
  public static final int MAXIMUM_TEXT_OCTETS = 255;

  public static Notification of(NotificationSubcode subcode) {
    return of(subcode, Bytes.EMPTY);
  }

  public static Notification of(NotificationSubcode subcode, Bytes data) {
    return new Notification(subcode.code(), subcode.subcode(), data);
  }

  /**
   * A Cease with a text for the operator on the other side (RFC 9003 §2); a text above 255 octets
   * is cut at a character.
   *
   * @param subcode administrative shutdown or administrative reset
   */
  public static Notification withText(NotificationSubcode subcode, String text) {
    int end = text.length();
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    while (octets.length > MAXIMUM_TEXT_OCTETS) {
      end = text.offsetByCodePoints(end, -1);
      octets = text.substring(0, end).getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer data = ByteBuffer.allocate(1 + octets.length).put((byte) octets.length).put(octets);
    return of(subcode, Bytes.copyOf(data.array()));
  }

  /** This NOTIFICATION inside of a Hard Reset, which ends graceful restart (RFC 8538 §3.1). */
  public Notification asHardReset() {
    ByteBuffer inner = ByteBuffer.allocate(2 + data.length());
    inner.put((byte) code).put((byte) subcode);
    data.writeTo(inner);
    return of(NotificationSubcode.HARD_RESET, Bytes.copyOf(inner.array()));
  }

  /** {@code true} for Cease / Hard Reset (RFC 8538 §3). */
  public boolean isHardReset() {
    return is(NotificationSubcode.HARD_RESET);
  }

  /** What a Hard Reset encapsulates; empty for any other, and for one without content. */
  public Optional<Notification> inner() {
    return isHardReset() && data.length() >= 2
        ? Optional.of(
            new Notification(
                data.at(0), data.at(1), Bytes.copyOf(data.toArray(), 2, data.length())))
        : Optional.empty();
  }

  public boolean is(NotificationSubcode other) {
    return code == other.code() && subcode == other.subcode();
  }

  /**
   * The text that a Cease by an administrator carries (RFC 9003); empty if there is none or it is
   * malformed. Show it, but trust it as any input.
   */
  public Optional<String> text() {
    boolean mayCarryText =
        is(NotificationSubcode.ADMINISTRATIVE_SHUTDOWN)
            || is(NotificationSubcode.ADMINISTRATIVE_RESET);
    if (!mayCarryText || data.isEmpty() || data.at(0) == 0 || data.at(0) > data.length() - 1) {
      return Optional.empty();
    }
    return Bytes.copyOf(data.toArray(), 1, 1 + data.at(0)).utf8();
  }

  /**
   * There is no answer to a malformed NOTIFICATION (RFC 4271 §6.4), so this always succeeds.
   *
   * @param body the message without header, from position to limit; not moved. {@link Framing} has
   *     made sure of its two octets; missing ones read as 0.
   */
  public static Notification parse(ByteBuffer body) {
    Bytes octets = Bytes.remaining(body);
    return new Notification(
        octets.length() > 0 ? octets.at(0) : 0,
        octets.length() > 1 ? octets.at(1) : 0,
        octets.length() > 2 ? Bytes.copyOf(octets.toArray(), 2, octets.length()) : Bytes.EMPTY);
  }

  @Override
  public void encode(ByteBuffer out) {
    int start = Headers.begin(out, MessageType.NOTIFICATION);
    out.put((byte) code).put((byte) subcode);
    int room = MAXIMUM_LENGTH - HEADER_LENGTH - 2;
    out.put(data.toArray(), 0, Math.min(room, data.length()));
    Headers.end(out, start);
  }

  /** As in {@code Cease / Administrative Shutdown (6/2): "maintenance until noon"}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(NotificationCode.of(code).map(NotificationCode::text).orElse("unknown code"));
    NotificationSubcode.of(code, subcode).ifPresent(s -> text.append(" / ").append(s.text()));
    text.append(" (").append(code).append('/').append(subcode).append(')');
    text()
        .ifPresentOrElse(
            t -> text.append(": \"").append(t).append('"'),
            () ->
                inner()
                    .ifPresentOrElse(
                        n -> text.append(" of ").append(n),
                        () -> text.append(data.isEmpty() ? "" : ", data " + data)));
    return text.toString();
  }
}
