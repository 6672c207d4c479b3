package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.Service;
import io.ocicat.store.Expected;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import io.ocicat.store.Written;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.store.kubernetes.KindHealth.State;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the contract does not ask for, on a real API server. */
@Timeout(120)
@ExtendWith(NeedsApiServer.class)
class KubernetesStoreIT {
  private static final Settings IMPATIENT =
      new Settings(
          2,
          1000,
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofMillis(200));

  private static RealApiServer server;
  private static TestCluster cluster;

  @BeforeAll
  static void connect() throws Exception {
    server = RealApiServer.shared();
    cluster = new TestCluster(server);
    cluster.namespace("shop");
  }

  @AfterAll
  static void disconnect() {
    cluster.close();
  }

  @Test
  void mirrorsWhatPolicyAndRoutingUse() throws Exception {
    try (KubernetesStore store =
        cluster.open(Settings.DEFAULT, MirroredKind.all().toArray(MirroredKind[]::new))) {
      assertThat(store.get(ResourceKey.ofCluster(Kinds.NAMESPACE.name(), "shop"))).isPresent();
      create("/api/v1/nodes", "v1", "Node", "", "n1", "{}");
      create(
          "/api/v1/namespaces/shop/pods",
          "v1",
          "Pod",
          "shop",
          "web",
          """
          {"spec": {"nodeName": "n1", "containers": [{"name": "c", "image": "i",
            "ports": [{"name": "http", "containerPort": 80}]}]}}
          """);
      create(
          "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
          "networking.k8s.io/v1",
          "NetworkPolicy",
          "shop",
          "deny",
          "{\"spec\": {\"podSelector\": {}}}");
      StoredObject pod = awaited(store, new ResourceKey(Kinds.POD.name(), "shop", "web"));
      assertThat(pod.tree().at("/spec/containers/0/ports/0/name").asText()).isEqualTo("http");
      assertThat(pod.tree().at("/spec/containers/0/image").isMissingNode()).isTrue();
      awaited(store, new ResourceKey(Kinds.NETWORK_POLICY.name(), "shop", "deny"));
      assertThat(health(store, Kinds.IP_POOL.name()).state()).isEqualTo(State.ABSENT);
    }
  }

  @Test
  void aKindThatIsRefusedIsReportedAndHoldsUpNoOther() throws Exception {
    create("/api/v1/namespaces/shop/serviceaccounts", "v1", "ServiceAccount", "shop", "half", "{}");
    create(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "rbac.authorization.k8s.io/v1",
        "ClusterRole",
        "",
        "half",
        """
        {"rules": [{"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list", "watch"]}]}
        """);
    create(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        "",
        "half",
        """
        {"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "half"},
         "subjects": [{"kind": "ServiceAccount", "namespace": "shop", "name": "half"}]}
        """);
    String token =
        cluster
            .admin()
            .send(
                Verb.POST,
                "/api/v1/namespaces/shop/serviceaccounts/half/token",
                TestCluster.object("authentication.k8s.io/v1", "TokenRequest", "", "half"))
            .at("/status/token")
            .asText();
    try (KubernetesStore store =
        cluster.openUnstarted(
            token,
            IMPATIENT,
            MirroredKind.of(Kinds.NAMESPACE),
            MirroredKind.of(Kinds.SERVICE_ACCOUNT))) {
      TestCluster.await(() -> store.isStarted(Set.of(Kinds.NAMESPACE.name())));
      TestCluster.await(
          () -> health(store, Kinds.SERVICE_ACCOUNT.name()).problem().contains("403"));
      assertThat(health(store, Kinds.SERVICE_ACCOUNT.name()).problem())
          .contains("the account needs list and watch of it");
      assertThat(store.isStarted()).isFalse();
      cluster.namespace("later");
      awaited(store, ResourceKey.ofCluster(Kinds.NAMESPACE.name(), "later"));
    }
  }

