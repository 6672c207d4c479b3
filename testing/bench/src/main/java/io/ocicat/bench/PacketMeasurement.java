package io.ocicat.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** What packets between two pods cost, measured at their sockets. */
final class PacketMeasurement implements AutoCloseable {

  /**
   * One look at one contender.
   *
   * @param connect durations of opening TCP connections
   * @param sendNs of a datagram on its way, none of which is answered, so that each is judged anew
   * @param exchanges requests and answers on an established connection, per second
   * @param bytesPerSecond in one direction of an established connection
   */
  record Look(Distribution connect, double sendNs, double exchanges, double bytesPerSecond) {}

  private static final int BULK_BYTES = 64 * 1024;

  private final PacketPath path;
  private final ServerSocketChannel listener;
  private final DatagramChannel sink;
  private final Thread acceptor;

  PacketMeasurement(PacketPath path) throws IOException {
    this.path = path;
    InetSocketAddress address = address();
    this.listener = path.serverNamespace().call(ServerSocketChannel::open);
    listener.bind(address, 1024);
    this.sink = path.serverNamespace().call(DatagramChannel::open);
    sink.bind(address);
    this.acceptor = Thread.ofPlatform().daemon().name("acceptor").start(this::accept);
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress(PacketPath.SERVER.toInetAddress(), PacketPath.PORT);
  }

  /** A first byte of 1 asks for an echo of every byte, of 2 to be read and forgotten. */
  private void accept() {
    while (true) {
      try (SocketChannel channel = listener.accept()) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ByteBuffer first = ByteBuffer.allocate(1);
        if (channel.read(first) == 1) {
          serve(channel, first.get(0) == 1);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // The client resets its connections, so that they leave nothing behind.
      }
    }
  }

  private static void serve(SocketChannel channel, boolean echo) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(echo ? 1 : BULK_BYTES);
    while (channel.read(buffer.clear()) > 0) {
      if (echo) {
        channel.write(buffer.flip());
      }
    }
  }

  Look look(int connects, int sends, int exchanges, int bulks) throws IOException {
    List<Look> looks = new ArrayList<>();
    path.clientNamespace()
        .call(
            () -> {
              looks.add(
                  new Look(connects(connects), sends(sends), exchanges(exchanges), bytes(bulks)));
              return looks;
            });
    return looks.getFirst();
  }

  private static SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  private static Distribution connects(int count) throws IOException {
    long[] durations = new long[count];
    for (int i = 0; i < count; i++) {
      try (SocketChannel channel = connect()) {
        long start = System.nanoTime();
        channel.connect(address());
        durations[i] = System.nanoTime() - start;
      }
    }
    return Distribution.of(durations);
  }

  private static double sends(int count) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(address());
      ByteBuffer packet = ByteBuffer.allocateDirect(32);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        channel.write(packet.clear());
      }
      return (System.nanoTime() - start) / (double) count;
    }
  }

  private static double exchanges(int count) throws IOException {
    try (SocketChannel channel = connect()) {
      channel.connect(address());
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      channel.write(one.clear().put((byte) 1).flip());
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        channel.write(one.clear());
        channel.read(one.clear());
      }
      return count * 1e9 / (System.nanoTime() - start);
    }
  }

  private static double bytes(int count) throws IOException {
    try (SocketChannel channel = connect()) {
      channel.connect(address());
      channel.write(ByteBuffer.allocate(1).put((byte) 2).flip());
      ByteBuffer bulk = ByteBuffer.allocateDirect(BULK_BYTES);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        bulk.clear();
        while (bulk.hasRemaining()) {
          channel.write(bulk);
        }
      }
      return (double) count * BULK_BYTES * 1e9 / (System.nanoTime() - start);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sink.close();
    acceptor.interrupt();
  }
}
