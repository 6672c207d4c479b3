package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.Documents;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Secret;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.memory.MemoryStore;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PeerSecretsTest {

  private static final String BGP = "GET /api/v1/namespaces/net/secrets/bgp";
  private static final ResourceKey KEY = new ResourceKey(Kinds.SECRET.name(), "net", "bgp");

  private final StubApiServer server = new StubApiServer();
  private final MemoryStore store = new MemoryStore();
  private final PeerSecrets secrets = new PeerSecrets(server, store, "net");

  @BeforeEach
  void onePeerNamesASecret() {
    name(Kinds.BGP_PEER, "rack", "password", "bgp");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void name(ResourceKind kind, String object, String field, String secret) {
    Documents.put(
        store,
        ResourceKey.ofCluster(kind.name(), object),
        Documents.json(
            """
            {"metadata":{"name":"%s"},"spec":{"%s":{"secretKeyRef":{"name":"%s","key":"k"}}}}"""
                .formatted(object, field, secret)));
  }

  private void serve(String data) {
    server.on(BGP, "{\"metadata\":{\"name\":\"bgp\",\"uid\":\"u\"},\"data\":{%s}}".formatted(data));
  }

  private Map<String, String> kept() {
    return store.get(KEY).map(each -> Secret.read(each.tree()).texts()).orElse(Map.of());
  }

  @Test
  void ofASecretTheNamedKeysAreKept() throws InterruptedException {
    serve("\"k\":\"b2xk\",\"other\":\"eA==\"");
    secrets.readAll();
    assertThat(kept()).containsExactly(Map.entry("k", "old"));
    serve("\"k\":\"bmV3\"");
    secrets.readAll();
    assertThat(kept()).containsExactly(Map.entry("k", "new"));
  }

  @Test
  void nothingIsWrittenAsLongAsNothingChanges() throws InterruptedException {
    serve("\"k\":\"b2xk\"");
    secrets.readAll();
    long revision = store.currentRevision();
    secrets.readAll();
    assertThat(store.currentRevision()).isEqualTo(revision);
  }

  @Test
  void aSecretThatIsNotNamedIsNotAskedForAndOneNamedNoMoreIsForgotten()
      throws InterruptedException {
    serve("\"k\":\"b2xk\"");
    secrets.readAll();
    Documents.delete(store, ResourceKey.ofCluster(Kinds.BGP_PEER.name(), "rack"));
    server.refuse(BGP, 500);
    secrets.readAll();
    assertThat(store.snapshot(Selection.of(Kinds.SECRET.name())).objects()).isEmpty();
  }

  @Test
  void aSecretThatIsGoneIsForgottenAndOneThatCannotBeReadIsNot() throws InterruptedException {
    name(Kinds.BGP_CONFIGURATION, "default", "nodeMeshPassword", "bgp");
    serve("\"k\":\"b2xk\"");
    secrets.readAll();
    for (int status : new int[] {0, 403, 500}) {
      server.refuse(BGP, status);
      secrets.readAll();
      assertThat(kept()).as("status %d", status).containsKey("k");
    }
    server.refuse(BGP, 404);
    secrets.readAll();
    assertThat(kept()).isEmpty();
  }
}
