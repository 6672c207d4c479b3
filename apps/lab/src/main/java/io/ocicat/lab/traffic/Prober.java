package io.ocicat.lab.traffic;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Tries to reach an address from inside a namespace. Blocks; SCTP and ICMP not on virtual threads.
 */
public final class Prober {
  private static final int ECHO_REQUEST_V4 = 8;
  private static final int ECHO_REPLY_V4 = 0;
  private static final int ECHO_REQUEST_V6 = 128;
  private static final int ECHO_REPLY_V6 = 129;

  // Three tries in the time given: the first packet to a new neighbour may be lost to resolution.
  private static final int TRIES = 3;

  private final RandomGenerator random;

  /** Draws ports and tags from {@code random}. */
  public Prober(RandomGenerator random) {
    this.random = random;
  }

  /**
   * What to try.
   *
   * @param to the destination
   * @param port its port; ignored for ICMP
   * @param protocol what to speak
   * @param timeout how long to wait for an answer
   */
  public record Target(IpAddress to, int port, Protocol protocol, Duration timeout) {}

  /**
   * Tries once, with a retransmission or two inside the time-out as the protocols have them.
   *
   * @param from where the sockets are opened
   */
  public ProbeResult probe(NetNamespace from, Target target) {
    long startNs = System.nanoTime();
    Outcome outcome =
        switch (target.protocol()) {
          case TCP -> tcp(from, target);
          case UDP -> udp(from, target);
          case SCTP -> sctp(from, target);
          case ICMP -> icmp(from, target);
        };
    Duration took = Duration.ofNanos(System.nanoTime() - startNs);
    Optional<Greeting> greeting = outcome.greeting();
    return new ProbeResult(
        outcome.verdict(),
        greeting.map(Greeting::peer).orElse(""),
        greeting.map(Greeting::name).orElse(""),
        took,
        outcome.detail());
  }

  private record Outcome(Verdict verdict, String answer, String detail) {
    static Outcome allowed(String answer) {
      return new Outcome(Verdict.ALLOWED, answer, "");
    }

    static Outcome dropped() {
      return new Outcome(Verdict.DROPPED, "", "");
    }

    static Outcome refused(String detail) {
      return new Outcome(Verdict.REFUSED, "", detail);
    }

    Optional<Greeting> greeting() {
      return Greeting.decode(answer);
    }
  }

  private static Outcome tcp(NetNamespace from, Target target) {
    long endNs = System.nanoTime() + target.timeout().toNanos();
    try (SocketChannel channel = from.call(() -> SocketChannel.open())) {
      channel.socket().connect(address(target), Math.max(1, millisUntil(endNs)));
      try {
        channel.socket().setSoTimeout(Math.max(1, millisUntil(endNs)));
        return Outcome.allowed(text(channel.socket().getInputStream().readAllBytes()));
      } catch (IOException e) {
        // Connected is reached, whatever the other side says then.
        return Outcome.allowed("");
      }
    } catch (SocketTimeoutException e) {
      return Outcome.dropped();
    } catch (IOException e) {
      return Outcome.refused(words(e));
    }
  }

  /** An ICMP port unreachable comes as an exception without words. */
  private static String words(IOException e) {
    return e instanceof PortUnreachableException
        ? "Port unreachable"
        : String.valueOf(e.getMessage());
  }

  private static Outcome udp(NetNamespace from, Target target) {
    long endNs = System.nanoTime() + target.timeout().toNanos();
    try (DatagramChannel channel = from.call(() -> DatagramChannel.open())) {
      channel.connect(address(target));
      DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
      for (int left = TRIES; left > 0; left--) {
        channel.write(ByteBuffer.wrap(new byte[] {'?', '\n'}));
        channel.socket().setSoTimeout(Math.max(1, millisUntil(endNs) / left));
        try {
          channel.socket().receive(answer);
          return Outcome.allowed(text(Arrays.copyOf(answer.getData(), answer.getLength())));
        } catch (SocketTimeoutException e) {
          // Try again, if there is time.
        }
      }
      return Outcome.dropped();
    } catch (IOException e) {
      return Outcome.refused(words(e));
    }
  }

