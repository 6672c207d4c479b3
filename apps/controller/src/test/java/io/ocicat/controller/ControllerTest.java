package io.ocicat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.kubernetes.KubernetesConfig;
import io.ocicat.store.Store;
import io.ocicat.store.sqlite.Retention;
import io.ocicat.store.sqlite.SqliteStore;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.client.TableStore;
import io.ocicat.sync.grpc.GrpcTransport;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinProof;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.NodeCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControllerTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Identity.Node NODE = new Identity.Node("n1");

  private final Path directory;
  private final ControllerConfig config;

  ControllerTest(@TempDir Path directory) {
    this.directory = directory;
    this.config = ControllerConfig.in(directory, loopback(0), loopback(0));
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private Store store() {
    return SqliteStore.open(config.store(), Retention.DEFAULT, CLOCK);
  }

  private static Controller start(ControllerConfig config, Store store) {
    return Controller.start(config, store, "test", CLOCK, RANDOM);
  }

  @Test
  void writesWhatOthersNeedToGetInAndTakesTheReadyFileAwayAtTheEnd() throws IOException {
    try (Store store = store();
        Controller controller = start(config, store)) {
      assertThat(config.ready()).content().contains(controller.apiUri().toString());
      assertThat(config.kubeconfig()).content().contains(controller.apiUri().toString());
      assertThat(Files.getPosixFilePermissions(config.kubeconfig()))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(Files.getPosixFilePermissions(config.joinToken()))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(config.ready()).doesNotExist();
  }

  @Test
  void isFoundAtTheSamePlaceWithTheSameTokenAfterARestart() throws IOException {
    URI api;
    String token;
    try (Store store = store();
        Controller controller = start(config, store)) {
      api = controller.apiUri();
      token = Files.readString(config.joinToken());
    }
    try (Store store = store();
        Controller controller = start(config, store)) {
      assertThat(controller.apiUri()).isEqualTo(api);
      assertThat(config.joinToken()).hasContent(token);
    }
  }

  @Test
  void anAgentJoinsAndIsInStepAgainAfterARestart() throws IOException {
    InetSocketAddress address;
    TestAgent agent;
    try (Store store = store();
        Controller controller = start(config, store)) {
      address = controller.syncAddress();
      JoinToken token = JoinToken.parse(Files.readString(config.joinToken()));
      JoinAnswer answer =
          GrpcTransport.join(address, JoinProof.of(token), NODE, RANDOM, Duration.ofSeconds(20));
      assertThat(answer).isInstanceOf(JoinAnswer.Joined.class);
      NodeCredentials credentials =
          NodeCredentials.store(
              directory.resolve("node"), ((JoinAnswer.Joined) answer).certificate());
      agent =
          new TestAgent(
              "n1",
              new GrpcTransport(address, credentials, CLOCK, RANDOM),
              TableStore.NONE,
              TestAgent.endpoint("c1", "default", "web-1", "10.0.0.1"));
      agent.awaitConnected();
    }
    try (TestAgent _ = agent;
        Store store = store()) {
      long revision =
          Documents.put(
              store,
              Documents.podKey("default", "web-1"),
              Documents.pod("default", "web-1", "n1", "", "", ""));
      ControllerConfig same =
          ControllerConfig.in(directory, loopback(0), loopback(address.getPort()));
      try (Controller _ = start(same, store)) {
        agent.awaitGeneration(revision);
        assertThat(agent.table.items())
            .containsKey(new ItemKey(ItemKey.Kind.POD, "default", "web-1"));
      }
    }
  }

  @Test
  void aConfigurationIsReadWithAllItsProblems() {
    assertThat(
            ControllerConfigReader.parse(
                """
                stateDir: state
                apiListen: 127.0.0.1:0
                syncListen: "[::]:7946"
                syncNetns: /var/run/netns/x
                """,
                Path.of("/etc/ocicat"),
                Map.of()))
        .isInstanceOfSatisfying(
            ControllerConfigReader.Reading.Valid.class,
            valid -> {
              assertThat(valid.config().store()).hasToString("/etc/ocicat/state/store.db");
              assertThat(valid.config().kubeconfig()).hasToString("/etc/ocicat/state/kubeconfig");
              assertThat(valid.config().syncListen().getPort()).isEqualTo(7946);
              assertThat(valid.config().syncNamespace()).contains(Path.of("/var/run/netns/x"));
            });
    assertThat(
            ControllerConfigReader.parse(
                "apiListen: nowhere\nsyncListen: 1.2.3.4:99999\nstatDir: x\n",
                Path.of("/"),
                Map.of()))
        .isInstanceOfSatisfying(
            ControllerConfigReader.Reading.Invalid.class,
            invalid -> assertThat(invalid.problems()).hasSize(3));
  }

  @Test
  void aReplicaInAClusterIsToldByItsEnvironmentWhoItIs() {
    assertThat(
            ControllerConfigReader.parse(
                """
                store: kubernetes
                healthListen: 0.0.0.0:9440
                kubernetes: {ipam: podCIDR}
                """,
                Path.of("/etc/ocicat"),
                Map.of(
                    "OCICAT_NAMESPACE", "ocicat",
                    "OCICAT_POD_NAME", "ocicat-controller-x",
                    "OCICAT_ADVERTISE", "fd00::7")))
        .isInstanceOfSatisfying(
            ControllerConfigReader.Reading.Valid.class,
            valid ->
                assertThat(valid.config().kubernetes())
                    .contains(
                        new KubernetesConfig(
                            Optional.empty(),
                            "ocicat",
                            "ocicat-controller-x",
                            "[fd00::7]:7946",
                            "ocicat-agent",
                            ClusterSide.Blocks.POD_CIDRS)));
    assertThat(
            ControllerConfigReader.parse(
                "store: kubernetes\nkubernetes: {ipam: dhcp, name: x}\n", Path.of("/"), Map.of()))
        .isInstanceOfSatisfying(
            ControllerConfigReader.Reading.Invalid.class,
            invalid -> assertThat(invalid.problems()).hasSize(5));
  }
}
