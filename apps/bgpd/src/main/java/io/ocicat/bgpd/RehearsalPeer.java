package io.ocicat.bgpd;

import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Keepalive;
import io.ocicat.bgpwire.Open;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.bgpwire.UpdateWriter;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A neighbour that says what it is told to, and counts what it hears. */
final class RehearsalPeer implements Closeable {

  private static final int PREFIXES_A_SET = 10;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int FIRST_PREFIX = 0x0b000000;

  private final int asn;
  private final IpAddress address;
  private final Socket socket = new Socket();
  private final AtomicLong heardBytes = new AtomicLong();
  private final UpdateWriter writer = new UpdateWriter(new SendTraits(true, 4096, Set.of()));

  RehearsalPeer(String address, int asn) throws IOException {
    this.asn = asn;
    this.address = IpAddress.parse(address);
    socket.setTcpNoDelay(true);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 179), 5000);
    send(
        new Open(
                asn,
                90,
                new Ipv4Address(0x7f000000 | asn),
                List.of(
                    new Capability.Multiprotocol(Family.IPV4_UNICAST),
                    new Capability.FourOctetAs(asn)))
            .toBuffer());
    send(new Keepalive().toBuffer());
    Thread _ = Thread.ofPlatform().daemon().name("peer-" + asn).start(this::listen);
  }

  /** Octets heard so far. */
  long heardBytes() {
    return heardBytes.get();
  }

  /** Announces prefixes, ten with the same attributes. */
  void announce(int prefixes) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);
    for (int first = 0; first < prefixes; first += PREFIXES_A_SET) {
      Attributes attributes =
          Attributes.builder()
              .nextHop(address)
              .asPath(AsPath.sequence(asn, 100 + first % 997, 70_000 + first % 10_007))
              .addCommunity(new Community(first))
              .med(first % 7)
              .build();
      writer.begin(out);
      writer.announcing(writer.encode(Family.IPV4_UNICAST, attributes));
      for (int i = first; i < Math.min(prefixes, first + PREFIXES_A_SET); i++) {
        put(i);
      }
      writer.finish();
      if (out.remaining() < BUFFER_BYTES / 2) {
        send(out.flip());
        out.clear();
      }
    }
    send(out.flip());
  }

  void withdraw(int prefix) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(4096);
    writer.begin(out);
    writer.withdrawing(Family.IPV4_UNICAST);
    put(prefix);
    writer.finish();
    send(out.flip());
  }

  private void put(int prefix) {
    if (!writer.v4(FIRST_PREFIX + (prefix << 8), 24, 0)) {
      throw new IllegalStateException("no room for a prefix");
    }
  }

  private void send(ByteBuffer bytes) throws IOException {
    socket
        .getOutputStream()
        .write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  private void listen() {
    byte[] buffer = new byte[1 << 16];
    try {
      for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
        heardBytes.addAndGet(count);
      }
    } catch (IOException e) {
      // The end of the rehearsal.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
