package io.ocicat.controller.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.store.Expected;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.testkit.ManualClock;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AutoHostEndpointsTest {
  private final MemoryStore store = new MemoryStore();
  private final AutoHostEndpoints hosts =
      new AutoHostEndpoints(store, new DocumentStamp(new ManualClock(), new SplittableRandom(1)));

  @Test
  void makesNoneUnlessItIsConfigured() {
    node("n1", "blue");
    hosts.settle();
    assertThat(endpoints()).isEmpty();
    configure("{'controllers':{'node':{'hostEndpoint':{'autoCreate':'Disabled'}}}}");
    hosts.settle();
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void givesEveryNodeOneForAllInterfacesWithTheProfileThatAllows() {
    enable();
    node("n1", "blue");
    hosts.settle();
    HostEndpoint endpoint = endpoints().getFirst();
    assertThat(endpoint.name()).isEqualTo("n1-auto-hep");
    assertThat(endpoint.node()).isEqualTo("n1");
    assertThat(endpoint.isForAllInterfaces()).isTrue();
    assertThat(endpoint.expectedIps()).hasToString("[192.0.2.1, 2001:db8::1]");
    assertThat(endpoint.profiles()).containsExactly("projectcalico-default-allow");
    assertThat(endpoint.labels().value("colour")).contains("blue");
    assertThat(endpoint.labels().value("projectcalico.org/created-by"))
        .contains("calico-kube-controllers");
  }

  @Test
  void followsTheNodesLabelsAndWritesNothingWithoutNeed() {
    enable();
    node("n1", "blue");
    hosts.settle();
    long revision = store.currentRevision();
    hosts.settle();
    assertThat(store.currentRevision()).isEqualTo(revision);
    node("n1", "red");
    hosts.settle();
    assertThat(endpoints().getFirst().labels().value("colour")).contains("red");
  }

  @Test
  void takesThemAwayWithTheirNodesAndWhenSwitchedOff() {
    enable();
    node("n1", "blue");
    node("n2", "blue");
    hosts.settle();
    assertThat(store.delete(key(Kinds.NODE, "n1"), Expected.any())).isInstanceOf(Written.class);
    hosts.settle();
    assertThat(endpoints()).extracting(HostEndpoint::name).containsExactly("n2-auto-hep");
    assertThat(store.delete(key(Kinds.KUBE_CONTROLLERS_CONFIGURATION, "default"), Expected.any()))
        .isInstanceOf(Written.class);
    hosts.settle();
    assertThat(endpoints()).isEmpty();
  }

  @Test
  void leavesAloneWhatSomebodyElseMade() {
    put(Kinds.HOST_ENDPOINT, "n1-auto-hep", "{'spec':{'node':'n1','interfaceName':'eth0'}}");
    enable();
    node("n1", "blue");
    hosts.settle();
    assertThat(endpoints().getFirst().interfaceName()).isEqualTo("eth0");
  }

  private void enable() {
    configure("{'controllers':{'node':{'hostEndpoint':{'autoCreate':'Enabled'}}}}");
  }

  private void configure(String spec) {
    put(Kinds.KUBE_CONTROLLERS_CONFIGURATION, "default", "{'spec':" + spec + "}");
  }

  private void node(String name, String colour) {
    put(
        Kinds.NODE,
        name,
        """
        {'metadata':{'name':'%s','labels':{'colour':'%s'}},'status':{'addresses':[
          {'type':'InternalIP','address':'192.0.2.1'},{'type':'InternalIP','address':'2001:db8::1'}]}}
        """
            .formatted(name, colour));
  }

  private void put(ResourceKind kind, String name, String document) {
    try {
      ObjectNode tree = (ObjectNode) new JsonMapper().readTree(document.replace('\'', '"'));
      tree.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
      tree.withObject("/metadata").put("name", name);
      ResourceKey key = key(kind, name);
      if (store.get(key).isPresent()) {
        assertThat(store.update(key, tree, Expected.any())).isInstanceOf(Written.class);
      } else {
        assertThat(store.create(key, tree)).isInstanceOf(Written.class);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(document, e);
    }
  }

  private static ResourceKey key(ResourceKind kind, String name) {
    return ResourceKey.ofCluster(kind.name(), name);
  }

  private List<HostEndpoint> endpoints() {
    return store.snapshot(Selection.of(Kinds.HOST_ENDPOINT.name())).objects().stream()
        .map(StoredObject::tree)
        .map(HostEndpoint::read)
        .toList();
  }
}
