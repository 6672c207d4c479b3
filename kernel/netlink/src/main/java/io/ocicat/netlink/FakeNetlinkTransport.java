package io.ocicat.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A kernel for tests: a function from the messages of a request datagram to what is received after
 * it.
 */
public final class FakeNetlinkTransport implements NetlinkTransport {

  private final Function<List<NlMessage>, List<Reception>> kernel;
  private final Queue<Reception> received = new ArrayDeque<>();
  private final List<List<NlMessage>> sent = new ArrayList<>();
  private final TreeSet<Integer> groups = new TreeSet<>();

  public FakeNetlinkTransport(Function<List<NlMessage>, List<Reception>> kernel) {
    this.kernel = kernel;
  }

  /** One that acknowledges every message that asks for it. */
  public static FakeNetlinkTransport agreeable() {
    return new FakeNetlinkTransport(
        messages ->
            messages.stream()
                .filter(m -> m.header().has(NlFlags.ACK))
                .<Reception>map(m -> new Reception.Messages(List.of(ack(m, 0))))
                .toList());
  }

  /**
   * An acknowledgement without attributes.
   *
   * @param error 0 or a negative errno
   */
  public static NlMessage ack(NlMessage request, int error) {
    return ack(request, error, new AttributeWriter());
  }

  /** An acknowledgement with attributes of {@code enum nlmsgerr_attrs}. */
  public static NlMessage ack(NlMessage request, int error, AttributeWriter attributes) {
    byte[] tlvs = attributes.toBytes();
    ByteBuffer payload =
        ByteBuffer.allocate(4 + NlHeader.SIZE_BYTES + tlvs.length).order(ByteOrder.nativeOrder());
    payload.putInt(error);
    request.header().encode(payload);
    payload.put(tlvs);
    int flags = NlFlags.CAPPED | (tlvs.length > 0 ? NlFlags.ACK_TLVS : 0);
    return NlMessage.of(
        new NlHeader(0, NlHeader.NLMSG_ERROR, flags, request.header().sequence(), 0),
        payload.array());
  }

  /** The datagrams sent, decoded. */
  public List<List<NlMessage>> sent() {
    return List.copyOf(sent);
  }

  /** The groups joined, ascending. */
  public List<Integer> groups() {
    return List.copyOf(groups);
  }

  /** Makes something come without a request. */
  public void deliver(Reception reception) {
    received.add(reception);
  }

  @Override
  public void exchange(byte[] datagram, int timeoutMillis, Receiver receiver) {
    List<NlMessage> messages = NlMessage.parse(datagram);
    sent.add(messages);
    received.addAll(kernel.apply(messages));
    boolean more = true;
    while (more) {
      more = receiver.accept(receive(timeoutMillis));
    }
  }

  @Override
  public Reception receive(int timeoutMillis) {
    Reception next = received.poll();
    return next == null ? new Reception.Nothing() : next;
  }

  @Override
  public void addMembership(int group) {
    groups.add(group);
  }

  @Override
  public void close() {
    received.clear();
  }
}
