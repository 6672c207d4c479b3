package io.ocicat.interop.cluster;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pods that talk all the time over TCP: one connection that lasts, a new one every 50 ms, and a
 * stranger that tries as often.
 *
 * <p>Lost packets show in the pods' count of retransmissions, which is exact where the measuring of
 * pauses on a busy machine is not. A busy machine also makes a sender repeat a segment whose
 * acknowledgement is merely late (RFC 8985 §7); the receiver then says that it had the segment (RFC
 * 2883), and such a one was not lost.
 */
final class Talk implements AutoCloseable {

  private static final int PORT = 9000;
  private static final Duration NEW_CONNECTION_EVERY = Duration.ofMillis(50);
  private static final Duration EXCHANGE_EVERY = Duration.ofMillis(5);
  private static final int ANSWER_WITHIN_MILLIS = 5000;
  private static final int STRANGER_TRIES_FOR_MILLIS = 150;

  private final List<Path> netns;
  private final InetSocketAddress server;
  private final ServerSocketChannel listener;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong exchanged = new AtomicLong();
  private final AtomicLong connected = new AtomicLong();
  private final AtomicLong strangerTried = new AtomicLong();
  private final AtomicLong strangerConnected = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final long lostBefore;
  private volatile boolean closed;

  /**
   * What has happened so far.
   *
   * @param exchanged answers over the connection that lasts
   * @param connected new connections that were answered
   * @param lost TCP segments that client and server had to send again because they had not arrived
   * @param failures what went wrong for the client
   */
  record Account(
      long exchanged,
      long connected,
      long strangerTried,
      long strangerConnected,
      long lost,
      List<String> failures) {}

  private Talk(Path client, Path server, IpAddress address) {
    this.netns = List.of(client, server);
    this.server = new InetSocketAddress(address.toInetAddress(), PORT);
    this.lostBefore = lost();
    this.listener =
        in(
            server,
            () -> {
              ServerSocketChannel opened = ServerSocketChannel.open();
              opened.bind(this.server);
              return opened;
            });
  }

  /**
   * Starts talking.
   *
   * @param stranger tries to reach the server too
   * @param address the server's
   */
  static Talk start(Path client, Path server, Path stranger, IpAddress address) {
    Talk talk = new Talk(client, server, address);
    talk.run("accept", talk::accept);
    talk.run("lasting", () -> talk.last(client));
    talk.run("new", () -> talk.connectAgain(client));
    talk.run("stranger", () -> talk.intrude(stranger));
    return talk;
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void run(String name, Step step) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name("talk-" + name)
            .start(
                () -> {
                  try {
                    step.run();
                  } catch (IOException | InterruptedException | UncheckedIOException e) {
                    if (!closed) {
                      failures.add(name + ": " + e);
                    }
                  }
                }));
  }

  private void accept() throws IOException {
    while (!closed) {
      SocketChannel connection = listener.accept();
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = connection.socket()) {
                  socket.setTcpNoDelay(true);
                  socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException e) {
                  // The other side sees it.
                }
              });
    }
  }

  private void last(Path client) throws IOException, InterruptedException {
    try (Socket socket = connect(client, ANSWER_WITHIN_MILLIS)) {
      while (!closed) {
        exchange(socket, exchanged.get());
        exchanged.incrementAndGet();
        Thread.sleep(EXCHANGE_EVERY);
      }
    }
  }

  private void connectAgain(Path client) throws InterruptedException {
    while (!closed) {
      try (Socket socket = connect(client, ANSWER_WITHIN_MILLIS)) {
        exchange(socket, connected.get());
        connected.incrementAndGet();
      } catch (IOException e) {
        if (!closed) {
          failures.add("new connection: " + e);
        }
      }
      Thread.sleep(NEW_CONNECTION_EVERY);
    }
  }

  private void intrude(Path stranger) throws InterruptedException {
    while (!closed) {
      try (Socket _ = connect(stranger, STRANGER_TRIES_FOR_MILLIS)) {
        strangerConnected.incrementAndGet();
      } catch (SocketTimeoutException e) {
        // As it should be.
      } catch (IOException e) {
        failures.add("the stranger is not dropped: " + e);
      }
      strangerTried.incrementAndGet();
      Thread.sleep(NEW_CONNECTION_EVERY);
    }
  }

  private Socket connect(Path from, int timeoutMillis) throws IOException {
    Socket socket = in(from, SocketChannel::open).socket();
    try {
      socket.connect(server, timeoutMillis);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void exchange(Socket socket, long number) throws IOException {
    new DataOutputStream(socket.getOutputStream()).writeLong(number);
    long answer = new DataInputStream(socket.getInputStream()).readLong();
    if (answer != number) {
      throw new IOException("sent " + number + ", got " + answer);
    }
  }

  /** What has happened so far. */
  Account account() {
    return new Account(
        exchanged.get(),
        connected.get(),
        strangerTried.get(),
        strangerConnected.get(),
        lost() - lostBefore,
        List.copyOf(failures));
  }

  /**
   * RetransSegs of both pods less the TCPDSACKRecv of both; the kernel counts the two families as
   * one.
   */
  private long lost() {
    return netns.stream()
        .mapToLong(
            place ->
                counter(place, "snmp", "Tcp:", "RetransSegs")
                    - counter(place, "netstat", "TcpExt:", "TCPDSACKRecv"))
        .sum();
  }

  private static long counter(Path netns, String file, String group, String name) {
    List<List<String>> lines =
        in(netns, () -> Files.readAllLines(Path.of("/proc/thread-self/net", file))).stream()
            .filter(line -> line.startsWith(group))
            .map(line -> List.of(line.split(" ")))
            .toList();
    return Long.parseLong(lines.getLast().get(lines.getFirst().indexOf(name)));
  }

  private static <T> T in(Path netns, NetNamespace.Work<T, IOException> work) {
    try (NetNamespace namespace = NetNamespace.open(netns)) {
      return namespace.call(work);
    } catch (IOException e) {
      throw new UncheckedIOException(netns.toString(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
