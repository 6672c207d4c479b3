package io.ocicat.nftables.log;

import io.ocicat.libc.Errno;
import io.ocicat.libc.LibcException;
import io.ocicat.netlink.Answer;
import io.ocicat.netlink.AttributeNames;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.netlink.NetlinkSocket;
import io.ocicat.netlink.NetlinkTransport;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The packets of one group of {@code nfnetlink_log}, in the network namespace where it was opened;
 * {@code linux/netfilter/nfnetlink_log.h}. For one thread.
 */
public final class NfLog implements AutoCloseable {

  private static final int NFNL_SUBSYS_ULOG = 4;
  private static final int NFULNL_MSG_PACKET = NFNL_SUBSYS_ULOG << 8;
  private static final int NFULNL_MSG_CONFIG = NFNL_SUBSYS_ULOG << 8 | 1;

  private static final int NFULA_CFG_CMD = 1;
  private static final int NFULA_CFG_MODE = 2;
  private static final int NFULA_CFG_TIMEOUT = 4;
  private static final int NFULA_CFG_QTHRESH = 5;
  private static final int NFULNL_CFG_CMD_BIND = 1;
  private static final int NFULNL_COPY_PACKET = 2;

  /** Enough for the headers of IPv6 with some extensions, and the ports after them. */
  private static final int COPY_BYTES = 128;

  /** The kernel holds packets back this long, in hundredths of a second, to send many at once. */
  private static final int HOLD_BACK = 5;

  private static final int AT_ONCE = 64;

  private final NetlinkTransport transport;

  private NfLog(NetlinkTransport transport) {
    this.transport = transport;
  }

  /** What became of opening a group. */
  public sealed interface Opened {

    /** It is read from now on. */
    record Open(NfLog log) implements Opened {}

    /**
     * It cannot be read.
     *
     * @param reason a sentence for people
     */
    record Refused(String reason) implements Opened {}
  }

  /** What came. */
  public sealed interface Received {

    /** Packets, perhaps none in the time allowed. */
    record Packets(List<LoggedPacket> packets) implements Received {
      public Packets {
        packets = List.copyOf(packets);
      }
    }

    /** More came than there was room for; nobody knows how many. */
    record Lost() implements Received {}
  }

  /** Begins to read a group, in the calling thread's network namespace. */
  public static Opened open(int group) {
    try {
      return bind(NetlinkTransport.open(NetlinkSocket.NETLINK_NETFILTER), group);
    } catch (LibcException e) {
      return new Opened.Refused("no packets are reported: " + e.getMessage());
    }
  }

  static Opened bind(NetlinkTransport transport, int group) {
    try {
      List<NlRequest> requests =
          List.of(
                  config("read group " + group, group)
                      .with(NFULA_CFG_CMD, new byte[] {NFULNL_CFG_CMD_BIND}),
                  config("copy packets of group " + group, group).with(NFULA_CFG_MODE, mode()),
                  config("hold packets of group " + group + " back a moment", group)
                      .with(NFULA_CFG_TIMEOUT, beU32(HOLD_BACK)),
                  config("take packets of group " + group + " together", group)
                      .with(NFULA_CFG_QTHRESH, beU32(AT_ONCE)))
              .stream()
              .map(Config::request)
              .toList();
      // One datagram: a packet that comes in between is no answer.
      for (Answer answer :
          new NetlinkSocket(transport, AttributeNames.NUMBERS).executeAll(requests)) {
        switch (answer) {
          case Answer.Acknowledged _ -> {}
          case Answer.Refused(NetlinkException cause) -> throw cause;
        }
      }
      return new Opened.Open(new NfLog(transport));
    } catch (NetlinkException e) {
      transport.close();
      return new Opened.Refused(reason(group, e));
    } catch (LibcException e) {
      transport.close();
      return new Opened.Refused("no packets are reported: " + e.getMessage());
    }
  }

  private static String reason(int group, NetlinkException e) {
    boolean isTaken = e.errno().equals(Errno.EPERM) || e.errno().equals(Errno.EBUSY);
    return isTaken
        ? "no packets are reported: another program reads log group %d of nfnetlink_log (%s); /proc/net/netfilter/nfnetlink_log has its port id"
            .formatted(group, e.errno())
        : "no packets are reported: nfnetlink_log refuses: " + e.getMessage();
  }

  private record Config(String operation, int group, AttributeWriter body) {
    Config with(int attribute, byte[] value) {
      body.bytes(attribute, value);
      return this;
    }

    NlRequest request() {
      return new NlRequest(operation, NFULNL_MSG_CONFIG, 0, body);
    }
  }

  /** {@code nfgenmsg.res_id} is the group, in network order. */
  private static Config config(String operation, int group) {
    byte[] header = {0, 0, (byte) (group >> 8), (byte) group};
    return new Config(operation, group, new AttributeWriter(header));
  }

  /** {@code struct nfulnl_msg_config_mode}. */
  private static byte[] mode() {
    return ByteBuffer.allocate(6).putInt(COPY_BYTES).put((byte) NFULNL_COPY_PACKET).array();
  }

  private static byte[] beU32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** Waits for packets. Blocks: for a platform thread. */
  public Received receive(int timeoutMillis) {
    return switch (transport.receive(timeoutMillis)) {
      case NetlinkTransport.Reception.Messages(List<NlMessage> messages) -> {
        List<LoggedPacket> packets = new ArrayList<>();
        for (NlMessage message : messages) {
          if (message.type() == NFULNL_MSG_PACKET) {
            packets.add(LoggedPacket.decode(message));
          }
        }
        yield new Received.Packets(packets);
      }
      case NetlinkTransport.Reception.Nothing() -> new Received.Packets(List.of());
      case NetlinkTransport.Reception.Overrun(), NetlinkTransport.Reception.Truncated _ ->
          new Received.Lost();
    };
  }

  @Override
  public void close() {
    transport.close();
  }
}
