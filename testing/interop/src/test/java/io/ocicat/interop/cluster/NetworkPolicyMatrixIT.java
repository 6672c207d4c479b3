package io.ocicat.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.Progress;
import io.ocicat.policy.Flow.Traffic;
import io.ocicat.policy.NetworkPolicyCases;
import io.ocicat.policy.PodName;
import io.ocicat.policy.ScenarioWorld;
import io.ocicat.testkit.Shell;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cases of Kubernetes' own tests, judged by packets between the pods of a lab. */
final class NetworkPolicyMatrixIT extends NetworkPolicyCases {

  private static final String NAME = "matrix-it";

  private static @Nullable Lab lab;
  private static Map<PodName, List<IpAddress>> addresses = Map.of();

  NetworkPolicyMatrixIT() {
    super(new LabWorld(lab(), addresses));
  }

  private static Lab lab() {
    if (lab == null) {
      throw new IllegalStateException("the lab is not up");
    }
    return lab;
  }

  @BeforeAll
  static void bringUp() {
    BuiltProgram.use();
    Lab.down(NAME);
    lab = Lab.up(new LabSpec(NAME, 3, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    addresses = LabWorld.populate(lab);
  }

  @AfterAll
  static void takeDown() {
    Lab.down(NAME);
  }

  @AfterEach
  void forget() {
    if (world instanceof LabWorld own) {
      own.close();
    }
  }

  @Test
  void printsTheMatrixOnTheCommandLine() throws JsonProcessingException {
    world.policy("x", "deny", "{podSelector: {matchLabels: {pod: 'a'}}}");
    ScenarioWorld _ = world.expect().denyTo("x/a").on(Traffic.tcp(80));
    Shell.Result printed =
        BuiltProgram.run("lab", "matrix", "--lab", NAME, "--port", "80", "-o", "json");
    JsonNode matrix = new ObjectMapper().readTree(printed.stdout());
    assertThat(matrix.path("pods"))
        .map(JsonNode::asText)
        .containsExactly("x/a", "x/b", "x/c", "y/a", "y/b", "y/c", "z/a", "z/b", "z/c");
    for (int from = 0; from < 9; from++) {
      for (int to = 0; to < 9; to++) {
        assertThat(matrix.path("rows").path(from).path(to).asBoolean())
            .as("row %d, column %d of %s", from, to, printed)
            .isEqualTo(from == 0 || to != 0);
      }
    }
  }
}
