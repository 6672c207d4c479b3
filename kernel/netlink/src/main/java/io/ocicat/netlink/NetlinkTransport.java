package io.ocicat.netlink;

import io.ocicat.libc.Epoll;
import java.util.List;

/**
 * Carries datagrams to the kernel and back: the seam between the protocol and the system calls.
 *
 * <p>One exchange at a time; {@link NetlinkSocket} sees to that.
 */
public interface NetlinkTransport extends AutoCloseable {

  /** What came of trying to receive. */
  sealed interface Reception {

    /** The messages of one datagram. */
    record Messages(List<NlMessage> messages) implements Reception {
      public Messages {
        messages = List.copyOf(messages);
      }
    }

    /** Nothing came in the time allowed. */
    record Nothing() implements Reception {}

    /** The kernel had more to say than the receive buffer holds ({@code ENOBUFS}). */
    record Overrun() implements Reception {}

    /** The datagram was longer than the buffer and is lost; the next buffer is large enough. */
    record Truncated(int lengthBytes) implements Reception {}
  }

  /** Takes what is received, until it has enough. */
  @FunctionalInterface
  interface Receiver {
    /**
     * @return {@code true} to go on receiving
     */
    boolean accept(Reception reception);
  }

  /**
   * A socket of the kernel in the calling thread's network namespace, for who both asks and
   * listens.
   *
   * @param protocol for example {@link NetlinkSocket#NETLINK_NETFILTER}
   * @throws io.ocicat.libc.LibcException if there is no such family
   */
  static NetlinkTransport open(int protocol) {
    return KernelTransport.open(protocol);
  }

  /**
   * Sends a datagram and receives until the receiver has enough.
   *
   * @param timeoutMillis how long to wait for each datagram; 0 takes only what is there already
   */
  void exchange(byte[] datagram, int timeoutMillis, Receiver receiver);

  /**
   * Receives without sending, for notifications.
   *
   * @param timeoutMillis 0 not to wait
   */
  Reception receive(int timeoutMillis);

  /** Has a set of descriptors notice when there is something to receive. */
  default void watchedBy(Epoll epoll, long token) {
    throw new IllegalStateException("there is no socket to watch");
  }

  /** Joins a multicast group; {@link #receive} delivers its messages. */
  void addMembership(int group);

  @Override
  void close();
}
