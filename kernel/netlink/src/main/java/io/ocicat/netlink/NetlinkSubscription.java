package io.ocicat.netlink;

import io.ocicat.libc.Epoll;
import java.util.List;

/**
 * Notifications of multicast groups, in the namespace it was opened in.
 *
 * <p>A notification may be lost: {@link NetlinkTransport.Reception.Overrun} says so, and the state
 * must then be read anew.
 */
public final class NetlinkSubscription implements AutoCloseable {

  private final NetlinkTransport transport;

  /**
   * @param groups numbers, not masks
   */
  public NetlinkSubscription(NetlinkTransport transport, int... groups) {
    this.transport = transport;
    for (int group : groups) {
      transport.addMembership(group);
    }
  }

  /**
   * Joins groups of the kernel.
   *
   * @param protocol for example {@link NetlinkSocket#NETLINK_ROUTE}
   */
  public static NetlinkSubscription open(int protocol, int... groups) {
    return new NetlinkSubscription(KernelTransport.open(protocol), groups);
  }

  /**
   * Notifications that are not to be received.
   *
   * @param portId the socket whose doing they tell of, {@link NetlinkSocket#portId}
   * @param types of messages; at least one
   */
  public record NotOf(int portId, List<Integer> types) {
    public NotOf {
      types = List.copyOf(types);
    }
  }

  /** As {@link #open(int, int...)}, without what the kernel then does not even queue. */
  public static NetlinkSubscription open(int protocol, NotOf filter, int... groups) {
    KernelTransport transport = KernelTransport.open(protocol);
    transport.filter(filter);
    return new NetlinkSubscription(transport, groups);
  }

  /** Has a set of descriptors notice when there is something to receive. */
  public void watchedBy(Epoll epoll, long token) {
    transport.watchedBy(epoll, token);
  }

  /** Waits for a notification. Blocks: for a platform thread. */
  public NetlinkTransport.Reception receive(int timeoutMillis) {
    return transport.receive(timeoutMillis);
  }

  @Override
  public void close() {
    transport.close();
  }
}
