package io.ocicat.bgpwire.mrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.Keepalive;
import io.ocicat.bgpwire.Mutator;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MrtTest {

  private static final long TIME = 0x65000000L;
  private static final Attributes IPV4 =
      Attributes.builder()
          .asPath(AsPath.sequence(65001))
          .nextHop(IpAddress.parse("10.0.0.1"))
          .build();
  private static final Attributes IPV6 =
      IPV4.edit().nextHop(IpAddress.parse("2001:db8::1")).build();
  private static final MrtRecord.Session SESSION =
      new MrtRecord.Session(
          65001, 65002, 0, IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"));

  static Stream<Arguments> records() {
    return Stream.of(
        Arguments.of(
            "65000000 000d 0001 00000032 0a0000fe 0004 6d61696e 0002"
                + "02 0a000001 0a000001 0000fde9"
                + "03 0a000002 20010db8000000000000000000000002 00010000",
            new MrtRecord.PeerIndexTable(
                TIME,
                new Ipv4Address(0x0a0000fe),
                "main",
                List.of(
                    new MrtRecord.PeerIndexTable.Peer(
                        new Ipv4Address(0x0a000001), IpAddress.parse("10.0.0.1"), 65001),
                    new MrtRecord.PeerIndexTable.Peer(
                        new Ipv4Address(0x0a000002), IpAddress.parse("2001:db8::2"), 65536)))),
        Arguments.of(
            "65000000 000d 0002 00000026 00000007 18 0a0102 0001"
                + "0001 64ffffff 0014 40010100 400206 0201 0000fde9 4003040a000001",
            new MrtRecord.Rib(
                TIME,
                7,
                Cidr.parse("10.1.2.0/24"),
                false,
                List.of(new MrtRecord.Rib.Entry(1, 0x64ffffffL, 0, IPV4)))),
        Arguments.of(
            "65000000 000d 0004 00000034 00000008 20 20010db8 0001 0001 64ffffff 0021"
                + "800e11 10 20010db8000000000000000000000001 40010100 400206 0201 0000fde9",
            new MrtRecord.Rib(
                TIME,
                8,
                Cidr.parse("2001:db8::/32"),
                false,
                List.of(new MrtRecord.Rib.Entry(1, 0x64ffffffL, 0, IPV6)))),
        Arguments.of(
            "65000000 000d 0008 00000047 00000007 00 0002"
                + "0000 64ffffff 00000001 0014 40010100 400206 0201 0000fde9 4003040a000001"
                + "0001 64ffffff ffffffff 0014 40010100 400206 0201 0000fde9 4003040a000001",
            new MrtRecord.Rib(
                TIME,
                7,
                Cidr.parse("0.0.0.0/0"),
                true,
                List.of(
                    new MrtRecord.Rib.Entry(0, 0x64ffffffL, 1, IPV4),
                    new MrtRecord.Rib.Entry(1, 0x64ffffffL, -1, IPV4)))),
        Arguments.of(
            "65000000 0010 0004 00000027 0000fde9 0000fdea 0000 0001 0a000001 0a000002"
                + "ff".repeat(16)
                + "001304",
            new MrtRecord.BgpMessage(
                TIME, SESSION, true, false, Bytes.remaining(new Keepalive().toBuffer()))),
        Arguments.of(
            "65000000 0010 0008 00000023 fde9 fdea 0000 0001 0a000001 0a000002"
                + "ff".repeat(16)
                + "001304",
            new MrtRecord.BgpMessage(
                TIME, SESSION, false, true, Bytes.remaining(new Keepalive().toBuffer()))),
        Arguments.of(
            "65000000 0010 0005 00000018 0000fde9 0000fdea 0000 0001 0a000001 0a000002 0005 0006",
            new MrtRecord.StateChange(TIME, SESSION, true, 5, 6)),
        Arguments.of(
            "65000000 0010 0000 00000014 fde9 fdea 0000 0001 0a000001 0a000002 0006 0001",
            new MrtRecord.StateChange(TIME, SESSION, false, 6, 1)),
        Arguments.of(
            "65000000 0063 0001 00000003 010203",
            new MrtRecord.Unknown(TIME, 99, 1, Bytes.of(1, 2, 3))));
  }

  @ParameterizedTest
  @MethodSource("records")
  void readsAndWrites(String hex, MrtRecord mrt) {
    Bytes octets = Bytes.ofHex(hex);
    ByteBuffer in = octets.toBuffer();
    assertThat(MrtReader.read(in)).contains(mrt);
    assertThat(in.hasRemaining()).isFalse();
    assertThat(written(mrt)).isEqualTo(octets);
  }

  private static Bytes written(MrtRecord mrt) {
    ByteBuffer out = ByteBuffer.allocate(1 << 18);
    MrtWriter.write(mrt, out);
    return Bytes.remaining(out.flip());
  }

  @Test
  void readsAWholeMultiprotocolAttributeToo() {
    String hex =
        "65000000 000d 0004 00000038 00000008 20 20010db8 0001 0001 64ffffff 0025"
            + "800e15 0002 01 10 20010db8000000000000000000000001 00"
            + "40010100 400206 0201 0000fde9";
    assertThat(MrtReader.read(Bytes.ofHex(hex).toBuffer()))
        .get()
        .isInstanceOf(MrtRecord.Rib.class)
        .extracting(r -> ((MrtRecord.Rib) r).entries().getFirst().attributes())
        .isEqualTo(IPV6);
  }

  @Test
  void keepsRoutesOfOurOwnThatHaveNoNextHop() {
    MrtRecord own =
        new MrtRecord.Rib(
            TIME,
            1,
            Cidr.parse("2001:db8::/32"),
            false,
            List.of(new MrtRecord.Rib.Entry(0, 1, 0, Attributes.builder().med(7).build())));
    assertThat(MrtReader.read(written(own).toBuffer())).contains(own);
  }

  @Test
  void waitsForTheRestOfARecord() {
    Bytes whole = written(new MrtRecord.StateChange(TIME, SESSION, true, 5, 6));
    for (int length = 0; length < whole.length(); length++) {
      ByteBuffer in = Bytes.copyOf(whole.toArray(), 0, length).toBuffer();
      assertThat(MrtReader.read(in)).isEmpty();
      assertThat(in.position()).isZero();
      assertThat(MrtReader.isBroken(in)).isFalse();
    }
    assertThat(MrtReader.isBroken(Bytes.ofHex("65000000 000d 0001 ffffffff").toBuffer())).isTrue();
  }

  @Test
  void leavesABufferThatIsTooSmallAsItWas() {
    for (int size : new int[] {0, 5, 12, 20}) {
      ByteBuffer small = ByteBuffer.allocate(size);
      assertThatThrownBy(
              () -> MrtWriter.write(new MrtRecord.StateChange(TIME, SESSION, true, 5, 6), small))
          .isInstanceOf(BufferOverflowException.class);
      assertThat(small.position()).isZero();
    }
  }

  @Test
  @Timeout(60)
  void survivesSpoiledFiles() {
    List<byte[]> corpus = new ArrayList<>();
    records().forEach(a -> corpus.add(Bytes.ofHex(String.valueOf(a.get()[0])).toArray()));
    Mutator mutator = new Mutator(20260105, corpus);
    int understood = 0;
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer in = ByteBuffer.wrap(mutator.next());
      Optional<MrtRecord> read = MrtReader.read(in);
      while (read.isPresent()) {
        understood += read.get() instanceof MrtRecord.Unknown ? 0 : 1;
        assertThat(MrtReader.read(written(read.get()).toBuffer())).isEqualTo(read);
        read = MrtReader.read(in);
      }
    }
    assertThat(understood).isGreaterThan(2000);
  }
}
