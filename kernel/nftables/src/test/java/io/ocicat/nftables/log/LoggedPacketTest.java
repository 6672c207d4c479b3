package io.ocicat.nftables.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NlHeader;
import io.ocicat.netlink.NlMessage;
import io.ocicat.nftables.log.PacketHeader.Upper;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Messages as a kernel 6.12 sent them, and packets that it would have passed on. */
class LoggedPacketTest {

  private static final String UDP_4 =
      "c80000000004000000000000000000000200004f080001000800030010000a00643a37662e696e20"
          + "656e6400080005000000000108000b000000000008000e00000000008400090045000404782f4000"
          + "4011c0b77f0000017f000001d0db109203f00204"
          + "00".repeat(100);
  private static final String ICMP_6 =
      "b80000000004000000000000000000000a00004f0800010086dd030010000a00643a37662e696e20"
          + "656e6400080005000000000184000900600928ae04203a4000000000000000000000000000000001"
          + "000000000000000000000000000000010104237700000000600e643003f01140"
          + "00".repeat(72);
  private static final IpAddress LOOPBACK_4 = IpAddress.parse("127.0.0.1");
  private static final IpAddress LOOPBACK_6 = IpAddress.parse("::1");

  private static LoggedPacket decode(String hex) {
    return LoggedPacket.decode(NlMessage.parse(HexFormat.of().parseHex(hex)).getFirst());
  }

  private static PacketHeader header(String hex) {
    return PacketHeader.of(HexFormat.of().parseHex(hex)).orElseThrow();
  }

  @Test
  void readsAMessageOfTheKernel() {
    assertThat(decode(UDP_4))
        .isEqualTo(
            new LoggedPacket(
                "d:7f.in end",
                new LoggedPacket.Interfaces(0, 1),
                PacketHeader.of(
                    HexFormat.of().parseHex(UDP_4.substring(UDP_4.indexOf("45000404"))))));
    assertThat(decode(UDP_4).header())
        .contains(new PacketHeader(LOOPBACK_4, LOOPBACK_4, 17, new Upper.Ports(0xd0db, 0x1092)));
    assertThat(decode(ICMP_6).header())
        .contains(new PacketHeader(LOOPBACK_6, LOOPBACK_6, 58, new Upper.Message(1, 4)));
  }

  @Test
  void readsWhatItWrote() {
    byte[] packet = HexFormat.of().parseHex("45000404782f40004006c0b77f0000017f000001d0db1092");
    AttributeWriter body =
        new AttributeWriter(new byte[] {2, 0, 0, 79})
            .string(10, "key")
            .beU32(4, 7)
            .beU32(5, 8)
            .bytes(9, packet);
    NlMessage message = NlMessage.of(new NlHeader(0, 0x400, 0, 0, 0), body.toBytes());
    assertThat(LoggedPacket.decode(message))
        .isEqualTo(
            new LoggedPacket("key", new LoggedPacket.Interfaces(7, 8), PacketHeader.of(packet)));
  }

  @Test
  void goesPastExtensionHeadersOfIpv6() {
    String addresses = "fd000000000000000000000000000001" + "fd000000000000000000000000000002";
    // Hop-by-hop options of 8 bytes, destination options of 16, then SCTP.
    String packet =
        "6000000000200040" + addresses + "3c00000000000000" + "8401" + "00".repeat(14) + "1f900050";
    assertThat(header(packet).protocol()).isEqualTo(132);
    assertThat(header(packet).upper()).isEqualTo(new Upper.Ports(8080, 80));
  }

  @Test
  void laterFragmentsHaveNoPorts() {
    assertThat(
            header("450004047 82f 2001 4011c0b77f0000017f000001d0db1092".replace(" ", "")).upper())
        .isEqualTo(new Upper.Unknown());
    String addresses = "fd000000000000000000000000000001" + "fd000000000000000000000000000002";
    assertThat(header("6000000000202c40" + addresses + "0600000900000001" + "1f900050").upper())
        .isEqualTo(new Upper.Unknown());
    assertThat(header("6000000000202c40" + addresses + "0600000100000001" + "1f900050").upper())
        .isEqualTo(new Upper.Ports(8080, 80));
  }

  @Test
  void noPacketIsTooShort() {
    noneIsTooShort(HexFormat.of().parseHex(UDP_4.substring(UDP_4.indexOf("45000404"))), 20);
    noneIsTooShort(HexFormat.of().parseHex(ICMP_6.substring(ICMP_6.indexOf("600928ae"))), 40);
    noneIsTooShort(new byte[64], 65);
  }

  private static void noneIsTooShort(byte[] packet, int headerBytes) {
    for (int length = 0; length <= 64; length++) {
      assertThat(PacketHeader.of(Arrays.copyOf(packet, length)).isPresent())
          .isEqualTo(length >= headerBytes);
    }
  }
}
