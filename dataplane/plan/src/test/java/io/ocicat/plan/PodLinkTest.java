package io.ocicat.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PodLinkTest {

  @Test
  void namesTheHostInterfaceAfterContainerAndInterface() {
    String name = PodLink.hostInterface("c1", "eth0");
    assertThat(name).matches("oci[0-9a-f]{12}").hasSize(15);
    assertThat(PodLink.hostInterface("c1", "eth0")).isEqualTo(name);
    assertThat(PodLink.hostInterface("c1", "eth1")).isNotEqualTo(name);
    assertThat(PodLink.hostInterface("c1e", "th0")).isNotEqualTo(name);
  }

  @Test
  void tellsInTheAliasWhoseLinkItIs() {
    assertThat(PodLink.of("c1", "eth0", "shop", "cart", List.of()).alias())
        .isEqualTo("ocicat:shop/cart/c1/eth0");
  }

  @Test
  void shortensThePodsNameWhereTheKernelsLimitWouldBePassed() {
    String containerId = "c".repeat(64);
    String alias =
        PodLink.of(containerId, "eth0", "n".repeat(63), "p".repeat(253), List.of()).alias();
    assertThat(alias).hasSize(255).endsWith("~/" + containerId + "/eth0");
    assertThat(alias.split("/")).hasSize(4);
  }
}