  private Outcome sctp(NetNamespace from, Target target) {
    int source = 32768 + random.nextInt(28000);
    int tag = random.nextInt() | 1;
    byte[] init = Sctp.encode(new Sctp.Packet.Init(source, target.port(), tag));
    return raw(
        from,
        target,
        LinuxSocket.IPPROTO_SCTP,
        init,
        payload ->
            Sctp.decode(payload)
                .flatMap(
                    packet ->
                        switch (packet) {
                          case Sctp.Packet.InitAck ack
                              when ack.verificationTag() == tag
                                  && ack.destinationPort() == source ->
                              Optional.of(Outcome.allowed(ack.cookie()));
                          case Sctp.Packet.Abort abort
                              when abort.verificationTag() == tag
                                  && abort.destinationPort() == source ->
                              Optional.of(Outcome.refused("ABORT"));
                          case Sctp.Packet.InitAck _, Sctp.Packet.Abort _, Sctp.Packet.Init _ ->
                              Optional.empty();
                        }));
  }

  private Outcome icmp(NetNamespace from, Target target) {
    boolean v6 = target.to().toBytes().length == 16;
    int id = random.nextInt(0x10000);
    byte[] request = echo(v6 ? ECHO_REQUEST_V6 : ECHO_REQUEST_V4, id);
    int reply = v6 ? ECHO_REPLY_V6 : ECHO_REPLY_V4;
    return raw(
        from,
        target,
        v6 ? LinuxSocket.IPPROTO_ICMPV6 : LinuxSocket.IPPROTO_ICMP,
        request,
        payload -> {
          boolean ours =
              payload.length >= 8
                  && (payload[0] & 0xff) == reply
                  && Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort(4)) == id;
          return ours ? Optional.of(Outcome.allowed("")) : Optional.empty();
        });
  }

  /** What an arrived packet means; empty if it is none of ours. */
  private interface Judge {
    Optional<Outcome> judge(byte[] payload);
  }

  private static Outcome raw(
      NetNamespace from, Target target, int protocol, byte[] request, Judge judge) {
    InetAddress to = target.to().toInetAddress();
    boolean v6 = target.to().toBytes().length == 16;
    long startNs = System.nanoTime();
    try (RawSocket socket = RawSocket.open(from, v6, protocol)) {
      socket.connect(to);
      for (int attempt = 1; attempt <= TRIES; attempt++) {
        socket.send(request, to);
        long endNs = startNs + target.timeout().toNanos() * attempt / TRIES;
        for (int left = millisUntil(endNs); left > 0; left = millisUntil(endNs)) {
          Optional<Outcome> outcome =
              socket.receive(left).flatMap(arrival -> judge.judge(arrival.payload()));
          if (outcome.isPresent()) {
            return outcome.get();
          }
        }
      }
      return Outcome.dropped();
    } catch (LibcException e) {
      return Outcome.refused(e.errno().text());
    }
  }

  /** RFC 792 and RFC 4443 §4.1; the kernel fills in the checksum of ICMPv6. */
  private static byte[] echo(int type, int id) {
    ByteBuffer message = ByteBuffer.allocate(8).put((byte) type).put((byte) 0).putShort((short) 0);
    message.putShort((short) id).putShort((short) 1);
    if (type == ECHO_REQUEST_V4) {
      int sum = 0;
      for (int at = 0; at < 8; at += 2) {
        sum += Short.toUnsignedInt(message.getShort(at));
      }
      message.putShort(2, (short) ~((sum & 0xffff) + (sum >>> 16)));
    }
    return message.array();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static InetSocketAddress address(Target target) {
    return new InetSocketAddress(target.to().toInetAddress(), target.port());
  }

  private static int millisUntil(long endNs) {
    return (int) Math.max(0, (endNs - System.nanoTime() + 999_999) / 1_000_000);
  }
}
