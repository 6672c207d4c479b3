package io.ocicat.interop.cluster;

import io.ocicat.inet.IpAddress;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.Progress;
import io.ocicat.policy.CalicoPolicyCases;
import io.ocicat.policy.ClusterPolicyCases;
import io.ocicat.policy.ModelWorld;
import io.ocicat.policy.PodName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The whole model of policy, judged by packets between the pods of a lab. */
final class PolicyModelIT {

  private static final String NAME = "model-it";

  private static @Nullable Lab lab;
  private static Map<PodName, List<IpAddress>> addresses = Map.of();

  private static ModelWorld world() {
    if (lab == null) {
      throw new IllegalStateException("the lab is not up");
    }
    return new LabModel(lab, addresses);
  }

  @BeforeAll
  static void bringUp() {
    BuiltProgram.use();
    Lab.down(NAME);
    lab = Lab.up(new LabSpec(NAME, 2, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    addresses = LabModel.populate(lab);
  }

  @AfterAll
  static void takeDown() {
    Lab.down(NAME);
  }

  private static void forget(ModelWorld world) {
    if (world instanceof LabModel own) {
      own.close();
    }
  }

  /** What Calico's kinds say. */
  @Nested
  final class OfCalico extends CalicoPolicyCases {

    OfCalico() {
      super(world());
    }

    @AfterEach
    void close() {
      forget(world);
    }
  }

  /** What ClusterNetworkPolicies say. */
  @Nested
  final class OfTheCluster extends ClusterPolicyCases {

    OfTheCluster() {
      super(world());
    }

    @AfterEach
    void close() {
      forget(world);
    }
  }
}
