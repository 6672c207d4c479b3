package io.ocicat.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IpAddressTest {

  @Test
  void printsCanonicalText() {
    assertThat(IpAddress.parse("192.0.2.1")).hasToString("192.0.2.1");
    assertThat(IpAddress.parse("2001:DB8:0:0:0:0:0:1")).hasToString("2001:db8::1");
    assertThat(IpAddress.parse("2001:db8:0:1:1:1:1:1")).hasToString("2001:db8:0:1:1:1:1:1");
    assertThat(IpAddress.parse("2001:0:0:1:0:0:0:1")).hasToString("2001:0:0:1::1");
    assertThat(IpAddress.parse("::")).hasToString("::");
    assertThat(IpAddress.parse("1::")).hasToString("1::");
    assertThat(IpAddress.parse("::ffff:192.0.2.1")).hasToString("::ffff:c000:201");
  }

  @Test
  void refusesWhatIsNotAnAddress() {
    for (String text :
        List.of(
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "256.1.1.1",
            "1.2.3.4 ",
            "1..2.3",
            ":",
            ":::",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1::2::3",
            "12345::",
            "g::",
            "fe80::1%eth0",
            "1:2:3:4:5:6:7::8",
            "::1.2.3",
            "1:")) {
      assertThat(IpAddress.tryParse(text)).as(text).isEmpty();
    }
  }

  @Test
  void agreesWithTheJdkOnRandomAddresses() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      random.nextBytes(bytes);
      for (int b = 0; b < bytes.length; b++) {
        if (random.nextInt(3) == 0) {
          bytes[b] = 0;
        }
      }
      IpAddress address = IpAddress.ofBytes(bytes);
      assertThat(address.toBytes()).isEqualTo(bytes);
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
      assertThat(address.toInetAddress()).isEqualTo(InetAddress.getByAddress(bytes));
    }
  }

  @Test
  void addsAcrossTheHalves() {
    assertThat(IpAddress.parse("2001:db8::ffff:ffff:ffff:ffff").plus(1))
        .isEqualTo(IpAddress.parse("2001:db8:0:1::"));
    assertThat(IpAddress.parse("2001:db8:0:1::").plus(-1))
        .isEqualTo(IpAddress.parse("2001:db8::ffff:ffff:ffff:ffff"));
    assertThat(IpAddress.parse("10.0.0.255").plus(1)).hasToString("10.0.1.0");
  }

  @Test
  void cidrRefusesHostBitsAndSuggests() {
    assertThatThrownBy(() -> Cidr.parse("10.0.0.1/24"))
        .hasMessageContaining("did you mean 10.0.0.0/24?");
    assertThat(Cidr.parseLenient("10.0.0.1/24")).isEqualTo(Cidr.parse("10.0.0.0/24"));
    assertThat(Cidr.parse("::/0").contains(IpAddress.parse("fe80::1"))).isTrue();
    assertThat(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("fe80::1"))).isFalse();
    assertThat(Cidr.parse("2001:db8::/122").last()).hasToString("2001:db8::3f");
    assertThat(Cidr.parse("10.1.0.0/16").overlaps(Cidr.parse("10.0.0.0/8"))).isTrue();
  }

  @Test
  void derivesTheLinkLocalAddress() {
    assertThat(MacAddress.parse("ee:ee:ee:ee:ee:ee").toLinkLocal())
        .hasToString("fe80::ecee:eeff:feee:eeee");
    assertThat(MacAddress.parse("02:00:5e:10:00:01")).hasToString("02:00:5e:10:00:01");
  }
}