  @Test
  void mirrorsServicesAndTheirEndpointsForWhoAsksForThem() throws Exception {
    create(
        "/api/v1/namespaces/shop/services",
        "v1",
        "Service",
        "shop",
        "web",
        """
        {"spec": {"selector": {"app": "web"}, "externalIPs": ["192.0.2.80"],
          "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}}
        """);
    create(
        "/apis/discovery.k8s.io/v1beta1/namespaces/shop/endpointslices",
        "discovery.k8s.io/v1beta1",
        "EndpointSlice",
        "shop",
        "web-1",
        """
        {"addressType": "IPv4", "ports": [{"name": "http", "port": 8080}],
         "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": true},
           "topology": {"kubernetes.io/hostname": "n1", "topology.kubernetes.io/zone": "a"},
           "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-0"}}]}
        """);
    ResourceKey serviceKey = new ResourceKey(Kinds.SERVICE.name(), "shop", "web");
    ResourceKey sliceKey = new ResourceKey(Kinds.ENDPOINT_SLICE.name(), "shop", "web-1");
    try (KubernetesStore store =
        cluster.open(Settings.DEFAULT, MirroredKind.all().toArray(MirroredKind[]::new))) {
      Service service = Service.read(awaited(store, serviceKey).tree());
      assertThat(service.type()).isEqualTo(Service.Type.CLUSTER_IP);
      assertThat(service.clusterAddresses()).hasSize(1);
      assertThat(service.externalAddresses()).containsExactly(IpAddress.parse("192.0.2.80"));
      StoredObject slice = awaited(store, sliceKey);
      assertThat(slice.tree().path("apiVersion").asText()).isEqualTo("discovery.k8s.io/v1beta1");
      assertThat(EndpointSlice.read(slice.tree()).endpoints())
          .containsExactly(
              new EndpointSlice.Endpoint(
                  List.of(IpAddress.parse("10.0.0.1")), true, true, false, "n1", "web-0"));
      assertThat(slice.tree().at("/endpoints/0/topology")).hasSize(1);
    }
    MirroredKind[] others =
        MirroredKind.all().stream()
            .filter(kind -> !kind.name().equals(Kinds.SERVICE.name()))
            .toArray(MirroredKind[]::new);
    try (KubernetesStore store = cluster.open(Settings.DEFAULT, others)) {
      StoredObject _ = awaited(store, sliceKey);
      assertThat(store.get(serviceKey)).as("nobody asked").isEmpty();
    }
  }

  @Test
  void aNodesHeartbeatIsNoEventButItsAddressIs() throws Exception {
    create("/api/v1/nodes", "v1", "Node", "", "n2", "{}");
    ResourceKey key = ResourceKey.ofCluster(Kinds.NODE.name(), "n2");
    try (KubernetesStore store = cluster.open(Settings.DEFAULT, MirroredKind.of(Kinds.NODE))) {
      awaited(store, key);
      nodeStatus("{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");
      TestCluster.await(
          () -> store.get(key).orElseThrow().tree().at("/status/conditions/0").has("status"));
      long before = store.currentRevision();
      nodeStatus(
          "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":\"2026-01-01T00:00:00Z\"}]}");
      nodeStatus("{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"192.0.2.1\"}]}");
      TestCluster.await(() -> store.get(key).orElseThrow().json().contains("192.0.2.1"));
      assertThat(store.currentRevision()).isEqualTo(before + 1);
    }
  }

  private static void nodeStatus(String status) throws Exception {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.set("status", Trees.parse(status));
    cluster.admin().send(Verb.MERGE_PATCH, "/api/v1/nodes/n2/status", patch);
  }

  @Test
  void findsAKindWhenItIsDefinedAndLetsGoOfItWhenItStaysAway() throws Exception {
    MirroredKind kind = TestCluster.anything("coming.ocicat.test", "guests", "Guest", false);
    ResourceKey key = ResourceKey.ofCluster(kind.name(), "one");
    try (KubernetesStore store = cluster.open(IMPATIENT, kind)) {
      assertThat(health(store, kind.name()).state()).isEqualTo(State.ABSENT);
      cluster.define(kind);
      TestCluster.await(() -> health(store, kind.name()).state() == State.CURRENT);
      store.create(key, TestCluster.tree(Map.of("v", "1")));
      cluster.undefine(kind);
      TestCluster.await(() -> health(store, kind.name()).state() == State.ABSENT);
      assertThat(store.get(key)).isEmpty();
    }
  }

