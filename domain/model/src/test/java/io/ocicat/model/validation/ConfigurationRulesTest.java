package io.ocicat.model.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.WithoutEffect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationRulesTest {

  private static Report check(ResourceKind kind, String name, String spec) {
    try {
      ObjectNode document =
          (ObjectNode)
              new JsonMapper()
                  .readTree(
                      "{'metadata':{'name':'%s'},'spec':%s}"
                          .formatted(name, spec)
                          .replace('\'', '"'));
      return Validator.check(kind, document, ValidationContext.creating());
    } catch (IOException e) {
      throw new UncheckedIOException(spec, e);
    }
  }

  @Test
  void saysOfEveryFieldThatIsNotHonouredThatItHasNoEffect() {
    for (String field : WithoutEffect.FELIX) {
      Report report = check(Kinds.FELIX_CONFIGURATION, "default", "{'%s':'x'}".formatted(field));
      assertThat(report.problems()).isEmpty();
      assertThat(report.unknownFields()).isEmpty();
      assertThat(report.warnings())
          .containsExactly("spec." + field + ": accepted, and has no effect");
    }
    assertThat(
            check(
                    Kinds.KUBE_CONTROLLERS_CONFIGURATION,
                    "default",
                    "{'controllers':{'node':{'syncLabels':'Enabled','hostEndpoint':{'autoCreate':'Enabled','templates':[]}},'policy':{}}}")
                .warnings())
        .containsExactly(
            "spec.controllers.policy: accepted, and has no effect",
            "spec.controllers.node.syncLabels: accepted, and has no effect",
            "spec.controllers.node.hostEndpoint.templates: accepted, and has no effect");
  }

  @Test
  void saysNothingOfWhatIsHonoured() {
    Report report =
        check(
            Kinds.FELIX_CONFIGURATION,
            "node.a",
            "{'failsafeInboundHostPorts':[{'port':22}],'failsafeOutboundHostPorts':[],'defaultEndpointToHostAction':'Drop'}");
    assertThat(report.problems()).isEmpty();
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void tellsAFieldThatNobodyKnows() {
    assertThat(
            check(Kinds.FELIX_CONFIGURATION, "default", "{'failsafeHostPorts':[]}").unknownFields())
        .extracting(UnknownField::path)
        .isEqualTo(List.of("spec.failsafeHostPorts"));
  }

  @Test
  void saysThatOtherNamesHaveNoEffect() {
    assertThat(check(Kinds.FELIX_CONFIGURATION, "mine", "{}").warnings())
        .containsExactly("metadata.name: has no effect: only default and node.NAME are honoured");
    assertThat(check(Kinds.KUBE_CONTROLLERS_CONFIGURATION, "mine", "{}").warnings())
        .containsExactly("metadata.name: has no effect: only default is honoured");
  }
}
