package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.model.Kinds;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoreContract;
import io.ocicat.store.StoreException;
import io.ocicat.testkit.ManualClock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Kinds that are kept in the mirror alone obey the contract too, and trouble no server. */
class DerivedKindsContractTest extends StoreContract {
  private final ManualClock clock = new ManualClock();

  @Override
  protected Store open() {
    return KubernetesStore.open(
        new FakeApiServer(),
        List.of(),
        Set.of(podKind(), poolKind()),
        Settings.DEFAULT,
        clock,
        new Random(7));
  }

  @Override
  protected void checkStart(long revision) {
    assertThat(revision).isEqualTo(clock.millis() * 1000);
  }

  @Test
  void aKindThatIsNotMirroredCannotBeWritten() {
    assertThatThrownBy(
            () ->
                store.create(
                    ResourceKey.ofCluster(Kinds.NODE.name(), "n1"), document("spec", "none")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("nodes is not a kind that this store mirrors");
  }
}
