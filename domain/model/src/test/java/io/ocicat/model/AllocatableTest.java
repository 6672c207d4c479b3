package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import io.ocicat.model.Allocatable.Reason;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.validation.ValidationContext;
import io.ocicat.model.validation.Validator;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocatableTest {
  private static final IpPool ELDER = IpPool.of("elder", Cidr.parse("10.0.0.0/8"));

  @Test
  void saysWhyAPoolGivesNoAddresses() {
    assertThat(reason("{spec: {cidr: '192.168.0.0/16'}}")).isEqualTo(Reason.OK);
    assertThat(reason("{spec: {cidr: '192.168.0.0/16', disabled: true}}"))
        .isEqualTo(Reason.POOL_DISABLED);
    assertThat(reason("{spec: {cidr: '10.1.0.0/16'}}")).isEqualTo(Reason.CIDR_OVERLAP);
    assertThat(
            reason(
                "{metadata: {name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {cidr: '192.168.0.0/16'}}"))
        .isEqualTo(Reason.TERMINATING);
  }

  @Test
  void writesAConditionThatTheSchemaKnows() {
    ObjectNode document = document(Kinds.IP_POOL, "p", "{spec: {cidr: '10.1.0.0/16'}}");
    Defaults.fill(Kinds.IP_POOL, document);
    Allocatable.of(IpPool.read(document), List.of(ELDER))
        .writeInto(document, "2026-01-01T00:00:00Z");
    assertThat(Validator.check(Kinds.IP_POOL, document, ValidationContext.creating()).problems())
        .isEmpty();
    JsonNode condition = document.at("/status/conditions/0");
    assertThat(condition.path("status").asText()).isEqualTo("False");
    assertThat(condition.path("reason").asText()).isEqualTo("CIDROverlap");
    assertThat(condition.path("message").asText()).contains("elder").contains("10.0.0.0/8");
  }

  @Test
  void theTransitionIsWhenTheStatusChanged() {
    ObjectNode document = document(Kinds.IP_POOL, "p", "{spec: {cidr: '10.1.0.0/16'}}");
    new Allocatable(Reason.OK, "fine").writeInto(document, "2026-01-01T00:00:00Z");
    new Allocatable(Reason.OK, "still fine").writeInto(document, "2026-01-02T00:00:00Z");
    assertThat(document.at("/status/conditions")).hasSize(1);
    assertThat(document.at("/status/conditions/0/lastTransitionTime").asText())
        .isEqualTo("2026-01-01T00:00:00Z");
    new Allocatable(Reason.POOL_DISABLED, "off").writeInto(document, "2026-01-03T00:00:00Z");
    assertThat(document.at("/status/conditions/0/lastTransitionTime").asText())
        .isEqualTo("2026-01-03T00:00:00Z");
  }

  private static Reason reason(String rest) {
    return Allocatable.of(IpPool.read(document(Kinds.IP_POOL, "p", rest)), List.of(ELDER)).reason();
  }
}
