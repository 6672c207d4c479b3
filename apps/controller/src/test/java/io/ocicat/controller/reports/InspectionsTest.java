package io.ocicat.controller.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.reports.Inspections.Standing;
import io.ocicat.model.Metadata;
import io.ocicat.model.PolicyInspection;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionsTest {

  private static PolicyInspection inspection(String name) {
    Metadata metadata = new Metadata(name, "", "uid-" + name, Labels.EMPTY, Map.of(), "");
    return new PolicyInspection(metadata, List.of(), List.of(), false);
  }

  @Test
  void theyExpire() {
    Inspections inspections = new Inspections();
    inspections.put(inspection("a"), List.of("n1"), 0);
    inspections.put(inspection("b"), List.of("n1"), 1000);
    assertThat(inspections.expired(Inspections.KEPT.toNanos() - 1)).isEmpty();
    assertThat(inspections.expired(Inspections.KEPT.toNanos()))
        .extracting(Standing::name)
        .containsExactly("a");
    assertThat(inspections.drain()).extracting(Standing::name).containsExactly("b");
    assertThat(inspections.isChanged()).isFalse();
  }

  @Test
  void withoutNodesThereIsNobodyToWaitFor() {
    Inspections inspections = new Inspections();
    inspections.put(inspection("a"), List.of(), 0);
    assertThat(inspections.drain()).allMatch(Standing::isComplete).hasSize(1);
    inspections.put(inspection("b"), List.of("n1"), 0);
    inspections.remove("b");
    assertThat(inspections.drain()).isEmpty();
  }
}
