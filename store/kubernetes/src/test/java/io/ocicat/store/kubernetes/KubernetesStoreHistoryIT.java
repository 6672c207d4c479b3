package io.ocicat.store.kubernetes;

import io.ocicat.model.KindName;
import io.ocicat.store.Store;
import io.ocicat.store.StoreHistoryContract;
import io.ocicat.testkit.kubernetes.RealApiServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NeedsApiServer.class)
class KubernetesStoreHistoryIT extends StoreHistoryContract {
  private static final MirroredKind THINGS =
      TestCluster.anything("history.ocicat.test", "things", "Thing", true);
  private static TestCluster cluster;

  @BeforeAll
  static void define() throws Exception {
    cluster = new TestCluster(RealApiServer.shared());
    cluster.define(THINGS);
    cluster.namespace("ns");
  }

  @AfterAll
  static void disconnect() {
    cluster.close();
  }

  @Override
  protected Store open() throws Exception {
    cluster.clear(THINGS);
    return cluster.open(Settings.DEFAULT, THINGS);
  }

  @Override
  protected KindName kind() {
    return THINGS.name();
  }

  @Override
  protected int cases() {
    return 20;
  }
}
