package io.ocicat.controller;

import io.ocicat.controller.api.ResourceService;
import io.ocicat.controller.api.http.Administrators;
import io.ocicat.controller.api.http.ApiRoutes;
import io.ocicat.controller.api.http.ApiServer;
import io.ocicat.controller.api.http.ApiTls;
import io.ocicat.controller.api.http.Authenticator;
import io.ocicat.controller.events.EventNotices;
import io.ocicat.controller.events.EventRecorder;
import io.ocicat.controller.events.EventStore;
import io.ocicat.controller.events.FlowEvents;
import io.ocicat.controller.events.PodEvents;
import io.ocicat.inet.IpAddress;
import io.ocicat.store.Store;
import io.ocicat.sync.grpc.SyncServer;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.RenewedCertificate;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running controller: loop, agents' server and API on one store. */
public final class Controller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

  /** Of flows that policy denied. */
  private static final int EVENTS_PER_SECOND = 100;

  private final AccessFiles files;
  private final ControllerLoop loop;
  private final SyncServer sync;
  private final ApiServer api;

  private final Telling telling;

  /** What tells people of happenings. */
  private record Telling(EventRecorder events, FlowEvents flows, EventStore store)
      implements AutoCloseable {
    @Override
    public void close() {
      events.close();
      flows.close();
      store.close();
    }
  }

  private Controller(
      AccessFiles files, ControllerLoop loop, SyncServer sync, ApiServer api, Telling telling) {
    this.files = files;
    this.loop = loop;
    this.sync = sync;
    this.api = api;
    this.telling = telling;
  }

  /**
   * Starts everything; serves when this returns, and the ready file says where.
   *
   * @param store stays the caller's, who closes it after this controller
   * @param version of the program
   */
  public static Controller start(
      ControllerConfig config,
      Store store,
      String version,
      InstantSource clock,
      SecureRandom random) {
    AccessFiles files = new AccessFiles(config);
    files.removeReady();
    ClusterAuthority authority =
        ClusterAuthority.loadOrCreate(config.stateDirectory(), clock, random);
    JoinToken token = files.loadOrCreateToken(authority, random);
    ResourceService resources = new ResourceService(store, clock, random);
    resources.createPermanentObjects();
    DocumentStamp stamp = new DocumentStamp(clock, random);
    EventStore happenings = new EventStore(stamp, System::nanoTime);
    EventRecorder events =
        EventRecorder.start(happenings, stamp, "ocicat-controller", System::nanoTime);
    FlowEvents flows =
        FlowEvents.start(
            happenings,
            stamp,
            new FlowEvents.Settings("ocicat-controller", EVENTS_PER_SECOND),
            System::nanoTime);
    ClusterSide cluster =
        ClusterSide.alone(
            store, stamp, new PodEvents(store, events), new EventNotices(store, events, flows));
    ControllerLoop loop = ControllerLoop.start(store, stamp, cluster, epoch(random));
    SyncServer sync =
        SyncServer.start(
            config.agents().open(),
            config.agents().address(),
            authority,
            JoinGate.byToken(token),
            loop,
            clock);
    ApiServer api =
        startApi(
            config.apiListen(),
            files.lastApiPort(),
            new RenewedCertificate(() -> apiCertificate(authority, config.apiListen()), clock),
            new ApiRoutes(
                new ApiRoutes.Served(
                    resources, new ResourceService(happenings.store(), clock, random)),
                version,
                () -> loop.status().toJson(),
                clock));
    Controller controller =
        new Controller(files, loop, sync, api, new Telling(events, flows, happenings));
    files.writeKubeconfig(api.uri(), authority);
    files.writeReady(api.uri(), controller.syncAddress());
    LOG.info("API on {}, agents on {}", api.uri(), controller.syncAddress());
    return controller;
  }

  private static ApiServer startApi(
      InetSocketAddress wanted, int lastPort, RenewedCertificate certificate, ApiRoutes routes) {
    SSLContext tls = ApiTls.of(certificate);
    Authenticator authenticator = new Administrators();
    if (wanted.getPort() == 0 && lastPort != 0) {
      try {
        return ApiServer.start(
            new InetSocketAddress(wanted.getAddress(), lastPort), tls, authenticator, routes);
      } catch (UncheckedIOException e) {
        LOG.info("port {} of the last start is taken, looking for another", lastPort);
      }
    }
    return ApiServer.start(wanted, tls, authenticator, routes);
  }

  private static String epoch(SecureRandom random) {
    return HexFormat.of().toHexDigits(random.nextLong());
  }

  private static KeyedCertificate apiCertificate(
      ClusterAuthority authority, InetSocketAddress address) {
    Set<IpAddress> addresses = new LinkedHashSet<>();
    addresses.add(IpAddress.parse("127.0.0.1"));
    addresses.add(IpAddress.parse("::1"));
    IpAddress bound = IpAddress.of(address.getAddress());
    if (!bound.isUnspecified()) {
      addresses.add(bound);
    }
    return authority.issueServer(Set.of("localhost"), addresses);
  }

  public URI apiUri() {
    return api.uri();
  }

  /** Where agents are served. */
  public InetSocketAddress syncAddress() {
    return sync.address();
  }

  public StatusSource status() {
    return loop;
  }

  /** Ends streams and requests, writes what agents reported, and removes the ready file. */
  @Override
  public void close() {
    files.removeReady();
    api.close();
    sync.close();
    loop.close();
    telling.close();
  }
}