  @Test
  void writesTheStatusApartFromTheRest() throws Exception {
    MirroredKind plain = TestCluster.anything("status.ocicat.test", "jobs", "Job", true);
    MirroredKind kind =
        new MirroredKind(
            plain.name(), plain.versions(), plain.kind(), true, true, Projection.WHOLE);
    cluster.define(kind);
    ResourceKey key = new ResourceKey(kind.name(), "shop", "one");
    try (KubernetesStore store = cluster.open(IMPATIENT, kind)) {
      store.create(key, tree("{\"spec\":{\"n\":1},\"status\":{\"seen\":1}}"));
      assertThat(onServer(kind, key).at("/status/seen").asInt()).isEqualTo(1);
      ObjectNode next = store.get(key).orElseThrow().tree();
      next.withObject("/spec").put("n", 2);
      next.withObject("/status").put("seen", 2);
      Written written =
          (Written)
              store.update(key, next, Expected.revision(store.get(key).orElseThrow().revision()));
      assertThat(onServer(kind, key).at("/status/seen").asInt()).isEqualTo(2);
      assertThat(onServer(kind, key).at("/spec/n").asInt()).isEqualTo(2);
      assertThat(written.object().tree().at("/metadata/generation").asInt()).isEqualTo(2);
    }
  }

  @Test
  void whatFinalizersHoldGoesWhenTheyLetGo() throws Exception {
    MirroredKind kind = TestCluster.anything("held.ocicat.test", "locks", "Lock", true);
    cluster.define(kind);
    ResourceKey key = new ResourceKey(kind.name(), "shop", "one");
    try (KubernetesStore store = cluster.open(IMPATIENT, kind)) {
      store.create(key, tree("{\"metadata\":{\"finalizers\":[\"ocicat.test/hold\"]}}"));
      store.delete(key, Expected.any());
      ObjectNode marked = store.get(key).orElseThrow().tree();
      assertThat(marked.at("/metadata/deletionTimestamp").asText()).isNotEmpty();
      marked.withObject("/metadata").remove("finalizers");
      store.update(key, marked, Expected.any());
      TestCluster.await(() -> store.get(key).isEmpty());
    }
  }

  @Test
  void aNamespaceThatIsDeletedStaysUntilItIsEmpty() throws Exception {
    ResourceKey key = ResourceKey.ofCluster(Kinds.NAMESPACE.name(), "leaving");
    try (KubernetesStore store = cluster.open(IMPATIENT, MirroredKind.of(Kinds.NAMESPACE))) {
      store.create(key, tree("{}"));
      Written marked = (Written) store.delete(key, Expected.any());
      assertThat(marked.object().tree().at("/status/phase").asText()).isEqualTo("Terminating");
      assertThat(store.get(key)).isPresent();
    }
  }

