package io.ocicat.bgp.loop;

import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Loops with connections in memory, on one manual clock and one thread: the same seed gives the
 * same run, event by event.
 *
 * <p>Every piece of data takes a delay drawn between two bounds, in order within a connection and
 * in any order between connections; writes take and reads give parts. Links can be cut (data waits,
 * as TCP sends it again), connections reset, and loops crash with all that they hold.
 */
public final class SimulatedNetwork {

  private static final int FIRST_EPHEMERAL_PORT = 32768;

  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNs).thenComparingLong(Event::order));
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final Set<Pair> cut = new HashSet<>();
  private final List<SimulatedConnection> connections = new ArrayList<>();
  private Duration shortestDelay = Duration.ofNanos(100_000);
  private Duration longestDelay = Duration.ofMillis(5);
  private long nowNs;
  private long order;
  private int nextPort = FIRST_EPHEMERAL_PORT;

  private record Event(long atNs, long order, Runnable task) {}

  private record Pair(String one, String other) {
    static Pair of(SimulatedLoop a, SimulatedLoop b) {
      return a.name().compareTo(b.name()) < 0
          ? new Pair(a.name(), b.name())
          : new Pair(b.name(), a.name());
    }
  }

  public SimulatedNetwork(long seed) {
    this.random = new Random(seed);
  }

  /** A loop that has addresses; names are unique. */
  public SimulatedLoop loop(String name, List<IpAddress> addresses) {
    SimulatedLoop loop = new SimulatedLoop(this, name, addresses);
    loops.add(loop);
    return loop;
  }

  /** Bounds of the delay of each piece of data from now on. */
  public void delays(Duration shortest, Duration longest) {
    shortestDelay = shortest;
    longestDelay = longest;
  }

  public long nanoTime() {
    return nowNs;
  }

  /** The source of all chance, for those who disturb this network. */
  public Random random() {
    return random;
  }

  /** Lets time pass. */
  public void run(Duration duration) {
    runUntil(() -> false, duration);
  }

  /**
   * Lets time pass until a condition holds, looked at after each event.
   *
   * @return whether it holds; false after {@code most}
   */
  public boolean runUntil(BooleanSupplier condition, Duration most) {
    long endNs = nowNs + most.toNanos();
    while (!condition.getAsBoolean()) {
      Event next = events.peek();
      if (next == null || next.atNs > endNs) {
        nowNs = endNs;
        return condition.getAsBoolean();
      }
      events.remove();
      nowNs = Math.max(nowNs, next.atNs);
      next.task.run();
    }
    return true;
  }

  /** Nothing passes between two loops until {@link #heal}; what was sent waits. */
  public void cut(SimulatedLoop a, SimulatedLoop b) {
    cut.add(Pair.of(a, b));
  }

  /** Lets pass again what waits. */
  public void heal(SimulatedLoop a, SimulatedLoop b) {
    if (cut.remove(Pair.of(a, b))) {
      for (SimulatedConnection connection : List.copyOf(connections)) {
        if (connection.isBetween(a, b)) {
          connection.resume();
        }
      }
    }
  }

  boolean isCut(SimulatedLoop a, SimulatedLoop b) {
    return cut.contains(Pair.of(a, b));
  }

  /** Resets every connection between two loops, as a router on the way might. */
  public void resetConnections(SimulatedLoop a, SimulatedLoop b) {
    for (SimulatedConnection connection : List.copyOf(connections)) {
      if (connection.isBetween(a, b)) {
        connection.lose("reset by the other side");
      }
    }
  }

  /** How many connections are open, each end counted. */
  public int openEnds() {
    return connections.size();
  }

  void at(long delayNs, Runnable task) {
    events.add(new Event(nowNs + delayNs, order++, task));
  }

  void atTime(long timeNs, Runnable task) {
    events.add(new Event(Math.max(nowNs, timeNs), order++, task));
  }

  long delayNs() {
    long spread = longestDelay.minus(shortestDelay).toNanos();
    return shortestDelay.toNanos() + (spread <= 0 ? 0 : (long) (random.nextDouble() * spread));
  }

  void opened(SimulatedConnection connection) {
    connections.add(connection);
  }

  void closed(SimulatedConnection connection) {
    connections.remove(connection);
  }

  List<SimulatedConnection> endsOf(SimulatedLoop loop) {
    return connections.stream().filter(c -> c.loop() == loop).toList();
  }

  int port() {
    nextPort = nextPort == 65535 ? FIRST_EPHEMERAL_PORT : nextPort + 1;
    return nextPort;
  }

  @Nullable SimulatedLoop owner(IpAddress address) {
    for (SimulatedLoop loop : loops) {
      if (loop.addresses().contains(address)) {
        return loop;
      }
    }
    return null;
  }
}
