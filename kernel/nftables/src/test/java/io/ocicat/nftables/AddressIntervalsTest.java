package io.ocicat.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressIntervalsTest {
  private static List<Cidr> cidrs(String... texts) {
    return List.of(texts).stream().map(Cidr::parse).toList();
  }

  private static List<String> words(List<Element> elements) {
    return elements.stream().map(Element::toString).toList();
  }

  @Test
  void joinsWhatOverlapsOrTouches() {
    assertThat(words(AddressIntervals.of(cidrs("10.0.1.0/24", "10.0.0.0/24", "10.0.0.8/32"))))
        .containsExactly("0a000000-0a0001ff");
    assertThat(words(AddressIntervals.of(cidrs("10.0.0.0/24", "10.0.2.0/24"))))
        .containsExactly("0a000000-0a0000ff", "0a000200-0a0002ff");
  }

  @Test
  void reachesToTheLastAddress() {
    assertThat(words(AddressIntervals.of(cidrs("0.0.0.0/0", "255.255.255.255/32"))))
        .containsExactly("00000000-ffffffff");
    assertThat(words(AddressIntervals.of(cidrs("0.0.0.0/0"), cidrs("255.255.255.255/32"))))
        .containsExactly("00000000-fffffffe");
  }

  @Test
  void leavesHolesWhereAddressesAreExcluded() {
    assertThat(
            words(
                AddressIntervals.of(
                    cidrs("10.0.0.0/24"), cidrs("10.0.0.0/32", "10.0.0.16/28", "10.0.0.240/28"))))
        .containsExactly("0a000001-0a00000f", "0a000020-0a0000ef");
    assertThat(AddressIntervals.of(cidrs("10.0.0.0/24"), cidrs("10.0.0.0/8"))).isEmpty();
  }
}
