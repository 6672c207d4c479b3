package io.ocicat.fib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FibTableTest {

  private static final long SEED = 79;

  private static Cidr prefix(IpFamily family, int number) {
    return switch (family) {
      case IPV4 -> new Cidr(new Ipv4Address(number << 8), 24);
      case IPV6 -> new Cidr(new Ipv6Address(0x20010db8L << 32 | number << 4, 0), 60);
    };
  }

  @ParameterizedTest
  @EnumSource(IpFamily.class)
  void doesWhatAMapDoes(IpFamily family) {
    Random random = new Random(SEED);
    FibTable table = new FibTable(family);
    Map<Cidr, Integer> groups = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      Cidr prefix = prefix(family, random.nextInt(5_000));
      int number = table.find(prefix);
      assertThat(number != 0).isEqualTo(groups.containsKey(prefix));
      if (number != 0 && random.nextBoolean()) {
        table.remove(number);
        groups.remove(prefix);
      } else {
        int added = table.findOrAdd(prefix);
        table.group(added, i + 1);
        groups.put(prefix, i + 1);
      }
    }
    assertThat(table.count()).isEqualTo(groups.size());
    Map<Cidr, Integer> found =
        IntStream.range(1, table.limit())
            .filter(table::used)
            .boxed()
            .collect(Collectors.toMap(table::prefix, table::group));
    assertThat(found).isEqualTo(groups);
  }

  @ParameterizedTest
  @EnumSource(IpFamily.class)
  void queuesEachPrefixOnceInOrder(IpFamily family) {
    FibTable table = new FibTable(family);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = table.findOrAdd(prefix(family, i));
      table.enqueue(number);
      table.enqueue(number);
      expected.add(number);
      if (i % 3 == 0) {
        assertThat(table.poll()).isEqualTo(expected.removeFirst());
      }
    }
    assertThat(table.queued()).isEqualTo(expected.size());
    for (int number : expected) {
      assertThat(table.poll()).isEqualTo(number);
    }
    assertThat(table.hasQueued()).isFalse();
  }
}
