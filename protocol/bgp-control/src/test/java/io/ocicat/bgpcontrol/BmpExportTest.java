package io.ocicat.bgpcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.AttributeCache;
import io.ocicat.bgpwire.AttributeError;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Framing;
import io.ocicat.bgpwire.Message;
import io.ocicat.bgpwire.Nlri;
import io.ocicat.bgpwire.PeerKind;
import io.ocicat.bgpwire.PrefixVisitor;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.UpdateHandler;
import io.ocicat.bgpwire.UpdateParser;
import io.ocicat.bgpwire.bmp.BmpCodec;
import io.ocicat.bgpwire.bmp.BmpMessage;
import io.ocicat.bgpwire.bmp.BmpPeerDownReason;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BmpExportTest {

  private static final int LIMIT_MILLIS = 20_000;

  private final RunningSpeaker watched = new RunningSpeaker("127.0.17.1", 65001);
  private final RunningSpeaker neighbour = new RunningSpeaker("127.0.17.2", 65002);
  private ServerSocket station;

  BmpExportTest() throws IOException {
    station = new ServerSocket(0, 1, InetAddress.getByName("127.0.17.3"));
    station.setSoTimeout(LIMIT_MILLIS);
  }

  @BeforeEach
  void peer() {
    watched.peersWith("neighbour", "127.0.17.2", 65002);
    neighbour.peersWith("watched", "127.0.17.1", 65001);
    watched.awaitEstablished("neighbour");
  }

  @AfterEach
  void end() throws IOException {
    station.close();
    watched.close();
    neighbour.close();
  }

  private BmpExport start() {
    return BmpExport.start(
        watched,
        new BmpExport.Station(
            IpAddress.parse("127.0.17.3"),
            station.getLocalPort(),
            Duration.ofMillis(100),
            Duration.ofMillis(300)),
        "watched",
        InstantSource.system());
  }

  /** What the station has understood so far. */
  private static final class Heard implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    private final List<BmpMessage> messages = new ArrayList<>();
    private final List<String> routes = new ArrayList<>();
    private final UpdateParser parser =
        new UpdateParser(ReceiveTraits.plain(PeerKind.EXTERNAL, 65002), new AttributeCache());

    Heard(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      socket.setSoTimeout(LIMIT_MILLIS);
    }

    BmpMessage next() throws IOException {
      while (true) {
        buffer.flip();
        Optional<BmpMessage> message = BmpCodec.read(buffer);
        buffer.compact();
        if (message.isPresent()) {
          messages.add(message.get());
          if (message.get() instanceof BmpMessage.RouteMonitoring route) {
            routes(route);
          }
          return message.get();
        }
        int read = in.read(buffer.array(), buffer.position(), buffer.remaining());
        assertThat(read).as("octets before the end").isPositive();
        buffer.position(buffer.position() + read);
      }
    }

    <T extends BmpMessage> T until(Class<T> kind) throws IOException {
      BmpMessage next = next();
      while (!kind.isInstance(next)) {
        next = next();
      }
      return kind.cast(next);
    }

    void untilRoute(String route) throws IOException {
      while (!routes.contains(route)) {
        BmpMessage _ = next();
      }
    }

    private void routes(BmpMessage.RouteMonitoring route) {
      ByteBuffer update = route.update().toBuffer();
      Framing framing = new Framing();
      assertThat(framing.next(update)).isEqualTo(Framing.Cut.MESSAGE);
      assertThat(parser.parse(framing.body(), new Routes())).isNull();
    }

    private final class Routes implements UpdateHandler {
      @Override
      public void announce(Family family, Attributes attributes, Nlri nlri) {
        nlri.forEach(visitor("+"));
      }

      @Override
      public void withdraw(Family family, Nlri nlri) {
        nlri.forEach(visitor("-"));
      }

      @Override
      public void endOfRib(Family family) {
        routes.add("end of " + family);
      }

      @Override
      public void malformed(AttributeError error) {
        throw new AssertionError(error);
      }
    }

    private PrefixVisitor visitor(String sign) {
      return new PrefixVisitor() {
        @Override
        public void v4(int address, int length, int pathId) {
          routes.add(sign + new Ipv4Address(address) + "/" + length);
        }

        @Override
        public void v6(long high, long low, int length, int pathId) {
          routes.add(sign + new Ipv6Address(high, low) + "/" + length);
        }
      };
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void tellsTheTableThenWhatHappens() throws IOException {
    neighbour.originate("10.1.0.0/24");
    neighbour.originate("10.2.0.0/24");
    RunningSpeaker.await(
        "two routes",
        () -> watched.ask(s -> s.rib().counters(Family.IPV4_UNICAST).prefixes()) == 2);
    try (BmpExport _ = start();
        Heard heard = new Heard(station.accept())) {
      assertThat(heard.next()).isInstanceOf(BmpMessage.Initiation.class);
      BmpMessage.PeerUp up = heard.until(BmpMessage.PeerUp.class);
      assertThat(up.peer().address()).isEqualTo(IpAddress.parse("127.0.17.2"));
      assertThat(up.peer().asn()).isEqualTo(65002);
      assertThat(up.local()).isEqualTo(IpAddress.parse("127.0.17.1"));
      assertThat(up.sentOpen().length()).isGreaterThan(Message.HEADER_LENGTH);
      heard.untilRoute("end of " + Family.IPV4_UNICAST);
      assertThat(heard.routes).contains("+10.1.0.0/24", "+10.2.0.0/24");

      neighbour.originate("10.3.0.0/24");
      heard.untilRoute("+10.3.0.0/24");
      neighbour.withdraw("10.1.0.0/24");
      heard.untilRoute("-10.1.0.0/24");
      assertThat(heard.until(BmpMessage.StatisticsReport.class).statistics()).isNotEmpty();

      boolean _ = neighbour.ask(s -> s.reset("watched"));
      BmpMessage.PeerDown down = heard.until(BmpMessage.PeerDown.class);
      assertThat(down.reason()).isEqualTo(BmpPeerDownReason.REMOTE_NOTIFICATION.code());
      assertThat(heard.until(BmpMessage.PeerUp.class).peer().asn()).isEqualTo(65002);
      heard.untilRoute("+10.3.0.0/24");
    }
  }

  @Test
  void beginsAnewWithAStationThatCameBack() throws IOException {
    neighbour.originate("10.1.0.0/24");
    try (BmpExport _ = start()) {
      try (Heard heard = new Heard(station.accept())) {
        heard.untilRoute("+10.1.0.0/24");
      }
      try (Heard heard = new Heard(station.accept())) {
        assertThat(heard.next()).isInstanceOf(BmpMessage.Initiation.class);
        heard.untilRoute("+10.1.0.0/24");
      }
    }
  }

  @Test
  void saysGoodbye() throws IOException {
    BmpExport export = start();
    try (Heard heard = new Heard(station.accept())) {
      BmpMessage.PeerUp _ = heard.until(BmpMessage.PeerUp.class);
      export.close();
      assertThat(heard.until(BmpMessage.Termination.class).information()).hasSize(1);
    }
  }
}
