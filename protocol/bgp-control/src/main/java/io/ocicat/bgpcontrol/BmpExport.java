package io.ocicat.bgpcontrol;

import io.ocicat.bgp.rib.RouteCursor;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.session.Agreement;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.SessionMonitor;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Message;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.bgpwire.bmp.BmpCodec;
import io.ocicat.bgpwire.bmp.BmpMessage;
import io.ocicat.bgpwire.bmp.BmpTerminationReason;
import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a monitoring station of sessions and of what neighbours send (RFC 7854: Adj-RIB-In before
 * policy), on a thread of its own.
 *
 * <p>A new connection begins with the tables as they are, in portions: one is read when the last is
 * written, so that a slow station costs no memory. What happens meanwhile waits in between, in the
 * order in which it happened, up to {@link #MOST_WAITING_BYTES}; a station that is further behind
 * is cut off and begins anew.
 */
public final class BmpExport implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BmpExport.class);

  /** What may wait for a station. */
  static final int MOST_WAITING_BYTES = 32 << 20;

  private static final int PREFIXES_AT_ONCE = 1000;
  private static final int HEADERS_BYTES = 64;
  private static final int OTHER_BYTES = 160 << 10;
  private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

  /**
   * Where to tell.
   *
   * @param retry after which a connection that failed is tried again
   * @param statistics how often counters are told
   */
  public record Station(IpAddress address, int port, Duration retry, Duration statistics) {
    @Override
    public String toString() {
      return "the monitoring station " + address + " port " + port;
    }
  }

  private final SpeakerThread speaker;
  private final Station station;
  private final String systemName;
  private final BmpPeers peers;
  private final Monitor monitor = new Monitor();
  private final Object lock = new Object();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private int waitingBytes;
  private volatile boolean overrun;
  private volatile boolean closed;
  private volatile @Nullable SocketChannel channel;

  /** What the station has to be told. */
  private sealed interface Waiting {

    /** Encoded. */
    record Octets(ByteBuffer octets) implements Waiting {}

    /** Some of a neighbour's routes as they were at this point; the last ones end its table. */
    record Routes(BmpPeers.Known peer, Family family, List<RouteRow> rows, boolean last)
        implements Waiting {}
  }

  /** A table that a new connection has to be told. */
  private record Table(Session session, BmpPeers.Known peer, Family family, RouteCursor cursor) {}

  private BmpExport(
      SpeakerThread speaker, Station station, String systemName, InstantSource clock) {
    this.speaker = speaker;
    this.station = station;
    this.systemName = systemName;
    this.peers = new BmpPeers(clock);
    this.thread =
        Thread.ofPlatform().daemon().name("bmp-" + station.address()).unstarted(this::run);
  }

  /** Tells from now on. */
  public static BmpExport start(
      SpeakerThread speaker, Station station, String systemName, InstantSource clock) {
    BmpExport export = new BmpExport(speaker, station, systemName, clock);
    export.thread.start();
    return export;
  }

  // ---- on the loop's thread

  private final class Monitor implements SessionMonitor {
    private final Map<Session, BmpPeers.Known> known = new HashMap<>();

    private BmpPeers.Known of(Session session) {
      return known.computeIfAbsent(session, peers::of);
    }

    @Override
    public void established(Session session) {
      add(peers.up(of(session)));
    }

    @Override
    public void update(Session session, ByteBuffer update) {
      BmpPeers.Known peer = known.get(session);
      if (peer != null) {
        add(peers.update(peer, update));
      }
    }

    @Override
    public void ended(Session session) {
      BmpPeers.Known peer = known.remove(session);
      if (peer != null) {
        add(peers.down(peer, session.ending()));
      }
    }
  }

  private void add(BmpMessage message) {
    add(encoded(message));
  }

  private void add(byte[] octets) {
    synchronized (lock) {
      waitingBytes += octets.length;
      if (waitingBytes > MOST_WAITING_BYTES) {
        overrun = true;
        queue.clear();
        waitingBytes = 0;
      } else if (!overrun) {
        queue.add(new Waiting.Octets(ByteBuffer.wrap(octets)));
      }
      lock.notifyAll();
    }
    if (overrun) {
      cutOff();
    }
  }

  /** The thread may be held up in writing. */
  private void cutOff() {
    SocketChannel open = channel;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("Closing the connection to {}: {}", station, e.getMessage());
      }
    }
  }

  /** Begins with the sessions there are; their tables are still to be told. */
  private Deque<Table> begin(Speaker s) {
    synchronized (lock) {
      queue.clear();
      waitingBytes = 0;
      overrun = false;
    }
    monitor.known.clear();
    Deque<Table> tables = new ArrayDeque<>();
    for (Session session : s.monitor(monitor)) {
      BmpPeers.Known peer = monitor.of(session);
      for (Family family : peer.negotiated().families().keySet()) {
        RouteCursor cursor = s.rib().view().received(session.name(), family);
        tables.add(new Table(session, peer, family, cursor));
      }
    }
    return tables;
  }

  /** Some more of a table, in its place among what happens. */
  private boolean more(Table table) {
    if (!table.peer().equals(monitor.known.get(table.session()))) {
      return false; // it has another session now, whose routes are told as they come
    }
    List<RouteRow> rows = table.cursor().next(PREFIXES_AT_ONCE);
    boolean last = table.cursor().atEnd();
    synchronized (lock) {
      queue.add(new Waiting.Routes(table.peer(), table.family(), rows, last));
    }
    return !last;
  }

  // ---- on the thread of this

  private void run() {
    String lastTrouble = "";
    while (!closed) {
      try (SocketChannel to = connect()) {
        channel = to;
        LOG.info("Telling {}", station);
        lastTrouble = "";
        tell(to);
        write(to, encoded(BmpMessage.Termination.of(BmpTerminationReason.ADMINISTRATIVELY_CLOSED)));
      } catch (IOException e) {
        String trouble = overrun ? "it could not keep up" : String.valueOf(e.getMessage());
        if (!trouble.equals(lastTrouble) && !closed) {
          LOG.warn("Lost {}: {}; trying again every {}", station, trouble, station.retry());
          lastTrouble = trouble;
        }
      } catch (IllegalStateException e) {
        LOG.warn("Cannot tell {}: {}", station, e.getMessage());
      } finally {
        channel = null;
      }
      pause();
    }
    ended.countDown();
  }

  private void pause() {
    try {
      boolean _ = closing.await(station.retry().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel to = SocketChannel.open();
    try {
      InetAddress address = InetAddress.getByAddress(station.address().toBytes());
      to.socket()
          .connect(new InetSocketAddress(address, station.port()), (int) CONNECT_TIME.toMillis());
      return to;
    } catch (IOException e) {
      to.close();
      throw e;
    }
  }

  private void tell(SocketChannel to) throws IOException {
    write(to, encoded(BmpMessage.Initiation.of(systemName, "Ocicat BGP speaker")));
    Deque<Table> tables = speaker.ask(this::begin);
    try {
      long statisticsDue = System.nanoTime() + station.statistics().toNanos();
      while (!closed) {
        boolean idle = tables.isEmpty();
        Waiting next = next(idle ? Math.max(0, statisticsDue - System.nanoTime()) : 0);
        if (next != null) {
          write(to, octets(next));
        } else if (!tables.isEmpty()) {
          Table table = tables.element();
          if (!speaker.ask(_ -> more(table))) {
            tables.remove();
          }
        }
        if (System.nanoTime() - statisticsDue >= 0) {
          statistics(to);
          statisticsDue = System.nanoTime() + station.statistics().toNanos();
        }
      }
    } finally {
      if (!closed) {
        boolean _ =
            speaker.ask(
                s -> {
                  s.endMonitor(monitor);
                  return true;
                });
      }
    }
  }

  private @Nullable Waiting next(long waitNanos) throws IOException {
    synchronized (lock) {
      if (queue.isEmpty() && waitNanos > 0 && !overrun && !closed) {
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, waitNanos);
        } catch (InterruptedException e) {
          closed = true;
          Thread.currentThread().interrupt();
        }
      }
      if (overrun) {
        throw new IOException("more than " + MOST_WAITING_BYTES + " bytes waited");
      }
      Waiting first = queue.poll();
      if (first instanceof Waiting.Octets(ByteBuffer octets)) {
        waitingBytes -= octets.remaining();
      }
      return first;
    }
  }

  private static ByteBuffer octets(Waiting waiting) {
    return switch (waiting) {
      case Waiting.Octets(ByteBuffer octets) -> octets;
      case Waiting.Routes routes -> {
        List<byte[]> messages =
            BmpPeers.table(routes.peer(), routes.family(), routes.rows(), routes.last());
        ByteBuffer all =
            ByteBuffer.allocate(messages.stream().mapToInt(octets -> octets.length).sum());
        messages.forEach(all::put);
        yield all.flip();
      }
    };
  }

  private void statistics(SocketChannel to) throws IOException {
    Map<String, PeerView> views = new HashMap<>();
    record Numbers(List<PeerView> views, Map<Session, BmpPeers.Known> known) {}
    Numbers numbers = speaker.ask(s -> new Numbers(s.peers(), Map.copyOf(monitor.known)));
    numbers.views().forEach(view -> views.put(view.name(), view));
    for (Map.Entry<Session, BmpPeers.Known> each : numbers.known().entrySet()) {
      PeerView view = views.get(each.getKey().name());
      if (view != null) {
        write(to, ByteBuffer.wrap(encoded(peers.statistics(each.getValue(), view))));
      }
    }
  }

  static byte[] encoded(BmpMessage message) {
    int most =
        message instanceof BmpMessage.RouteMonitoring route
            ? HEADERS_BYTES + route.update().length()
            : OTHER_BYTES;
    ByteBuffer out = ByteBuffer.allocate(most);
    BmpCodec.write(message, out);
    byte[] octets = new byte[out.flip().remaining()];
    out.get(octets);
    return octets;
  }

  private static void write(SocketChannel to, byte[] octets) throws IOException {
    write(to, ByteBuffer.wrap(octets));
  }

  private static void write(SocketChannel to, ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      to.write(octets);
    }
  }

  /** How rows of a neighbour are written as if it had sent them. */
  static SendTraits as(Negotiated negotiated) {
    Set<Family> addPath = new HashSet<>();
    negotiated
        .families()
        .forEach(
            (Family family, Agreement agreement) -> {
              if (agreement.receivesPaths()) {
                addPath.add(family);
              }
            });
    return new SendTraits(
        negotiated.fourOctetAs(),
        negotiated.extendedMessages() ? Message.EXTENDED_MAXIMUM_LENGTH : Message.MAXIMUM_LENGTH,
        addPath);
  }

  /** Says goodbye if the station listens, and ends. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    closing.countDown();
    try {
      if (!ended.await(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        cutOff();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
