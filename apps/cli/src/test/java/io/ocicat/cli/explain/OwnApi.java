package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.Documents;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.api.ResourceService;
import io.ocicat.controller.api.Target;
import io.ocicat.controller.api.WriteOptions;
import io.ocicat.controller.api.http.Administrators;
import io.ocicat.controller.api.http.ApiRoutes;
import io.ocicat.controller.api.http.ApiServer;
import io.ocicat.controller.api.http.ApiTls;
import io.ocicat.controller.api.http.Kubeconfig;
import io.ocicat.controller.events.EventStore;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.store.Store;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.Pem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** Our own API on loopback, with documents in memory. */
final class OwnApi implements AutoCloseable {

  private final Store store = new MemoryStore();
  private final EventStore events =
      new EventStore(
          new DocumentStamp(InstantSource.system(), new SecureRandom()), System::nanoTime);
  private final ResourceService resources =
      new ResourceService(store, InstantSource.system(), new SecureRandom());
  private final ApiServer server;
  private final Path kubeconfig;

  OwnApi(Path directory) {
    resources.createPermanentObjects();
    ClusterAuthority authority =
        ClusterAuthority.loadOrCreate(directory, InstantSource.system(), new SecureRandom());
    KeyedCertificate certificate =
        authority.issueServer(List.of("localhost"), List.of(IpAddress.parse("127.0.0.1")));
    server =
        ApiServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ApiTls.of(() -> certificate),
            new Administrators(),
            new ApiRoutes(
                new ApiRoutes.Served(
                    resources,
                    new ResourceService(
                        events.store(), InstantSource.system(), new SecureRandom())),
                "0.1.0",
                () -> JsonNodeFactory.instance.objectNode().put("ready", true),
                InstantSource.system()));
    KeyedCertificate administrator =
        authority.issueAdministrator(new Identity.Administrator("admin"));
    kubeconfig = directory.resolve("kubeconfig");
    Kubeconfig.write(
        kubeconfig,
        server.uri(),
        Pem.text(List.of(authority.certificate())),
        Pem.text(administrator.chain()),
        Pem.text(administrator.key()));
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  /** Creates every document of a text. */
  void create(String yaml) {
    Documents.Read read = Documents.read("test", yaml);
    if (!read.problems().isEmpty()) {
      throw new IllegalArgumentException(read.problems().toString());
    }
    read.documents().forEach(document -> create(document.content()));
  }

  void create(JsonNode document) {
    ResourceKind kind =
        Kinds.of(document.path("apiVersion").asText(), document.path("kind").asText())
            .orElseThrow();
    ObjectNode content = document.deepCopy();
    JsonNode metadata = content.path("metadata");
    String namespace = metadata.path("namespace").asText("");
    var _ = resources.create(kind, namespace, content, WriteOptions.strict("test"));
    if (content.has("status")) {
      var _ =
          resources.update(
              Target.statusOf(kind, namespace, metadata.path("name").asText()),
              content,
              WriteOptions.strict("test"));
    }
  }

  @Override
  public void close() {
    server.close();
    events.close();
    store.close();
  }
}
