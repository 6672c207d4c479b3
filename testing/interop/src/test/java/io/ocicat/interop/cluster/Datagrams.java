package io.ocicat.interop.cluster;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pod sends numbered datagrams to another, five hundred a second, which sends each back. What
 * does not come back was lost on one of the two ways: UDP repeats nothing.
 */
final class Datagrams implements AutoCloseable {

  private static final int PORT = 9100;
  private static final int BUFFER_BYTES = 4 << 20;
  private static final Duration EVERY = Duration.ofMillis(2);
  private static final Duration LAST = Duration.ofMillis(500);

  private final DatagramChannel client;
  private final DatagramChannel server;
  private final Thread sender;
  private final BitSet back = new BitSet();
  private volatile boolean stopped;
  private final AtomicInteger sent = new AtomicInteger();

  private Datagrams(Path from, Path to, IpAddress address) {
    InetSocketAddress place = new InetSocketAddress(address.toInetAddress(), PORT);
    server = open(to);
    client = open(from);
    try {
      server.bind(place);
      client.connect(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sender = Thread.ofPlatform().daemon().name("datagrams").unstarted(this::send);
    Thread _ = Thread.ofPlatform().daemon().name("echo").start(this::echo);
    Thread _ = Thread.ofPlatform().daemon().name("back").start(this::receive);
  }

  /** Starts sending to an address of the pod in the other namespace. */
  static Datagrams start(Path from, Path to, IpAddress address) {
    Datagrams datagrams = new Datagrams(from, to, address);
    datagrams.sender.start();
    return datagrams;
  }

  private static DatagramChannel open(Path place) {
    try (NetNamespace namespace = NetNamespace.open(place)) {
      DatagramChannel channel = namespace.call(DatagramChannel::open);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(place.toString(), e);
    }
  }

  private void send() {
    ByteBuffer buffer = ByteBuffer.allocate(4);
    while (!stopped) {
      try {
        buffer.clear().putInt(sent.get()).flip();
        int _ = client.write(buffer);
        Thread.sleep(EVERY);
      } catch (IOException e) {
        // No way to it: a datagram that does not come back.
      } catch (InterruptedException e) {
        return;
      }
      sent.incrementAndGet();
    }
  }

  private void echo() {
    ByteBuffer buffer = ByteBuffer.allocate(4);
    try {
      while (true) {
        SocketAddress from = server.receive(buffer.clear());
        int _ = server.send(buffer.flip(), from);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void receive() {
    ByteBuffer buffer = ByteBuffer.allocate(4);
    while (client.isOpen()) {
      try {
        int _ = client.read(buffer.clear());
        int number = buffer.flip().getInt();
        synchronized (back) {
          back.set(number);
        }
      } catch (IOException e) {
        // Closed, or an ICMP error, whose datagram does not come back.
      }
    }
  }

  /** How many have been sent so far. */
  int sent() {
    return sent.get();
  }

  /** How many of those that were sent until a moment ago have not come back. */
  int lost() {
    int until = sent.get();
    pause();
    synchronized (back) {
      return until - back.get(0, until).cardinality();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LAST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      client.close();
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
