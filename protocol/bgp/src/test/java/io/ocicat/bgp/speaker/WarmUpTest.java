package io.ocicat.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WarmUpTest {
  @Test
  void bringsEveryChangeFromOneEndToTheOther() {
    assertThat(WarmUp.run()).isEqualTo(1 + 2 * WarmUp.CHANGES);
  }
}
