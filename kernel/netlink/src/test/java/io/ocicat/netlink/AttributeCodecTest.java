package io.ocicat.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class AttributeCodecTest {

  private static final HexFormat HEX = HexFormat.of();

  private static void onLittleEndian() {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void padsEveryAttributeToFourBytes() {
    onLittleEndian();
    byte[] bytes =
        new AttributeWriter()
            .u8(1, 0x7f)
            .u16(2, 0x1234)
            .string(3, "lo")
            .bytes(4, new byte[] {1, 2, 3, 4, 5})
            .flag(5)
            .toBytes();
    assertThat(HEX.formatHex(bytes))
        .isEqualTo(
            "050001007f000000"
                + "0600020034120000"
                + "070003006c6f0000"
                + "090004000102030405000000"
                + "04000500");
  }

  @Test
  void writesBigEndianWhereAsked() {
    onLittleEndian();
    byte[] bytes =
        new AttributeWriter().beU16(1, 0x1234).beU32(2, 0x12345678).beU64(3, 1).toBytes();
    assertThat(HEX.formatHex(bytes))
        .isEqualTo("06000100" + "12340000" + "0800020012345678" + "0c0003000000000000000001");
  }

  @Test
  void nestsAttributesAndStructuresAndSetsTheFlag() {
    onLittleEndian();
    byte[] bytes =
        new AttributeWriter(new byte[] {9, 9})
            .nested(1, outer -> outer.nested(2, new byte[4], inner -> inner.u32(3, 5)))
            .toBytes();
    assertThat(HEX.formatHex(bytes))
        .isEqualTo("09090000" + "14000180" + "10000280" + "00000000" + "0800030005000000");
  }

  @Test
  void readsBackWhatItWrote() {
    byte[] bytes =
        new AttributeWriter()
            .u8(1, 255)
            .u16(2, 65535)
            .u32(3, -1)
            .u64(4, Long.MIN_VALUE)
            .beU16(5, 0xabcd)
            .beU32(6, 0xabcdef01)
            .beU64(7, 7)
            .string(8, "grüße")
            .nested(9, inner -> inner.string(1, "x"))
            .toBytes();
    AttributeReader reader = new AttributeReader(bytes);
    assertThat(reader.require(1).u8()).isEqualTo(255);
    assertThat(reader.require(2).u16()).isEqualTo(65535);
    assertThat(reader.require(3).u32()).isEqualTo(-1);
    assertThat(reader.require(4).u64()).isEqualTo(Long.MIN_VALUE);
    assertThat(reader.require(5).beU16()).isEqualTo(0xabcd);
    assertThat(reader.require(6).beU32()).isEqualTo(0xabcdef01);
    assertThat(reader.require(7).beU64()).isEqualTo(7);
    assertThat(reader.require(8).string()).isEqualTo("grüße");
    assertThat(reader.require(9).isFlaggedNested()).isTrue();
    assertThat(reader.require(9).nested().require(1).string()).isEqualTo("x");
    assertThat(reader.find(10)).isEmpty();
  }

  @Test
  void passesUnknownAttributesOnUnchanged() {
    byte[] bytes =
        new AttributeWriter().nested(9, inner -> inner.u8(1, 1)).bytes(300, new byte[7]).toBytes();
    AttributeWriter copy = new AttributeWriter();
    new AttributeReader(bytes).forEach(copy::copy);
    assertThat(copy.toBytes()).isEqualTo(bytes);
  }

  @Test
  void growsWithItsContent() {
    AttributeWriter writer = new AttributeWriter();
    for (int i = 0; i < 10_000; i++) {
      writer.u32(i & 0x3fff, i);
    }
    AttributeReader reader = new AttributeReader(writer.toBytes());
    assertThat(reader.size()).isEqualTo(10_000);
    assertThat(reader.require(9_999).u32()).isEqualTo(9_999);
  }

  @Test
  void refusesANestedAttributeThatItsLengthCannotTell() {
    assertThatThrownBy(
            () ->
                new AttributeWriter()
                    .nested(
                        1,
                        inner -> {
                          for (int i = 0; i < 9000; i++) {
                            inner.u32(1, i);
                          }
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be split");
  }

  @Test
  void refusesLengthsThatDoNotFit() {
    onLittleEndian();
    for (String hex : new String[] {"0300010000000000", "0900010000000000", "ffff0100"}) {
      assertThatThrownBy(() -> new AttributeReader(HEX.parseHex(hex)))
          .as(hex)
          .isInstanceOf(NetlinkDecodeException.class);
    }
    AttributeReader reader = new AttributeReader(HEX.parseHex("0500010001000000"));
    assertThatThrownBy(() -> reader.require(1).u32()).isInstanceOf(NetlinkDecodeException.class);
    assertThatThrownBy(() -> reader.require(2)).isInstanceOf(NetlinkDecodeException.class);
  }
}
