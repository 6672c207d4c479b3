package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.iana.MessageType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spoiled messages for every decoder: none throws, none looks outside of its slice, none loops,
 * each outcome is one of those that RFC 7606 knows, and what was taken is written and read again
 * the same.
 */
@Timeout(60)
class DecoderFuzzTest {

  private static final int ROUNDS = 20_000;
  private static final int FRAME = 300;

  /** Good and bad updates, as a peer with these traits would send them. */
  private static List<byte[]> corpus(ReceiveTraits traits) {
    boolean addPath = !traits.addPath().isEmpty();
    String pathId = addPath ? "00000007" : "";
    List<byte[]> bodies = new ArrayList<>();
    UpdateCodecTest.vectors()
        .filter(v -> v.fourOctetAs() == traits.fourOctetAs() && v.addPath() == addPath)
        .forEach(v -> bodies.add(bytes(Hex.body(MessageType.UPDATE, v.hex()))));
    String reach = "000201 10 20010db8000000000000000000000001 00" + pathId + "20 20010db8";
    ErrorHandlingTest.cases()
        .map(ErrorHandlingTest.Case::attributes)
        .map(a -> traits.fourOctetAs() ? a : a.replace("400206 0201 0000fde9", "4002040201fde9"))
        .forEach(
            a -> {
              bodies.add(bytes(Hex.update(pathId + "180a0101", a, pathId + "200a010203")));
              bodies.add(bytes(Hex.update("", Hex.attribute(0x80, 14, reach) + a, "")));
            });
    bodies.add(bytes(Hex.update("", "", "")));
    bodies.add(bytes(Hex.update("", "800f03000201", "")));
    String unreach = "000201" + pathId + "20 20010db8";
    bodies.add(bytes(Hex.update("", Hex.attribute(0x80, 15, unreach), "")));
    return bodies;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    return Bytes.remaining(buffer).toArray();
  }

