package io.ocicat.bgp.loop;

import io.ocicat.libc.Epoll;
import io.ocicat.libc.Errno;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.StreamIo;
import io.ocicat.libc.Syscalls;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop over epoll(7) and the sockets of the network namespace of the thread that made it, which
 * is the one that has to call {@link #run}.
 *
 * <p>A turn is: timers that are due, tasks of others, connections that are ready, then slices for
 * at most a millisecond. It waits only if there is no slice.
 */
public final class EpollLoop implements Loop, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EpollLoop.class);

  private static final long SLICE_NS = 1_000_000;
  private static final int MOST_TASKS_A_TURN = 1000;
  private static final long MOST_WAIT_MILLIS = 60_000;

  private final Epoll epoll = new Epoll();
  private final StreamIo io = new StreamIo();
  private final TimerQueue timers = new TimerQueue();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Slice> slices = new ArrayDeque<>();
  private final Map<Long, Watched> watched = new HashMap<>();
  private final Thread owner = Thread.currentThread();
  private long nextToken;
  private volatile boolean stopped;

  /** Something with a descriptor in the set. */
  interface Watched {
    void ready(int events);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Scheduled schedule(Duration delay, Runnable task) {
    return timers.add(nanoTime() + delay.toNanos(), task);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    // Its own thread looks at the tasks before it waits.
    if (!Thread.currentThread().equals(owner)) {
      epoll.wake();
    }
  }

  @Override
  public void work(Slice slice) {
    slices.add(slice);
  }

  @Override
  public Connection connect(ConnectSettings settings, ConnectionHandler handler) {
    SocketConnection connection = new SocketConnection(this, handler);
    try {
      connection.start(settings);
    } catch (LibcException e) {
      tasks.add(() -> connection.fail(Words.of(e)));
    }
    return connection;
  }

  @Override
  public Listening listen(ListenSettings settings, Acceptor acceptor) {
    try {
      return new SocketListening(this, settings, acceptor);
    } catch (LibcException e) {
      throw new TransportException(
          "cannot listen on %s port %d".formatted(settings.address(), settings.port()), e);
    }
  }

  /** Finds routers on links, for sessions without addresses. */
  public LinkNeighbours neighbours() {
    return new LinkNeighbours(this);
  }

  /** Runs until {@link #stop}; what is open then is closed with the loop. */
  public void run() {
    while (!stopped) {
      turn();
    }
  }

  /** Makes {@link #run} return. From any thread. */
  public void stop() {
    stopped = true;
    epoll.wake();
  }

  private void turn() {
    runTimers();
    runTasks();
    int ready = epoll.await(timeoutMillis());
    for (int i = 0; i < ready; i++) {
      Watched one = watched.get(epoll.token(i));
      if (one != null) {
        int events = epoll.events(i);
        guarded(() -> one.ready(events));
      }
    }
    runSlices();
  }

  private void runTimers() {
    long now = nanoTime();
    Runnable task = timers.due(now);
    while (task != null) {
      guarded(task);
      task = timers.due(now);
    }
  }

  private void runTasks() {
    for (int i = 0; i < MOST_TASKS_A_TURN; i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        return;
      }
      guarded(task);
    }
  }

  private void runSlices() {
    long end = nanoTime() + SLICE_NS;
    long left = SLICE_NS;
    for (int i = slices.size(); i > 0 && left > 0; i--) {
      Slice slice = slices.remove();
      long most = left;
      boolean[] more = new boolean[1];
      guarded(() -> more[0] = slice.runFor(most));
      if (more[0]) {
        slices.add(slice);
      }
      left = end - nanoTime();
    }
  }

  private int timeoutMillis() {
    if (stopped || !slices.isEmpty() || !tasks.isEmpty()) {
      return 0;
    }
    long next = timers.nextNs();
    if (next == Long.MAX_VALUE) {
      return (int) MOST_WAIT_MILLIS;
    }
    long wait = next - nanoTime();
    return wait <= 0 ? 0 : (int) Math.min(MOST_WAIT_MILLIS, (wait + 999_999) / 1_000_000);
  }

  // A mistake in one session must not end all of them.
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A task on the loop failed; the others go on", e);
    }
  }

  StreamIo io() {
    return io;
  }

  Epoll epoll() {
    return epoll;
  }

  long watch(Watched one) {
    long token = nextToken++;
    watched.put(token, one);
    return token;
  }

  void forget(long token) {
    watched.remove(token);
  }

  /** Frees what the loop holds; on its thread, after {@link #run}. */
  @Override
  public void close() {
    for (Watched one : List.copyOf(watched.values())) {
      switch (one) {
        case SocketConnection connection -> connection.close();
        case SocketListening listening -> listening.close();
        default -> {}
      }
    }
    io.close();
    epoll.close();
  }

  /** The kernel's refusals in words. */
  static final class Words {
    private Words() {}

    static String of(LibcException e) {
      return e.errno().equals(Errno.ECONNRESET)
          ? "reset by the other side"
          : "%s: %s".formatted(e.call(), e.errno());
    }
  }

  @Override
  public int interfaceIndex(String device) {
    return Syscalls.ifNameToIndex(device).orElse(0);
  }

  static int presentInterfaceIndex(String device) {
    return Syscalls.ifNameToIndex(device)
        .orElseThrow(() -> new LibcException("if_nametoindex", Errno.ENODEV, device));
  }
}
