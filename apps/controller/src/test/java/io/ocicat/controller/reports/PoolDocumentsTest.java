package io.ocicat.controller.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.inet.Cidr;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.store.Expected;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Written;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.testkit.ManualClock;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PoolDocumentsTest {
  private final MemoryStore store = new MemoryStore();
  private final PoolDocuments pools =
      new PoolDocuments(store, new DocumentStamp(new ManualClock(), new SplittableRandom(1)));

  @Test
  void theOlderOfTwoOverlappingPoolsIsTheOneToTakeFrom() {
    create("z-old", "10.0.0.0/16");
    create("a-young", "10.0.0.0/8");
    pools.judge();
    assertThat(reason("z-old")).isEqualTo("OK");
    assertThat(reason("a-young")).isEqualTo("CIDROverlap");
  }

  @Test
  void followsWhatBecomesOfAPool() {
    create("p", "10.0.0.0/16");
    pools.judge();
    assertThat(reason("p")).isEqualTo("OK");
    ObjectNode disabled = document("p");
    disabled.withObject("/spec").put("disabled", true);
    assertThat(store.update(key("p"), disabled, Expected.any())).isInstanceOf(Written.class);
    pools.judge();
    assertThat(reason("p")).isEqualTo("PoolDisabled");
  }

  @Test
  void writesNothingWhenNothingChanged() {
    create("p", "10.0.0.0/16");
    pools.judge();
    long revision = store.currentRevision();
    pools.judge();
    assertThat(store.currentRevision()).isEqualTo(revision);
  }

  @Test
  void passesOverWhatItCannotRead() {
    ObjectNode damaged = IpPool.of("damaged", Cidr.parse("10.0.0.0/16")).document();
    damaged.withObject("/spec").put("cidr", "x");
    assertThat(store.create(key("damaged"), damaged)).isInstanceOf(Written.class);
    create("whole", "10.0.0.0/16");
    pools.judge();
    assertThat(reason("whole")).isEqualTo("OK");
  }

  private void create(String name, String cidr) {
    assertThat(store.create(key(name), IpPool.of(name, Cidr.parse(cidr)).document()))
        .isInstanceOf(Written.class);
  }

  private String reason(String name) {
    return document(name).at("/status/conditions/0/reason").asText();
  }

  private ObjectNode document(String name) {
    return store.get(key(name)).orElseThrow().tree();
  }

  private static ResourceKey key(String name) {
    return ResourceKey.ofCluster(Kinds.IP_POOL.name(), name);
  }
}
