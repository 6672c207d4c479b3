package io.ocicat.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BfdPacketTest {

  private static final HexFormat HEX = HexFormat.of();

  private static final String UP =
      "20c80318" + "00000001" + "0000002a" + "000493e0".repeat(2) + "00000000";

  private static BfdPacket.Read read(String hex) {
    return BfdPacket.read(HEX.parseHex(hex));
  }

  @Test
  void readsAndWritesBytesOfAPeer() {
    // Three packets in 300 ms, as a Debian router sends it.
    BfdPacket packet =
        new BfdPacket(
            BfdDiagnostic.NONE,
            BfdState.UP,
            false,
            false,
            false,
            false,
            3,
            1,
            42,
            300_000,
            300_000,
            0);
    String hex = "20c00318" + "00000001" + "0000002a" + "000493e0" + "000493e0" + "00000000";
    assertThat(read(hex)).isEqualTo(new BfdPacket.Read.Packet(packet));
    assertThat(HEX.formatHex(packet.encode())).isEqualTo(hex);
  }

  @Test
  void readsAndWritesEveryBit() {
    BfdPacket packet =
        new BfdPacket(
            BfdDiagnostic.NEIGHBOR_SIGNALED_DOWN,
            BfdState.INIT,
            true,
            true,
            true,
            true,
            255,
            -1,
            0x01020304,
            0xffff_ffffL,
            1,
            50_000);
    String hex = "23baff18" + "ffffffff" + "01020304" + "ffffffff" + "00000001" + "0000c350";
    assertThat(HEX.formatHex(packet.encode())).isEqualTo(hex);
    assertThat(read(hex)).isEqualTo(new BfdPacket.Read.Packet(packet));
  }

  @Test
  void isNotDisturbedByTheControlPlaneBit() {
    assertThat(read(UP)).isInstanceOf(BfdPacket.Read.Packet.class);
  }

  @ParameterizedTest
  @CsvSource({
    "20c00318, 3 bytes are too short, 3",
    "20c00318, 23 bytes are too short, 23",
    "00c00318, version 0, 24",
    "40c00318, version 2, 24",
    "20c00317, length 23 in 24 bytes, 24",
    "20c00319, length 25 in 24 bytes, 24",
    "20c00018, detect multiplier 0, 24",
    "20c10318, multipoint, 24",
  })
  void discardsWhatTheRfcSays(String start, String reason, int length) {
    byte[] bytes = HEX.parseHex(start + "00000001" + "0000002a" + "00".repeat(12));
    assertThat(BfdPacket.read(Arrays.copyOf(bytes, length)))
        .isEqualTo(new BfdPacket.Read.Discarded(reason));
  }

  @Test
  void discardsDiscriminatorsThatCannotBe() {
    String rest = "00".repeat(12);
    assertThat(read("20400318" + "00000000" + "00000000" + rest))
        .isEqualTo(new BfdPacket.Read.Discarded("my discriminator 0"));
    assertThat(read("20c00318" + "00000001" + "00000000" + rest))
        .isEqualTo(new BfdPacket.Read.Discarded("your discriminator 0 in state Up"));
    assertThat(read("20800318" + "00000001" + "00000000" + rest))
        .isEqualTo(new BfdPacket.Read.Discarded("your discriminator 0 in state Init"));
    assertThat(read("20400318" + "00000001" + "00000000" + rest))
        .isInstanceOf(BfdPacket.Read.Packet.class);
    assertThat(read("20c4031800000001" + "0000002a" + rest))
        .isInstanceOf(BfdPacket.Read.Discarded.class);
  }

  @Test
  void neverThrowsAndWritesAgainWhatItReads() {
    Random random = new Random(5880);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length >= 4 && random.nextBoolean()) {
        bytes[0] = (byte) (0x20 | random.nextInt(9));
        bytes[1] &= (byte) 0xf2;
        bytes[3] = 24;
      }
      if (BfdPacket.read(bytes) instanceof BfdPacket.Read.Packet(BfdPacket packet)) {
        assertThat(BfdPacket.read(packet.encode())).isEqualTo(new BfdPacket.Read.Packet(packet));
      }
    }
  }
}
