package io.ocicat.lab.traffic;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers on ports inside a namespace with its own name and the peer address that it saw, until
 * closed.
 *
 * <p>Both families are answered on the same port.
 */
public final class Responder implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int LINGER_MILLIS = 1000;
  private static final int POLL_MILLIS = 250;

  private final String name;
  private final List<Channel> channels = new ArrayList<>();
  private final List<Thread> sctp = new ArrayList<>();
  private volatile boolean closed;

  private Responder(String name) {
    this.name = name;
  }

  /**
   * Opens the sockets and starts answering.
   *
   * @param name what it calls itself, {@code namespace/pod}
   * @param addresses where it answers over UDP, whose answers must come from the address asked;
   *     none for all, where the namespace has one of each family
   * @throws UncheckedIOException if a port cannot be had; nothing stays open then
   */
  public static Responder open(
      NetNamespace namespace, String name, List<IpAddress> addresses, Collection<Listen> ports) {
    Responder responder = new Responder(name);
    try {
      for (Listen listen : ports) {
        switch (listen.protocol()) {
          case TCP -> responder.tcp(namespace, listen.port());
          case UDP -> {
            List<InetSocketAddress> places =
                addresses.isEmpty()
                    ? List.of(new InetSocketAddress(listen.port()))
                    : addresses.stream()
                        .map(each -> new InetSocketAddress(each.toInetAddress(), listen.port()))
                        .toList();
            for (InetSocketAddress place : places) {
              responder.udp(namespace, place);
            }
          }
          case SCTP, ICMP -> {}
        }
      }
      Set<Integer> sctpPorts =
          ports.stream()
              .filter(listen -> listen.protocol() == Protocol.SCTP)
              .map(Listen::port)
              .collect(Collectors.toUnmodifiableSet());
      if (!sctpPorts.isEmpty()) {
        responder.sctp(RawSocket.open(namespace, false, LinuxSocket.IPPROTO_SCTP), sctpPorts);
        responder.sctp(RawSocket.open(namespace, true, LinuxSocket.IPPROTO_SCTP), sctpPorts);
      }
    } catch (IOException e) {
      responder.close();
      throw new UncheckedIOException(
          "listen in " + namespace + " for " + name + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      responder.close();
      throw e;
    }
    return responder;
  }

  private void tcp(NetNamespace namespace, int port) throws IOException {
    ServerSocketChannel server =
        namespace.call(
            () -> {
              ServerSocketChannel opened = ServerSocketChannel.open();
              opened.bind(new InetSocketAddress(port), BACKLOG);
              return opened;
            });
    channels.add(server);
    Thread.ofVirtual()
        .name("tcp-" + port + "-" + name)
        .start(
            () -> {
              while (!closed) {
                try {
                  SocketChannel connection = server.accept();
                  Thread.ofVirtual().start(() -> greet(connection));
                } catch (ClosedChannelException e) {
                  return;
                } catch (IOException e) {
                  pause();
                }
              }
            });
  }

  private void greet(SocketChannel connection) {
    try (connection) {
      InetSocketAddress peer = (InetSocketAddress) connection.getRemoteAddress();
      connection.write(StandardCharsets.UTF_8.encode(greeting(peer.getAddress())));
      connection.shutdownOutput();
      // What the peer sends is read away: closing over it would reset the connection and lose the
      // answer.
      connection.socket().setSoTimeout(LINGER_MILLIS);
      InputStream input = connection.socket().getInputStream();
      long end = System.nanoTime() + LINGER_MILLIS * 1_000_000L;
      byte[] scratch = new byte[1024];
      int read = 0;
      while (read >= 0 && System.nanoTime() < end) {
        read = input.read(scratch);
      }
    } catch (IOException e) {
      // The peer went away; nobody is left to tell.
    }
  }

  private void udp(NetNamespace namespace, InetSocketAddress place) throws IOException {
    DatagramChannel channel =
        namespace.call(
            () -> {
              DatagramChannel opened = DatagramChannel.open();
              opened.bind(place);
              return opened;
            });
    channels.add(channel);
    Thread.ofVirtual()
        .name("udp-" + place.getPort() + "-" + name)
        .start(
            () -> {
              ByteBuffer buffer = ByteBuffer.allocate(2048);
              while (!closed) {
                try {
                  buffer.clear();
                  SocketAddress peer = channel.receive(buffer);
                  if (peer instanceof InetSocketAddress inet) {
                    channel.send(StandardCharsets.UTF_8.encode(greeting(inet.getAddress())), peer);
                  }
                } catch (ClosedChannelException e) {
                  return;
                } catch (IOException e) {
                  // An answer that policy forbids, or an ICMP error about an earlier one.
                  pause();
                }
              }
            });
  }

  private void sctp(RawSocket socket, Set<Integer> ports) {
    sctp.add(
        Thread.ofPlatform()
            .daemon()
            .name("sctp-" + name)
            .start(
                () -> {
                  try (socket) {
                    while (!closed) {
                      answerSctp(socket, ports);
                    }
                  }
                }));
  }

  private void answerSctp(RawSocket socket, Set<Integer> ports) {
    try {
      socket
          .receive(POLL_MILLIS)
          .ifPresent(
              arrival ->
                  Sctp.decode(arrival.payload())
                      .ifPresent(
                          packet -> {
                            if (packet instanceof Sctp.Packet.Init init) {
                              Sctp.Packet answer = answer(init, ports, arrival.source());
                              socket.send(Sctp.encode(answer), arrival.source());
                            }
                          }));
    } catch (LibcException e) {
      pause();
    }
  }

  private Sctp.Packet answer(Sctp.Packet.Init init, Set<Integer> ports, InetAddress peer) {
    int from = init.destinationPort();
    int to = init.sourcePort();
    return ports.contains(from)
        ? new Sctp.Packet.InitAck(from, to, init.initiateTag(), greeting(peer))
        : new Sctp.Packet.Abort(from, to, init.initiateTag());
  }

  private String greeting(InetAddress peer) {
    String text = peer.getHostAddress();
    int zone = text.indexOf('%');
    return new Greeting(name, canonical(zone < 0 ? text : text.substring(0, zone))).encode();
  }

  // The JDK writes all eight groups of an IPv6 address.
  private static String canonical(String address) {
    return IpAddress.parse(address).toString();
  }

  private void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes the sockets; answers under way are dropped. */
  @Override
  public void close() {
    closed = true;
    for (Channel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        // Closing is all that can be done.
      }
    }
    for (Thread thread : sctp) {
      try {
        thread.join(2L * POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
