package io.ocicat.bench;

import io.ocicat.bgp.loop.ConnectSettings;
import io.ocicat.bgp.loop.Connection;
import io.ocicat.bgp.loop.ConnectionHandler;
import io.ocicat.bgp.loop.EpollLoop;
import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.AttributeCache;
import io.ocicat.bgpwire.AttributeError;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Framing;
import io.ocicat.bgpwire.Keepalive;
import io.ocicat.bgpwire.Nlri;
import io.ocicat.bgpwire.Open;
import io.ocicat.bgpwire.PeerKind;
import io.ocicat.bgpwire.PrefixVisitor;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.bgpwire.UpdateHandler;
import io.ocicat.bgpwire.UpdateParser;
import io.ocicat.bgpwire.UpdateWriter;
import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One of many neighbours with a handful of routes each, on one loop: it connects, tells its own
 * routes, and knows which of the others' it has. It keeps no table, so that it is not what is
 * measured.
 */
final class BgpNeighbour implements ConnectionHandler, UpdateHandler, PrefixVisitor {

  /** Routes of each. */
  static final int ROUTES = 5;

  private static final int FIRST_ROUTE = 0x0b000000;
  private static final int HOLD_SECONDS = 180;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int LONGEST_PAUSE_MS = 200;

  private final EpollLoop loop;
  private final int number;
  private final BitSet has = new BitSet();
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);
  private final UpdateParser parser =
      new UpdateParser(
          ReceiveTraits.plain(PeerKind.EXTERNAL, BgpField.SPEAKER_AS), new AttributeCache(16));
  private Framing framing = new Framing();
  private final RandomGenerator random;
  private boolean withdrawing;

  /**
   * @param random for the pauses, so that not all come at once
   */
  BgpNeighbour(EpollLoop loop, int number, RandomGenerator random) {
    this.loop = loop;
    this.number = number;
    this.random = random;
  }

  /** How many of the others' routes it has. */
  int routes() {
    return has.cardinality();
  }

  /** Connects soon, and again whenever that ends. */
  void start() {
    has.clear();
    Duration pause = Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MS));
    var _ = loop.schedule(pause, this::connect);
  }

  private void connect() {
    framing = new Framing();
    in.clear();
    Connection _ =
        loop.connect(
            new ConnectSettings(
                BgpField.SPEAKER,
                Transport.BGP_PORT,
                BgpField.neighbour(number),
                "",
                "",
                Hops.UNLIMITED,
                TIMEOUT),
            this);
  }

  @Override
  public void connected(Connection connection) {
    int as = BgpField.as(number);
    Open open =
        new Open(
            as,
            HOLD_SECONDS,
            (Ipv4Address) BgpField.neighbour(number),
            List.of(
                new Capability.Multiprotocol(Family.IPV4_UNICAST), new Capability.FourOctetAs(as)));
    send(connection, open.toBuffer());
  }

  @Override
  public void failed(Connection connection, String reason) {
    start();
  }

  @Override
  public void readable(Connection connection) {
    int count = connection.read(in);
    if (count == Connection.ENDED) {
      connection.close();
      start();
      return;
    }
    in.flip();
    while (framing.next(in) == Framing.Cut.MESSAGE) {
      switch (framing.type()) {
        case OPEN -> {
          send(connection, new Keepalive().toBuffer());
          send(connection, routesOfOurs());
        }
        case UPDATE -> parser.parse(framing.body(), this);
        case KEEPALIVE, NOTIFICATION, ROUTE_REFRESH -> {}
      }
    }
    in.compact();
  }

  private ByteBuffer routesOfOurs() {
    ByteBuffer out = ByteBuffer.allocate(4096);
    UpdateWriter writer = new UpdateWriter(new SendTraits(true, 4096, Set.of()));
    writer.begin(out);
    writer.announcing(
        writer.encode(
            Family.IPV4_UNICAST,
            Attributes.builder()
                .nextHop(BgpField.neighbour(number))
                .asPath(AsPath.sequence(BgpField.as(number)))
                .build()));
    for (int i = 0; i < ROUTES; i++) {
      if (!writer.v4(FIRST_ROUTE + ((number * ROUTES + i) << 8), 24, 0)) {
        throw new IllegalStateException("no room for a handful of routes");
      }
    }
    writer.finish();
    return out.flip();
  }

  /** A connection just made has room for these few. */
  private static void send(Connection connection, ByteBuffer bytes) {
    long _ = connection.write(new ByteBuffer[] {bytes}, 0, 1);
  }

  @Override
  public void writable(Connection connection) {}

  @Override
  public void announce(Family family, Attributes attributes, Nlri nlri) {
    withdrawing = false;
    nlri.forEach(this);
  }

  @Override
  public void withdraw(Family family, Nlri nlri) {
    withdrawing = true;
    nlri.forEach(this);
  }

  @Override
  public void v4(int address, int length, int pathId) {
    has.set((address - FIRST_ROUTE) >>> 8, !withdrawing);
  }

  @Override
  public void v6(long high, long low, int length, int pathId) {}

  @Override
  public void endOfRib(Family family) {}

  @Override
  public void malformed(AttributeError error) {
    throw new IllegalStateException("the speaker under test sent " + error);
  }
}
