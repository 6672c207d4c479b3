package io.ocicat.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.LinkMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnLinkTest {

  private static LinkMessage link(String name, String alias) {
    return new LinkMessage(
        1, 0, name, "veth", 1500, LinkMessage.NO_ADDRESS, alias, 0, 0, 0, -1, List.of());
  }

  @Test
  void readsWhoseALinkIsFromItsAlias() {
    PodLink pod = PodLink.of("c1", "eth0", "shop", "cart", List.of());
    assertThat(OwnLink.of(link(pod.hostInterface(), pod.alias())))
        .hasValueSatisfying(
            own -> {
              assertThat(own.namespace()).isEqualTo("shop");
              assertThat(own.pod()).isEqualTo("cart");
              assertThat(own.containerId()).isEqualTo("c1");
              assertThat(own.ifname()).isEqualTo("eth0");
            });
  }

  @Test
  void doesNotTakeAnothersLinkForOurs() {
    assertThat(OwnLink.of(link("ociabc", "uplink to the other data centre"))).isEmpty();
    assertThat(OwnLink.of(link("eth0", "ocicat:shop/cart/c1/eth0"))).isEmpty();
    assertThat(OwnLink.of(link("oci0", "ocicat:half"))).isEmpty();
  }
}