  static Stream<ReceiveTraits> traits() {
    Set<Family> both = Set.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
    List<ReceiveTraits> all = new ArrayList<>();
    for (PeerKind kind : PeerKind.values()) {
      for (boolean wide : new boolean[] {true, false}) {
        all.add(new ReceiveTraits(kind, wide, 65001, false, both, Set.of(), both));
        all.add(new ReceiveTraits(kind, wide, 65001, false, both, both, Set.of()));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("traits")
  void updates(ReceiveTraits traits) {
    Mutator mutator = new Mutator(20260101, corpus(traits));
    AttributeCache cache = new AttributeCache(64);
    int taken = 0;
    int reset = 0;
    int withdrawn = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] body = mutator.next();
      Recorded read = read(traits, cache, body, (byte) 0);
      Recorded again = read(traits, new AttributeCache(16), body, (byte) 0xff);
      String message = Bytes.copyOf(body).toString();
      assertThat(describe(again)).as(message).isEqualTo(describe(read));
      if (read.notification != null) {
        assertThat(read.notification.code()).isEqualTo(3);
        assertThat(read.announced).isEmpty();
        assertThat(read.withdrawn).isEmpty();
        reset++;
      } else {
        assertThat(read.errors).allMatch(e -> e.reaction() != Reaction.RESET);
        taken += read.announced.size();
        withdrawn += read.withdrawn.size();
        writeAndReadAgain(traits, read, message);
      }
    }
    assertThat(List.of(taken, reset, withdrawn)).allMatch(count -> count > 100);
  }

  private static String describe(Recorded read) {
    return read.notification + " " + read.announced + read.withdrawn + read.ended + read.errors;
  }

  /** With octets all around that must not matter. */
  private static Recorded read(
      ReceiveTraits traits, AttributeCache cache, byte[] body, byte around) {
    byte[] frame = new byte[body.length + 2 * FRAME];
    Arrays.fill(frame, around);
    System.arraycopy(body, 0, frame, FRAME, body.length);
    Recorded recorded = new Recorded();
    ByteBuffer slice = ByteBuffer.wrap(frame, FRAME, body.length);
    recorded.notification = new UpdateParser(traits, cache).parse(slice, recorded);
    assertThat(slice.position()).isEqualTo(FRAME);
    return recorded;
  }

  private static void writeAndReadAgain(ReceiveTraits traits, Recorded read, String message) {
    SendTraits sends = new SendTraits(traits.fourOctetAs(), 65535, traits.addPath());
    UpdateWriter writer = new UpdateWriter(sends);
    for (Map.Entry<String, Attributes> route : read.announced.entrySet()) {
      Attributes attributes = route.getValue();
      assertThat(Attributes.ofCanonical(attributes.toBuffer())).contains(attributes);
      boolean ipv6 = route.getKey().contains(":");
      boolean ipv6NextHop = attributes.nextHop().orElseThrow().toBytes().length == 16;
      boolean confederated =
          !attributes.asPath().equals(attributes.asPath().withoutConfederations());
      boolean readable = ipv6 == ipv6NextHop || !traits.extendedNextHop().isEmpty();
      if (!readable || (confederated && !traits.fourOctetAs())) {
        continue;
      }
      ByteBuffer out = ByteBuffer.allocate(65535);
      writer.begin(out);
      writer.announcing(
          writer.encode(ipv6 ? Family.IPV6_UNICAST : Family.IPV4_UNICAST, attributes));
      assertThat(UpdateCodecTest.write(writer, route.getKey())).isTrue();
      writer.finish();
      ByteBuffer body = out.flip().slice(19, out.limit() - 19);
      Recorded again = read(traits, new AttributeCache(16), bytes(body), (byte) 0);
      assertThat(again.announced).as(message).containsExactly(route);
      assertThat(again.errors).as(message).isEmpty();
    }
  }

  @Test
  void opens() {
    List<byte[]> corpus = new ArrayList<>();
    MessagesTest.capabilities()
        .map(c -> String.valueOf(c.get()[0]))
        .forEach(
            c -> {
              int length = Hex.octets(c).length;
              corpus.add(
                  Hex.octets("04fde900b40a000001%02x02%02x".formatted(length + 2, length) + c));
            });
    corpus.add(Hex.octets("04 fde9 00b4 0a000001 ff ff 0005 02 0002 0200"));
    Mutator mutator = new Mutator(20260102, corpus);
    int good = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] body = mutator.next();
      switch (Open.parse(ByteBuffer.wrap(body))) {
        case Received.Good<Open>(Open open) -> {
          ByteBuffer written = open.toBuffer();
          ByteBuffer writtenBody = written.slice(19, written.limit() - 19);
          assertThat(Open.parse(writtenBody)).isEqualTo(new Received.Good<>(open));
          good++;
        }
        case Received.Bad<Open>(Notification refusal) -> assertThat(refusal.code()).isBetween(1, 2);
      }
    }
    assertThat(good).isBetween(1000, ROUNDS - 1000);
  }

  @Test
  void notificationsAndRefreshes() {
    List<byte[]> corpus =
        List.of(
            Hex.octets("0602 03 6f6666"),
            Hex.octets("0609 0604 03 6f6666"),
            Hex.octets("0103 07"),
            Hex.octets("0001 00 01"));
    Mutator mutator = new Mutator(20260103, corpus);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] body = mutator.next();
      Notification notification = Notification.parse(ByteBuffer.wrap(body));
      assertThat(notification.toString()).isNotEmpty();
      ByteBuffer written = notification.toBuffer();
      assertThat(Notification.parse(written.slice(19, written.limit() - 19)))
          .isEqualTo(notification);
      Received<RouteRefresh> refresh = RouteRefresh.parse(ByteBuffer.wrap(body));
      assertThat(refresh.toOptional().isPresent()).isEqualTo(body.length == 4);
    }
  }

  @Test
  void streams() {
    List<byte[]> corpus = new ArrayList<>();
    for (String tail : List.of("001304", "0017 02 00000000", "0017 05 00010001", "0015 03 0600")) {
      corpus.add(Hex.octets(Hex.MARKER + tail));
      corpus.add(Hex.octets(Hex.MARKER + "001304" + Hex.MARKER + tail + Hex.MARKER));
    }
    Mutator mutator = new Mutator(20260104, corpus);
    for (int i = 0; i < ROUNDS; i++) {
      ByteBuffer in = ByteBuffer.wrap(mutator.next());
      Framing framing = new Framing();
      Framing.Cut cut = framing.next(in);
      while (cut == Framing.Cut.MESSAGE) {
        assertThat(framing.body().limit()).isEqualTo(in.position());
        cut = framing.next(in);
      }
      if (cut == Framing.Cut.BROKEN) {
        assertThat(framing.error().code()).isEqualTo(1);
      }
    }
  }
}
