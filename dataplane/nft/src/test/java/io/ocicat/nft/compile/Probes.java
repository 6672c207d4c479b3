package io.ocicat.nft.compile;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NativeBuffer;
import io.ocicat.libc.NetNamespace;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.Syscalls;
import io.ocicat.model.Protocol;
import io.ocicat.policy.Flow;
import io.ocicat.policy.Flow.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Real packets between namespaces: TCP connections, UDP datagrams, and, through raw sockets, SCTP
 * INIT chunks and echo requests. Every flow's packet carries the flow's number.
 */
final class Probes implements AutoCloseable {

  /** EPERM: what a host is told of packets that its own policy drops. */
  private static final String REFUSED = "Operation not permitted";

  private static final int ICMP_ECHO = 8;
  private static final int ICMPV6_ECHO_REQUEST = 128;

  /** Where packets of a kind to an address arrive. */
  private record Place(IpAddress address, int protocol, int port) {}

  private final KernelNode node;
  private final Map<Integer, SocketChannel> connecting = new HashMap<>();
  private final Map<Place, ServerSocketChannel> listeners = new HashMap<>();
  private final Map<Place, DatagramChannel> datagrams = new HashMap<>();
  private final Map<Place, Fd> raws = new HashMap<>();
  private final List<AutoCloseable> senders = new ArrayList<>();
  private final Set<Integer> arrived = new TreeSet<>();

  Probes(KernelNode node) {
    this.node = node;
  }

  /**
   * Sends a packet for each flow and tells which arrived.
   *
   * @param flows by number; numbers must not have been used before on this node
   * @param expected when these have arrived, only stragglers are waited for
   */
  Set<Integer> arriving(Map<Integer, Flow> flows, Set<Integer> expected)
      throws IOException, InterruptedException {
    for (Flow flow : flows.values()) {
      namespace(flow.destination()).run(() -> listen(flow));
    }
    for (Map.Entry<Integer, Flow> flow : flows.entrySet()) {
      IpAddress source = source(flow.getValue());
      namespace(source).run(() -> send(flow.getKey(), flow.getValue(), source));
    }
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    long quietNs = Duration.ofMillis(200).toNanos();
    long quietSinceNs = System.nanoTime();
    while (System.nanoTime() < deadlineNs) {
      if (receive()) {
        quietSinceNs = System.nanoTime();
      }
      if (arrived.containsAll(expected) && System.nanoTime() - quietSinceNs > quietNs) {
        break;
      }
      Thread.sleep(5);
    }
    return arrived;
  }

  private NetNamespace namespace(IpAddress address) {
    return node.namespaceOf(address)
        .orElseThrow(() -> new IllegalStateException("nobody has " + address));
  }

  /** The host's address of the family where the flow is from the host. */
  private static IpAddress source(Flow flow) {
    return switch (flow.source()) {
      case Flow.Source.Remote(var address) -> address;
      case Flow.Source.OwnHost() -> hostAddress(flow.destination().family());
    };
  }

  static IpAddress hostAddress(IpFamily family) {
    return InterpretedCluster.HOST_ADDRESSES.stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow();
  }

  /** Sends a datagram and tells from which address the receiver saw it come. */
  static IpAddress sourceSeen(KernelNode node, IpAddress from, IpAddress to)
      throws IOException, InterruptedException {
    NetNamespace receiving = node.namespaceOf(to).orElseThrow();
    NetNamespace sending = node.namespaceOf(from).orElseThrow();
    try (DatagramChannel receiver =
            receiving.call(() -> DatagramChannel.open(family(to)).bind(socketAddress(to, 0)));
        DatagramChannel sender =
            sending.call(() -> DatagramChannel.open(family(from)).bind(socketAddress(from, 0)))) {
      receiver.configureBlocking(false);
      int _ = sender.send(ByteBuffer.allocate(1), receiver.getLocalAddress());
      long deadlineNs = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      while (System.nanoTime() < deadlineNs) {
        SocketAddress seen = receiver.receive(ByteBuffer.allocate(1));
        if (seen instanceof InetSocketAddress address) {
          return IpAddress.of(address.getAddress());
        }
        Thread.sleep(2);
      }
    }
    throw new AssertionError("nothing arrived from " + from + " at " + to);
  }

