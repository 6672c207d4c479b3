package io.ocicat.controller.leases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.Documents;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DepartedNodesTest {

  private static final long GRACE = DepartedNodes.GRACE.toNanos();
  private static final Cidr BLOCK = Cidr.parse("10.0.0.0/26");

  private final DepartedNodes departed = new DepartedNodes();

  private static StoredObject object(ResourceKey key, ObjectNode document) {
    return new StoredObject(key, 1, 1, document.toString());
  }

  private static StoredObject lease() {
    BlockAffinity lease = BlockAffinity.of("n1", BLOCK);
    return object(
        ResourceKey.ofCluster(Kinds.BLOCK_AFFINITY.name(), lease.name()), lease.document());
  }

  private static StoredObject endpoint() {
    WorkloadEndpoint.Workload workload =
        new WorkloadEndpoint.Workload("k8s", "n1", "pod", "c", "eth0", "");
    WorkloadEndpoint endpoint =
        new WorkloadEndpoint(
            Metadata.of("ns", WorkloadEndpoint.nameFor(workload)),
            workload,
            List.of(IpAddress.parse("10.0.0.1").toHostCidr()),
            "oci",
            "",
            List.of());
    return object(
        new ResourceKey(Kinds.WORKLOAD_ENDPOINT.name(), "ns", endpoint.name()),
        endpoint.document());
  }

  private static StoredObject node() {
    return object(Documents.nodeKey("n1"), Documents.node("n1", "", "192.0.2.1"));
  }

  @Test
  void aNodeWithoutDocumentAndAgentIsDueAfterAWhile() {
    departed.put(lease());
    departed.put(endpoint());
    assertThat(departed.due(_ -> false, 0)).isEmpty();
    assertThat(departed.due(_ -> false, GRACE - 1)).isEmpty();
    assertThat(departed.due(_ -> false, GRACE)).isEqualTo(Map.of("n1", List.of(BLOCK)));
    assertThat(departed.due(_ -> false, GRACE + 1)).as("not at once again").isEmpty();
  }

  @Test
  void aConnectedNodeIsNot() {
    departed.put(lease());
    assertThat(departed.due(_ -> false, 0)).isEmpty();
    assertThat(departed.due(_ -> true, GRACE)).isEmpty();
    assertThat(departed.due(_ -> false, GRACE + 1)).as("the while begins anew").isEmpty();
  }

  @Test
  void aNodeWithADocumentIsNotUntilThatIsDeleted() {
    departed.put(lease());
    departed.put(node());
    assertThat(departed.due(_ -> false, 0)).isEmpty();
    assertThat(departed.due(_ -> false, 10 * GRACE)).isEmpty();
    departed.remove(Documents.nodeKey("n1"));
    assertThat(departed.due(_ -> false, 10 * GRACE)).isEmpty();
    assertThat(departed.due(_ -> false, 11 * GRACE)).containsOnlyKeys("n1");
  }

  @Test
  void aNodeThatLeftNothingBehindIsNoMatter() {
    departed.put(node());
    departed.put(lease());
    departed.remove(lease().key());
    departed.remove(Documents.nodeKey("n1"));
    assertThat(departed.due(_ -> false, 0)).isEmpty();
    assertThat(departed.due(_ -> false, GRACE)).isEmpty();
  }
}
