package io.ocicat.bgp.loop;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A loop of a {@link SimulatedNetwork}. */
public final class SimulatedLoop implements Loop {

  // What a slice may take by the real clock; it ends by itself long before.
  private static final long SLICE_NS = 1_000_000_000;
  private static final long SLICE_TAKES_NS = 10_000;

  private final SimulatedNetwork network;
  private final String name;
  private final List<IpAddress> addresses;
  private final List<Listener> listeners = new ArrayList<>();
  private int life;

  SimulatedLoop(SimulatedNetwork network, String name, List<IpAddress> addresses) {
    this.network = network;
    this.name = name;
    this.addresses = List.copyOf(addresses);
  }

  public String name() {
    return name;
  }

  public List<IpAddress> addresses() {
    return addresses;
  }

  /** Everything on this loop is gone, as after kill -9; other sides notice later. */
  public void crash() {
    life++;
    listeners.clear();
    for (SimulatedConnection connection : network.endsOf(this)) {
      connection.reset();
    }
  }

  @Override
  public long nanoTime() {
    return network.nanoTime();
  }

  @Override
  public Scheduled schedule(Duration delay, Runnable task) {
    boolean[] cancelled = new boolean[1];
    Runnable mine = mine(task);
    network.at(
        Math.max(0, delay.toNanos()),
        () -> {
          if (!cancelled[0]) {
            mine.run();
          }
        });
    return () -> cancelled[0] = true;
  }

  @Override
  public void execute(Runnable task) {
    network.at(0, mine(task));
  }

  @Override
  public void work(Slice slice) {
    network.at(
        SLICE_TAKES_NS,
        mine(
            () -> {
              if (slice.runFor(SLICE_NS)) {
                work(slice);
              }
            }));
  }

  /** What belongs to this life alone. */
  Runnable mine(Runnable task) {
    int born = life;
    return () -> {
      if (born == life) {
        task.run();
      }
    };
  }

  @Override
  public Connection connect(ConnectSettings settings, ConnectionHandler handler) {
    IpAddress from = settings.source();
    if (from.isUnspecified()) {
      from =
          addresses.stream()
              .filter(a -> a.family() == settings.remote().family())
              .findFirst()
              .orElse(from);
    }
    SimulatedConnection mine =
        new SimulatedConnection(
            network,
            this,
            handler,
            new SocketEnd(from, network.port(), 0),
            new SocketEnd(settings.remote(), settings.port(), 0));
    network.opened(mine);
    network.at(network.delayNs(), mine(() -> arrive(mine, settings, handler)));
    return mine;
  }

  /** The SYN has got to the other side. */
  private void arrive(
      SimulatedConnection mine, ConnectSettings settings, ConnectionHandler handler) {
    SimulatedLoop other = network.owner(settings.remote());
    Listener listener = other == null ? null : other.listener(settings.remote(), settings.port());
    boolean heard =
        other != null
            && !network.isCut(this, other)
            && (listener == null
                || listener.keyFor(mine.local().address()).equals(settings.md5Key()));
    if (other == null || !heard) {
      long leftNs = Math.max(0, settings.timeout().toNanos());
      network.at(leftNs, mine(() -> mine.fail("no answer in time")));
      return;
    }
    if (listener == null) {
      network.at(network.delayNs(), mine(() -> mine.fail("Connection refused")));
      return;
    }
    SimulatedConnection theirs =
        new SimulatedConnection(
            network, other, null, /* local= */ mine.remote(), /* remote= */ mine.local());
    network.opened(theirs);
    mine.join(theirs);
    network.at(network.delayNs(), mine(() -> mine.established(handler)));
    ConnectionHandler accepted = listener.acceptor.accept(theirs);
    if (accepted == null) {
      theirs.reset();
    } else {
      theirs.handled(accepted);
    }
  }

  private @Nullable Listener listener(IpAddress address, int port) {
    for (Listener listener : listeners) {
      IpAddress at = listener.local.address();
      if (listener.local.port() == port
          && (at.equals(address) || (at.isUnspecified() && at.family() == address.family()))) {
        return listener;
      }
    }
    return null;
  }

  @Override
  public int interfaceIndex(String device) {
    return 0;
  }

  @Override
  public Listening listen(ListenSettings settings, Acceptor acceptor) {
    if (listener(settings.address(), settings.port()) != null) {
      throw new TransportException(
          "cannot listen on %s port %d: taken".formatted(settings.address(), settings.port()));
    }
    Listener listener =
        new Listener(new SocketEnd(settings.address(), settings.port(), 0), acceptor);
    listeners.add(listener);
    return listener;
  }

  private final class Listener implements Listening {
    private final SocketEnd local;
    private final Acceptor acceptor;
    private final Map<Cidr, String> keys = new HashMap<>();

    Listener(SocketEnd local, Acceptor acceptor) {
      this.local = local;
      this.acceptor = acceptor;
    }

    String keyFor(IpAddress address) {
      int longest = -1;
      String key = "";
      for (Map.Entry<Cidr, String> each : keys.entrySet()) {
        if (each.getKey().contains(address) && each.getKey().prefixLength() > longest) {
          longest = each.getKey().prefixLength();
          key = each.getValue();
        }
      }
      return key;
    }

    @Override
    public SocketEnd local() {
      return local;
    }

    @Override
    public void md5Key(Cidr peers, String key) {
      if (key.isEmpty()) {
        keys.remove(peers);
      } else {
        keys.put(peers, key);
      }
    }

    @Override
    public void close() {
      listeners.remove(this);
    }
  }
}
