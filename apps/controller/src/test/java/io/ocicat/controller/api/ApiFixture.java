package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.api.http.Administrators;
import io.ocicat.controller.api.http.ApiRoutes;
import io.ocicat.controller.api.http.ApiServer;
import io.ocicat.controller.api.http.ApiTls;
import io.ocicat.controller.api.http.Kubeconfig;
import io.ocicat.controller.events.EventStore;
import io.ocicat.inet.IpAddress;
import io.ocicat.store.Store;
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

/** The whole API on loopback, over a store, with a kubeconfig for its administrator. */
final class ApiFixture implements AutoCloseable {

  private final Store store;
  private final ApiServer server;
  private final ResourceService resources;
  private final EventStore events =
      new EventStore(
          new DocumentStamp(InstantSource.system(), new SecureRandom()), System::nanoTime);
  private final Path kubeconfig;

  ApiFixture(Path directory, Store store) {
    this.store = store;
    this.resources = new ResourceService(store, InstantSource.system(), new SecureRandom());
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

  Store store() {
    return store;
  }

  ResourceService resources() {
    return resources;
  }

  EventStore events() {
    return events;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void close() {
    server.close();
    events.close();
    store.close();
  }
}
