package io.ocicat.netlink;

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

  /** Waits for a notification. Blocks: for a platform thread. */
  public NetlinkTransport.Reception receive(int timeoutMillis) {
    return transport.receive(timeoutMillis);
  }

  @Override
  public void close() {
    transport.close();
  }
}