  @Test
  void aRefusedWriteSaysWhatTheServerSaid() throws Exception {
    try (KubernetesStore store = cluster.open(IMPATIENT, MirroredKind.of(Kinds.NETWORK_POLICY))) {
      KindName kind = Kinds.NETWORK_POLICY.name();
      assertThatThrownBy(
              () ->
                  store.create(
                      new ResourceKey(kind, "nowhere", "p"),
                      tree("{\"spec\":{\"podSelector\":{}}}")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("namespaces \"nowhere\" not found");
      assertThatThrownBy(
              () ->
                  store.create(
                      new ResourceKey(kind, "shop", "p"),
                      tree("{\"spec\":{\"podSelector\":{},\"policyTypes\":[\"Sideways\"]}}")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Sideways");
    }
  }

  @Test
  void aStrangerLearnsWhyNothingStarts() throws Exception {
    try (KubernetesStore store =
        cluster.openUnstarted("no-token", IMPATIENT, MirroredKind.of(Kinds.NODE))) {
      assertThat(store.awaitStarted(Duration.ofSeconds(1))).isFalse();
      TestCluster.await(() -> store.health().getFirst().problem().contains("401"));
      assertThat(store.snapshot(Selection.all()).objects()).isEmpty();
    }
  }

  @Test
  void anOutageStopsWritesAndNothingElse() throws Exception {
    MirroredKind kind = TestCluster.anything("outage.ocicat.test", "lamps", "Lamp", true);
    cluster.define(kind);
    ResourceKey key = new ResourceKey(kind.name(), "shop", "one");
    try (KubernetesStore store = cluster.open(Settings.DEFAULT, kind);
        Watch watch = store.watch(Selection.all(), store.currentRevision())) {
      store.create(key, TestCluster.tree(Map.of("v", "1")));
      server.stopServer();
      TestCluster.await(() -> health(store, kind.name()).state() == State.BEHIND);
      assertThat(health(store, kind.name()).sentence()).contains("is behind since");
      assertThat(store.get(key)).isPresent();
      assertThatThrownBy(
              () -> store.update(key, TestCluster.tree(Map.of("v", "2")), Expected.any()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("no answer from the API server");
      server.startServer();
      store.update(key, TestCluster.tree(Map.of("v", "3")), Expected.any());
      TestCluster.await(() -> health(store, kind.name()).state() == State.CURRENT);
      cluster
          .admin()
          .send(
              Verb.POST,
              kind.collection(key),
              TestCluster.object("outage.ocicat.test/v1", "Lamp", "shop", "two"));
      List<WatchEvent> events = new ArrayList<>();
      while (events.size() < 3) {
        events.addAll(((WatchResult.Events) watch.next(TestCluster.SOON)).events());
      }
      assertThat(events)
          .satisfiesExactly(
              first -> assertThat(first).isInstanceOf(WatchEvent.Added.class),
              second -> assertThat(second).isInstanceOf(WatchEvent.Modified.class),
              third -> assertThat(third.object().key().name()).isEqualTo("two"));
      assertThat(watch.next(Duration.ofMillis(300)))
          .isEqualTo(new WatchResult.Events(List.of(), store.currentRevision()));
    }
  }

  @Test
  void aRevisionThatTheServerHasForgottenLeadsToADifference() throws Exception {
    MirroredKind kind = TestCluster.anything("forgotten.ocicat.test", "notes", "Note", true);
    cluster.define(kind);
    for (String name : List.of("changed", "gone", "same")) {
      put(kind, name, "1");
    }
    Mirror mirror = new Mirror(0, 1000);
    try (ApiServer connection = cluster.connect(server.adminToken())) {
      Reflector reflector =
          new Reflector(connection, kind, mirror, IMPATIENT, InstantSource.system(), new Random(7));
      reflector.round();
      assertThat(mirror.currentRevision()).isEqualTo(3);
      ResourceKey gone = new ResourceKey(kind.name(), "shop", "gone");
      cluster.admin().send(Verb.DELETE, kind.path(gone), JsonNodeFactory.instance.objectNode());
      ResourceKey changed = new ResourceKey(kind.name(), "shop", "changed");
      cluster
          .admin()
          .send(Verb.MERGE_PATCH, kind.path(changed), TestCluster.tree(Map.of("v", "2")));
      put(kind, "new", "1");
      server.compact();
      server.stopServer();
      server.startServer();
      TestCluster.await(
          () -> {
            reflector.round();
            return mirror.currentRevision() > 3 && reflector.health().state() == State.CURRENT;
          });
    }
    try (Watch watch = mirror.watch(Selection.all(), 3)) {
      assertThat(((WatchResult.Events) watch.next(Duration.ZERO)).events())
          .extracting(event -> event.getClass().getSimpleName() + event.object().key().name())
          .containsExactlyInAnyOrder("Deletedgone", "Modifiedchanged", "Addednew");
    }
  }

  private static void put(MirroredKind kind, String name, String value) throws Exception {
    ObjectNode object =
        TestCluster.object(kind.apiVersion("v1"), kind.kind(), "shop", name).put("v", value);
    cluster
        .admin()
        .send(Verb.POST, kind.collection(new ResourceKey(kind.name(), "shop", name)), object);
  }

  private static void create(
      String path, String apiVersion, String kind, String namespace, String name, String more)
      throws Exception {
    ObjectNode object = TestCluster.object(apiVersion, kind, namespace, name);
    object.setAll(tree(more));
    cluster.admin().send(Verb.POST, path, object);
  }

  private static StoredObject awaited(KubernetesStore store, ResourceKey key) throws Exception {
    TestCluster.await(() -> store.get(key).isPresent());
    return store.get(key).orElseThrow();
  }

  private static KindHealth health(KubernetesStore store, KindName kind) {
    return store.health().stream()
        .filter(each -> each.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static ObjectNode onServer(MirroredKind kind, ResourceKey key) throws Exception {
    return cluster.admin().get(kind.path(key));
  }

  private static ObjectNode tree(String json) throws Exception {
    return (ObjectNode) Trees.parse(json);
  }
}
