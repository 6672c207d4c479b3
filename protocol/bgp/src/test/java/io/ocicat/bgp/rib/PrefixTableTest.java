package io.ocicat.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PrefixTableTest {
  @ParameterizedTest
  @EnumSource
  void behavesAsAMapFromPrefixesToNumbers(IpFamily family) {
    Random random = new Random(7);
    PrefixTable table = new PrefixTable(family);
    Map<Cidr, Integer> model = new HashMap<>();
    List<Cidr> known = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int length = random.nextInt(family.bits() + 1);
      // Few different bits, so that prefixes come again and runs of the table collide.
      long high =
          family == IpFamily.IPV4
              ? (long) (random.nextInt(64) << 26) << 32
              : (long) random.nextInt(64) << 58;
      Cidr prefix = PrefixTable.cidr(family == IpFamily.IPV6, length < 6 ? 0 : high, 0, length);
      if (random.nextInt(5) < 3) {
        int net = table.findOrAdd(high(prefix), 0, length);
        Integer before = model.get(prefix);
        if (before == null) {
          table.pin(net);
          model.put(prefix, net);
          known.add(prefix);
        } else {
          assertThat(net).isEqualTo(before);
        }
        assertThat(table.prefix(net)).isEqualTo(prefix);
      } else if (!known.isEmpty()) {
        Cidr gone = known.remove(random.nextInt(known.size()));
        Integer net = model.remove(gone);
        assertThat(table.find(high(gone), 0, gone.prefixLength())).isEqualTo(net);
        table.unpin(net == null ? 0 : net);
        assertThat(table.find(high(gone), 0, gone.prefixLength())).isZero();
      }
      assertThat(table.count()).isEqualTo(model.size());
    }
    model.forEach(
        (prefix, net) ->
            assertThat(table.find(high(prefix), 0, prefix.prefixLength())).isEqualTo(net));
  }

  private static long high(Cidr prefix) {
    return PrefixTable.high(prefix.address());
  }
}
