package io.ocicat.controller.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncItem;
import org.junit.jupiter.api.Test;

final class HostItemsTest {

  private final ClusterIndex index = new ClusterIndex();

  private void put(ResourceKind kind, String name, String spec) {
    String json = "{'metadata':{'name':'%s'},'spec':%s}".formatted(name, spec).replace('\'', '"');
    index.put(new StoredObject(key(kind, name), 1, 1, json));
  }

  private static ResourceKey key(ResourceKind kind, String name) {
    return ResourceKey.ofCluster(kind.name(), name);
  }

  @Test
  void aNodeIsToldOfItsOwnHostEndpointsAlone() {
    put(Kinds.HOST_ENDPOINT, "h", "{'node':'n1','interfaceName':'*'}");
    assertThat(index.local("n1")).extracting(SyncItem::key).containsExactly(host("h"));
    assertThat(index.local("n2")).isEmpty();
    assertThat(index.shared()).isEmpty();
    assertThat(index.drain().local().get("n1")).containsExactly(host("h"));
    put(Kinds.HOST_ENDPOINT, "h", "{'node':'n2','interfaceName':'*'}");
    assertThat(index.local("n1")).isEmpty();
    assertThat(index.local("n2")).extracting(SyncItem::key).containsExactly(host("h"));
    assertThat(index.drain().local()).containsOnlyKeys("n1", "n2");
    index.remove(key(Kinds.HOST_ENDPOINT, "h"));
    assertThat(index.local("n2")).isEmpty();
    assertThat(index.drain().local()).containsOnlyKeys("n2");
  }

  @Test
  void configurationIsForAllNodesOrForOne() {
    put(Kinds.FELIX_CONFIGURATION, "default", "{}");
    put(Kinds.FELIX_CONFIGURATION, "node.n1", "{}");
    put(Kinds.FELIX_CONFIGURATION, "somebody", "{}");
    assertThat(index.shared())
        .extracting(SyncItem::key)
        .containsExactly(new ItemKey(ItemKey.Kind.CONFIGURATION, "", "default"));
    assertThat(index.local("n1"))
        .extracting(SyncItem::key)
        .containsExactly(new ItemKey(ItemKey.Kind.CONFIGURATION, "", "node.n1"));
    index.remove(key(Kinds.FELIX_CONFIGURATION, "default"));
    index.remove(key(Kinds.FELIX_CONFIGURATION, "node.n1"));
    assertThat(index.shared()).isEmpty();
    assertThat(index.local("n1")).isEmpty();
  }

  @Test
  void profilesGoToAllNodesAsPoliciesDo() {
    put(Kinds.PROFILE, "p", "{'ingress':[{'action':'Allow'}],'labelsToApply':{'a':'b'}}");
    assertThat(index.shared())
        .extracting(SyncItem::key)
        .containsExactly(ItemKey.policy("Profile", "", "p"));
  }

  private static ItemKey host(String name) {
    return new ItemKey(ItemKey.Kind.HOST_ENDPOINT, "", name);
  }
}