  private void listen(Flow flow) {
    Place place = place(flow);
    InetSocketAddress local = socketAddress(place.address, place.port);
    try {
      switch (flow.traffic()) {
        case Traffic.Transport(var protocol, _, _) when protocol == Protocol.TCP -> {
          if (!listeners.containsKey(place)) {
            ServerSocketChannel channel = ServerSocketChannel.open(family(place.address));
            listeners.put(place, channel);
            channel.bind(local, 100).configureBlocking(false);
          }
        }
        case Traffic.Transport(var protocol, _, _) when protocol == Protocol.UDP -> {
          if (!datagrams.containsKey(place)) {
            DatagramChannel channel = DatagramChannel.open(family(place.address));
            datagrams.put(place, channel);
            channel.bind(local).configureBlocking(false);
          }
        }
        case Traffic.Transport _, Traffic.Icmp _, Traffic.Other _ ->
            raws.computeIfAbsent(place, _ -> raw(place.address, place.protocol));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at " + place, e);
    }
  }

  private static Place place(Flow flow) {
    return switch (flow.traffic()) {
      case Traffic.Transport(var protocol, _, var port) ->
          new Place(flow.destination(), protocol.number(), protocol == Protocol.SCTP ? 0 : port);
      case Traffic.Icmp _ -> new Place(flow.destination(), icmp(flow.destination()), 0);
      case Traffic.Other(var protocol) -> new Place(flow.destination(), protocol, 0);
    };
  }

  private static int icmp(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> LinuxSocket.IPPROTO_ICMP;
      case IPV6 -> LinuxSocket.IPPROTO_ICMPV6;
    };
  }

  private static Fd raw(IpAddress local, int protocol) {
    int domain =
        switch (local.family()) {
          case IPV4 -> LinuxSocket.AF_INET;
          case IPV6 -> LinuxSocket.AF_INET6;
        };
    Fd socket = Syscalls.socket(domain, LinuxSocket.SOCK_RAW | LinuxSocket.SOCK_CLOEXEC, protocol);
    Syscalls.bind(socket, new Sockaddr.Inet(socketAddress(local, 0)));
    return socket;
  }

  private void send(int number, Flow flow, IpAddress source) {
    try {
      switch (flow.traffic()) {
        case Traffic.Transport(var protocol, var sourcePort, var port) -> {
          InetSocketAddress from = socketAddress(source, sourcePort);
          InetSocketAddress to = socketAddress(flow.destination(), port);
          switch (protocol) {
            case TCP -> {
              SocketChannel channel = SocketChannel.open(family(source));
              senders.add(channel);
              connecting.put(number, channel);
              channel.bind(from).configureBlocking(false);
              boolean _ = channel.connect(to);
            }
            case UDP -> {
              DatagramChannel channel = DatagramChannel.open(family(source));
              senders.add(channel);
              channel.bind(from).send(ByteBuffer.allocate(4).putInt(0, number), to);
            }
            case SCTP -> sendRaw(source, flow, sctpInit(sourcePort, port));
          }
        }
        case Traffic.Icmp(var type, var code) -> sendRaw(source, flow, icmp(number, type, code));
        case Traffic.Other _ ->
            sendRaw(source, flow, ByteBuffer.allocate(8).putInt(0, number).array());
      }
    } catch (IOException e) {
      if (!REFUSED.equals(e.getMessage())) {
        throw new UncheckedIOException("cannot send " + flow, e);
      }
    } catch (LibcException e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
    }
  }

  private static void sendRaw(IpAddress source, Flow flow, byte[] packet) {
    try (Fd socket = raw(source, place(flow).protocol)) {
      int _ =
          Syscalls.sendto(
              socket, packet, 0, new Sockaddr.Inet(socketAddress(flow.destination(), 0)));
    }
  }

