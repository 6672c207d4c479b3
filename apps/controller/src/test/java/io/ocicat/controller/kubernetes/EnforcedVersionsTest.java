package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnforcedVersionsTest {

  private static final KindName POLICIES = Kinds.NETWORK_POLICY.name();

  private final EnforcedVersions versions = new EnforcedVersions();

  private void mark(long generation, long version) {
    versions.mark(generation, Map.of(POLICIES, version));
  }

  @Test
  void nothingIsEnforcedBeforeItIsAcknowledged() {
    mark(100, 7);
    versions.acknowledged(99);
    assertThat(versions.versions()).isEmpty();
    versions.acknowledged(100);
    assertThat(versions.versions()).isEqualTo(Map.of(POLICIES, 7L));
  }

  @Test
  void theLatestAcknowledgedMarkCounts() {
    mark(100, 7);
    mark(110, 8);
    mark(120, 9);
    versions.acknowledged(115);
    assertThat(versions.versions()).isEqualTo(Map.of(POLICIES, 8L));
  }

  @Test
  void isBoundedAndNeverSaysTooMuchWhileNobodyAcknowledges() {
    for (int i = 1; i <= 10_000; i++) {
      mark(i, 1000 + i);
    }
    versions.acknowledged(50);
    assertThat(versions.versions()).isEqualTo(Map.of(POLICIES, 1050L));
    versions.acknowledged(9_999);
    assertThat(versions.versions().get(POLICIES)).isLessThanOrEqualTo(1000L + 9_999);
    versions.acknowledged(10_000);
    assertThat(versions.versions()).isEqualTo(Map.of(POLICIES, 11_000L));
  }
}
