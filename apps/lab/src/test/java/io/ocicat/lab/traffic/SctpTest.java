package io.ocicat.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SctpTest {

  @Test
  void initReadsBackAsItWasWritten() {
    Sctp.Packet init = new Sctp.Packet.Init(40000, 80, 0xdeadbeef);
    assertThat(Sctp.decode(Sctp.encode(init))).contains(init);
  }

  @Test
  void initAckCarriesItsCookieWhateverItsLength() {
    for (int length = 0; length < 9; length++) {
      String cookie = "x".repeat(length);
      Sctp.Packet ack = new Sctp.Packet.InitAck(80, 40000, 7, cookie);
      byte[] bytes = Sctp.encode(ack);
      assertThat(bytes.length % 4).isZero();
      assertThat(Sctp.decode(bytes)).contains(ack);
    }
  }

  @Test
  void abortIsAsRfc9260WritesIt() {
    byte[] abort = Sctp.encode(new Sctp.Packet.Abort(80, 40000, 0x01020304));
    assertThat(HexFormat.of().formatHex(abort)).startsWith("00509c4001020304").endsWith("06000004");
  }

  @Test
  void damagedPacketIsNotRead() {
    byte[] packet = Sctp.encode(new Sctp.Packet.Init(1, 2, 3));
    packet[20] ^= 1;
    assertThat(Sctp.decode(packet)).isEmpty();
    assertThat(Sctp.decode(new byte[3])).isEmpty();
  }
}
