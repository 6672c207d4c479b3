package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts messages out of a stream of octets (RFC 4271 §4.1, §6.1). One for each connection; allocates
 * nothing for a message.
 */
public final class Framing {

  /** What is at the position of the buffer. */
  public enum Cut {
    /** A message: see {@link #type()} and {@link #body()}; the buffer is now behind it. */
    MESSAGE,
    /** Not yet a whole message; the buffer was not moved. */
    INCOMPLETE,
    /** No message: see {@link #error()}; nothing that follows can be read. */
    BROKEN
  }

  private int limit = Message.MAXIMUM_LENGTH;
  private @Nullable MessageType type;
  private @Nullable ByteBuffer source;
  private @Nullable ByteBuffer body;
  private @Nullable Notification error;

  /** Call this once both sides have sent the capability (RFC 8654 §4). */
  public void allowExtendedMessages() {
    limit = Message.EXTENDED_MAXIMUM_LENGTH;
  }

  /**
   * Looks at what is between position and limit.
   *
   * @param in big-endian; heap buffers are read fastest
   */
  public Cut next(ByteBuffer in) {
    if (error != null) {
      return Cut.BROKEN;
    }
    int start = in.position();
    if (in.remaining() < Message.HEADER_LENGTH) {
      return Cut.INCOMPLETE;
    }
    if ((in.getLong(start) & in.getLong(start + 8)) != -1) {
      return broken(NotificationSubcode.CONNECTION_NOT_SYNCHRONIZED, Bytes.EMPTY);
    }
    int length = in.getShort(start + 16) & 0xffff;
    int code = in.get(start + 18) & 0xff;
    if (length < Message.HEADER_LENGTH || length > limit) {
      return broken(NotificationSubcode.BAD_MESSAGE_LENGTH, Bytes.ofShort(length));
    }
    MessageType found = MessageType.of(code).orElse(null);
    if (found == null) {
      return broken(NotificationSubcode.BAD_MESSAGE_TYPE, Bytes.of(code));
    }
    if (!fits(found, length)) {
      return broken(NotificationSubcode.BAD_MESSAGE_LENGTH, Bytes.ofShort(length));
    }
    if (in.remaining() < length) {
      return Cut.INCOMPLETE;
    }
    type = found;
    body(in).limit(start + length).position(start + Message.HEADER_LENGTH);
    in.position(start + length);
    return Cut.MESSAGE;
  }

  private static boolean fits(MessageType type, int length) {
    return switch (type) {
      case OPEN -> length >= 29 && length <= Message.MAXIMUM_LENGTH;
      case UPDATE -> length >= 23;
      case NOTIFICATION -> length >= 21;
      case KEEPALIVE -> length == Message.HEADER_LENGTH;
      // A wrong length has an error code of its own: RFC 7313 §5.
      case ROUTE_REFRESH -> true;
    };
  }

  @SuppressWarnings("ReferenceEquality") // a view of this very buffer, whatever it holds
  private ByteBuffer body(ByteBuffer in) {
    ByteBuffer view = body;
    if (view == null || source != in) {
      view = in.duplicate();
      source = in;
      body = view;
    }
    return view.clear();
  }

  private Cut broken(NotificationSubcode subcode, Bytes data) {
    error = Notification.of(subcode, data);
    return Cut.BROKEN;
  }

  /** Of the message last cut. */
  public MessageType type() {
    return present(type);
  }

  /** The message last cut, without its header: a view that the next cut moves. */
  public ByteBuffer body() {
    return present(body);
  }

  /** What to tell the peer before closing. */
  public Notification error() {
    return present(error);
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("asked for what the last cut did not answer");
    }
    return value;
  }
}
