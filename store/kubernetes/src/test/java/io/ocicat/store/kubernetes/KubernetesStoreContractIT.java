package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.KindName;
import io.ocicat.store.Store;
import io.ocicat.store.StoreContract;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on a real API server, with kinds that take any document. */
@ExtendWith(NeedsApiServer.class)
class KubernetesStoreContractIT extends StoreContract {
  private static final MirroredKind NAMESPACED =
      TestCluster.anything("contract.ocicat.test", "pods", "Pod", true);
  private static final MirroredKind CLUSTER =
      TestCluster.anything("pools.ocicat.test", "ippools", "IPPool", false);
  private static TestCluster cluster;

  @BeforeAll
  static void define() throws Exception {
    cluster = new TestCluster(RealApiServer.shared());
    cluster.define(NAMESPACED);
    cluster.define(CLUSTER);
    cluster.namespace("a");
    cluster.namespace("b");
  }

  @AfterAll
  static void disconnect() {
    cluster.close();
  }

  @Override
  protected Store open() throws Exception {
    cluster.clear(NAMESPACED);
    cluster.clear(CLUSTER);
    return cluster.open(Settings.DEFAULT, NAMESPACED, CLUSTER);
  }

  @Override
  protected KindName podKind() {
    return NAMESPACED.name();
  }

  @Override
  protected KindName poolKind() {
    return CLUSTER.name();
  }

  /** The server adds which object it is. */
  @Override
  protected ObjectNode asWritten(ObjectNode stored) {
    return stored.remove(List.of("apiVersion", "kind", "metadata"));
  }

  /** Revisions of a later store are higher. */
  @Override
  protected void checkStart(long revision) {
    assertThat(revision).isPositive();
  }

  @Override
  protected int manyWrites() {
    return 800;
  }
}
