package io.ocicat.bfd;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Epoll;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NativeBuffer;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.Syscalls;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All BFD sessions of a network namespace, that of the thread that starts it, on a thread of their
 * own. What has arrived is read before a silence is judged, so a pause of the whole process is not
 * taken for one of the peer.
 */
public final class BfdLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BfdLoop.class);

  private static final int DATAGRAMS_AT_ONCE = 1024;
  private static final int BUFFER_BYTES = 256;
  private static final long RETRY_NANOS = 1_000_000_000L;
  private static final long MAX_WAIT_NANOS = 1_000_000_000L;

  /** A session that somebody asked for. */
  public final class Watch implements AutoCloseable {
    private final Member member;

    private Watch(Member member) {
      this.member = member;
    }

    /** Changes how fast the session is to be, without a loss. From any thread. */
    public void change(BfdTimers timers) {
      post(() -> member.session.change(timers, System.nanoTime()));
    }

    /** Ends the session; the peer is told that it is on purpose. From any thread. */
    @Override
    public void close() {
      post(() -> end(member));
    }
  }

  private record Key(IpAddress remote, int scope, boolean multihop) {}

  private record Door(IpFamily family, boolean multihop) {}

  private final class Member implements BfdSession.Out {
    private final BfdPeer peer;
    private final int discriminator;
    private final BfdSession session;
    private final Consumer<BfdVerdict> listener;
    private Optional<Fd> socket = Optional.empty();
    private Optional<Sockaddr> destination = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private long retryNanos;
    private long sent;
    private long received;
    private long downs;

    Member(BfdPeer peer, BfdTimers timers, int discriminator, Consumer<BfdVerdict> listener) {
      this.peer = peer;
      this.discriminator = discriminator;
      this.listener = listener;
      this.session = new BfdSession(discriminator, timers, peer.passive(), random, this);
    }

    @Override
    public void send(BfdPacket packet) {
      if (!isOpen()) {
        return;
      }
      try {
        Syscalls.sendto(
            socket.orElseThrow(),
            packet.encode(),
            LinuxSocket.MSG_DONTWAIT | LinuxSocket.MSG_NOSIGNAL,
            destination.orElseThrow());
        sent++;
        problem = Optional.empty();
      } catch (LibcException e) {
        report("send: " + e.getMessage());
        // The interface or the address may be another one by now.
        socket.ifPresent(Fd::close);
        socket = Optional.empty();
        retryNanos = System.nanoTime() + RETRY_NANOS;
      }
    }

    private boolean isOpen() {
      if (socket.isPresent()) {
        return true;
      }
      long now = System.nanoTime();
      if (now < retryNanos) {
        return false;
      }
      retryNanos = now + RETRY_NANOS;
      try {
        destination = BfdSockets.destination(peer);
        if (destination.isEmpty()) {
          report("there is no interface " + peer.device());
          return false;
        }
        openDoor(new Door(peer.remote().family(), peer.multihop()));
        byPeer.values().remove(this);
        byPeer.put(key(peer), this);
        socket = Optional.of(BfdSockets.sending(peer, random));
        return true;
      } catch (LibcException e) {
        report("open: " + e.getMessage());
        return false;
      }
    }

    private void report(String what) {
      if (!problem.equals(Optional.of(what))) {
        problem = Optional.of(what);
        LOG.warn("BFD with {}: {}", peer, what);
      }
    }

    @Override
    public void changed(BfdState before, BfdState now, BfdDiagnostic diagnostic) {
      if (before == BfdState.UP) {
        downs++;
      }
      LOG.info("BFD with {}: {} → {}, {}", peer, before, now, diagnostic);
      listener.accept(
          new BfdVerdict(
              peer,
              before,
              now,
              diagnostic,
              session.remoteState() == BfdState.ADMIN_DOWN,
              session.remoteIndependent()));
    }

    BfdStatus status() {
      return new BfdStatus(
          peer,
          session.state(),
          session.remoteState(),
          discriminator,
          session.remoteDiscriminator(),
          session.timing(),
          sent,
          received,
          downs,
          problem);
    }
  }

  private final RandomGenerator random;
  private final Thread thread;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Epoll> started = new CompletableFuture<>();

  private final Map<Integer, Member> byDiscriminator = new HashMap<>();
  private final Map<Key, Member> byPeer = new HashMap<>();
  private final Map<Door, Fd> doors = new HashMap<>();
  private final List<Door> doorOf = new ArrayList<>();

  private BfdLoop(RandomGenerator random) {
    this.random = random;
    this.thread = new Thread(this::run, "bfd");
    thread.setDaemon(true);
  }

  /**
   * Starts the thread, in the network namespace of the calling one.
   *
   * @param random for discriminators, ports and jitter; used on that thread alone
   */
  public static BfdLoop start(RandomGenerator random) {
    BfdLoop loop = new BfdLoop(random);
    loop.thread.start();
    loop.started.join();
    return loop;
  }

  /**
   * Begins a session. Peers are told apart by address, and link-local ones by interface.
   *
   * @param listener is told of each change, on this loop's thread; it must not wait
   */
  public Watch watch(BfdPeer peer, BfdTimers timers, Consumer<BfdVerdict> listener) {
    CompletableFuture<Watch> watch = new CompletableFuture<>();
    post(
        () -> {
          Member member = new Member(peer, timers, freshDiscriminator(), listener);
          Member other = byPeer.putIfAbsent(key(peer), member);
          if (other != null) {
            watch.completeExceptionally(
                new IllegalArgumentException("there is a session with " + peer + " already"));
            return;
          }
          byDiscriminator.put(member.discriminator, member);
          member.isOpen();
          member.session.start(System.nanoTime());
          watch.complete(new Watch(member));
        });
    return watch.join();
  }

  /** All sessions as they are. From any thread but this loop's own. */
  public List<BfdStatus> status() {
    CompletableFuture<List<BfdStatus>> all = new CompletableFuture<>();
    post(() -> all.complete(byDiscriminator.values().stream().map(Member::status).toList()));
    return all.join();
  }

  private void post(Runnable task) {
    posted.add(task);
    if (closing.get()) {
      throw new IllegalStateException("BFD is closed");
    }
    started.join().wake();
  }

  /** Ends all sessions, on purpose, and the thread. */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      started.join().wake();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (Epoll epoll = new Epoll();
        NativeBuffer buffer = new NativeBuffer(BUFFER_BYTES)) {
      started.complete(epoll);
      while (!closing.get()) {
        int ready = epoll.await(waitMillis());
        for (int i = 0; i < ready; i++) {
          read(doorOf.get((int) epoll.token(i)), buffer);
        }
        runPosted();
        long now = System.nanoTime();
        for (Member member : List.copyOf(byDiscriminator.values())) {
          if (member.session.nextNanos() <= now) {
            member.session.tick(now);
          }
        }
      }
      runPosted();
      List.copyOf(byDiscriminator.values()).forEach(this::end);
    } catch (LibcException e) {
      started.completeExceptionally(e);
      LOG.error("BFD has ended", e);
    } finally {
      doors.values().forEach(Fd::close);
    }
  }

  private void runPosted() {
    for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
      task.run();
    }
  }

  private int waitMillis() {
    long next = Long.MAX_VALUE;
    for (Member member : byDiscriminator.values()) {
      next = Math.min(next, member.session.nextNanos());
    }
    long now = System.nanoTime();
    long wait = next == Long.MAX_VALUE ? MAX_WAIT_NANOS : Math.clamp(next - now, 0, MAX_WAIT_NANOS);
    // Rounded up: waking a little late costs less than waking twice.
    return (int) ((wait + 999_999) / 1_000_000);
  }

  private void openDoor(Door door) {
    if (doors.containsKey(door)) {
      return;
    }
    Fd socket = BfdSockets.receiving(door.family(), door.multihop());
    doors.put(door, socket);
    doorOf.add(door);
    started.join().add(socket, Epoll.EPOLLIN, doorOf.size() - 1);
  }

  private void read(Door door, NativeBuffer buffer) {
    Fd socket = doors.get(door);
    if (socket == null) {
      return;
    }
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
      var datagram = Syscalls.recvfrom(socket, buffer, LinuxSocket.MSG_DONTWAIT);
      if (datagram.isEmpty()) {
        return;
      }
      if (BfdPacket.read(buffer.copy(datagram.get().lengthBytes()))
          instanceof BfdPacket.Read.Packet(BfdPacket packet)) {
        dispatch(packet, datagram.get().source(), door.multihop());
      }
    }
  }

  private void dispatch(BfdPacket packet, Sockaddr.Inet source, boolean multihop) {
    IpAddress remote = IpAddress.of(source.address().getAddress());
    int scope = source.address().getAddress() instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    // Also where the discriminator is known, only the peer itself speaks for the session.
    Member member = byPeer.get(new Key(remote, remote.isLinkLocal() ? scope : 0, multihop));
    if (member != null
        && (packet.yourDiscriminator() == 0
            || packet.yourDiscriminator() == member.discriminator)) {
      member.received++;
      member.session.receive(packet, System.nanoTime());
    }
  }

  private static Key key(BfdPeer peer) {
    int scope = peer.remote().isLinkLocal() ? Syscalls.ifNameToIndex(peer.device()).orElse(0) : 0;
    return new Key(peer.remote(), scope, peer.multihop());
  }

  private int freshDiscriminator() {
    int discriminator = 0;
    while (discriminator == 0 || byDiscriminator.containsKey(discriminator)) {
      discriminator = random.nextInt();
    }
    return discriminator;
  }

  private void end(Member member) {
    if (byDiscriminator.remove(member.discriminator) == null) {
      return;
    }
    byPeer.values().remove(member);
    member.session.shutDown(System.nanoTime());
    member.socket.ifPresent(Fd::close);
  }
}