  /** RFC 9260 3.1 and 3.3.2; the source port tells it from others. */
  private static byte[] sctpInit(int number, int port) {
    ByteBuffer packet = ByteBuffer.allocate(12 + 20);
    packet.putShort((short) number).putShort((short) port).putInt(0).putInt(0);
    packet.put((byte) 1).put((byte) 0).putShort((short) 20);
    packet.putInt(number + 1).putInt(0x10000).putShort((short) 1).putShort((short) 1).putInt(1);
    CRC32C checksum = new CRC32C();
    checksum.update(packet.array());
    packet.order(ByteOrder.LITTLE_ENDIAN).putInt(8, (int) checksum.getValue());
    return packet.array();
  }

  /** The identifier is the number. For ICMPv6 the kernel adds the checksum. */
  private static byte[] icmp(int number, int type, int code) {
    ByteBuffer packet = ByteBuffer.allocate(8);
    packet.put((byte) type).put((byte) code).putShort((short) 0);
    packet.putShort((short) number).putShort((short) 0);
    int sum = (type << 8) + code + (number & 0xffff);
    sum = (sum & 0xffff) + (sum >>> 16);
    return packet.putShort(2, (short) ~sum).array();
  }

  /** Whether anything new arrived. */
  private boolean receive() throws IOException {
    int before = arrived.size();
    for (Map.Entry<Integer, SocketChannel> each : connecting.entrySet()) {
      if (each.getValue().isConnected() || each.getValue().finishConnect()) {
        arrived.add(each.getKey());
      }
    }
    for (DatagramChannel channel : datagrams.values()) {
      ByteBuffer payload = ByteBuffer.allocate(4);
      while (channel.receive(payload) != null) {
        arrived.add(payload.getInt(0));
        payload.clear();
      }
    }
    try (NativeBuffer buffer = new NativeBuffer(2048)) {
      raws.forEach((place, socket) -> receiveRaw(place, socket, buffer));
    }
    return arrived.size() > before;
  }

  private void receiveRaw(Place place, Fd socket, NativeBuffer buffer) {
    int length = Syscalls.recv(socket, buffer, LinuxSocket.MSG_DONTWAIT);
    while (length != Syscalls.WOULD_BLOCK) {
      // A raw IPv4 socket gives the IP header too, an IPv6 one does not.
      int header = place.address.family() == IpFamily.IPV4 ? 20 : 0;
      ByteBuffer packet = ByteBuffer.wrap(buffer.copy(length), header, length - header);
      int first = packet.get(header) & 0xff;
      switch (place.protocol) {
        case LinuxSocket.IPPROTO_SCTP -> {
          if (length >= header + 32 && packet.get(header + 12) == 1) {
            arrived.add(packet.getShort(header) & 0xffff);
          }
        }
        case LinuxSocket.IPPROTO_ICMP, LinuxSocket.IPPROTO_ICMPV6 -> {
          if (first == ICMP_ECHO || first == ICMPV6_ECHO_REQUEST) {
            arrived.add(packet.getShort(header + 4) & 0xffff);
          }
        }
        default -> arrived.add(packet.getInt(header));
      }
      length = Syscalls.recv(socket, buffer, LinuxSocket.MSG_DONTWAIT);
    }
  }

  private static InetSocketAddress socketAddress(IpAddress address, int port) {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  private static StandardProtocolFamily family(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> StandardProtocolFamily.INET;
      case IPV6 -> StandardProtocolFamily.INET6;
    };
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable sender : senders) {
      try {
        sender.close();
      } catch (Exception e) {
        throw new IOException("cannot close " + sender, e);
      }
    }
    for (ServerSocketChannel listener : listeners.values()) {
      listener.close();
    }
    for (DatagramChannel channel : datagrams.values()) {
      channel.close();
    }
    raws.values().forEach(Fd::close);
  }
}
