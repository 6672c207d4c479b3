package io.ocicat.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent dies at every step of ADD and DEL: nothing leaks, no address is given twice. */
final class AgentCrashIT {

  @TempDir private Path folder;
  private AgentNode node;

  @BeforeEach
  void makeNode() throws IOException {
    node = AgentNode.withBlocks(folder, AgentNode.DUAL_STACK_BLOCKS);
  }

  @AfterEach
  void removeNode() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add-begun",
        "wire-entered",
        "wire-created",
        "wire-pod-configured",
        "wire-host-configured",
        "add-wired",
        "add-programmed",
        "add-recorded"
      })
  void survivesDeathInAdd(String point) throws Exception {
    node.start();
    List<IpAddress> staying = node.add("stays").addresses();
    node.kill();
    node.start(point);
    assertThat(node.add("victim").code()).isEqualTo(11);
    assertThat(node.awaitDeath()).as(node.log()).isEqualTo(FaultPoints.EXIT_STATUS);

    node.start();
    boolean completed = point.equals("add-recorded");
    assertHolds(completed ? List.of("stays", "victim") : List.of("stays"));
    assertThat(node.add("stays").addresses()).isEqualTo(staying);
    Set<IpAddress> given = new HashSet<>(staying);
    for (String container : List.of("a", "victim", "b")) {
      for (IpAddress address : node.add(container).addresses()) {
        assertThat(given.add(address)).as("%s is given once", address).isTrue();
      }
    }
    assertHolds(List.of("a", "b", "stays", "victim"));
    for (String container : List.of("a", "victim", "b", "stays", "victim")) {
      assertThat(node.del(container)).isEqualTo(new AgentNode.Answer(0, ""));
    }
    assertHolds(List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"del-begun", "unwire-removed", "del-unwired", "del-unprogrammed", "del-recorded"})
  void survivesDeathInDel(String point) throws Exception {
    node.start();
    List<IpAddress> staying = node.add("stays").addresses();
    List<IpAddress> leaving = node.add("victim").addresses();
    node.kill();
    node.start(point);
    assertThat(node.del("victim").code()).isEqualTo(11);
    assertThat(node.awaitDeath()).as(node.log()).isEqualTo(FaultPoints.EXIT_STATUS);

    node.start();
    assertHolds(List.of("stays"));
    assertThat(node.del("victim").status()).isZero();
    List<IpAddress> next = node.add("next").addresses();
    assertThat(next).doesNotContainAnyElementsOf(staying).doesNotContainAnyElementsOf(leaving);
    assertHolds(List.of("next", "stays"));
  }

  /** Links, routes and nftables are those of these containers and no others. */
  private void assertHolds(List<String> containers) throws InterruptedException {
    AgentNode.await(
        "nothing is left of interrupted work",
        () -> node.linkedContainers().size() == containers.size());
    assertThat(node.linkedContainers()).isEqualTo(containers);
    AgentNode.await(
        "nftables follows",
        () -> node.mappedEndpoints().equals(List.of(containers.size(), containers.size())));
    List<IpAddress> routed = new ArrayList<>(node.routedAddresses());
    assertThat(routed).hasSize(2 * containers.size()).doesNotHaveDuplicates();
  }
}
