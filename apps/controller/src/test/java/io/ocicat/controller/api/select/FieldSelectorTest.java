package io.ocicat.controller.api.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class FieldSelectorTest {

  private final ObjectNode pod = JsonNodeFactory.instance.objectNode();

  FieldSelectorTest() {
    pod.putObject("metadata").put("name", "web");
    pod.putObject("spec").put("nodeName", "node-1");
  }

  private boolean matches(String selector) {
    return FieldSelector.parse(selector).matches(pod);
  }

  @Test
  void selectsByEqualityAndInequality() {
    assertThat(matches("")).isTrue();
    assertThat(matches("metadata.name=web")).isTrue();
    assertThat(matches("metadata.name==web,spec.nodeName=node-1")).isTrue();
    assertThat(matches("metadata.name=web,spec.nodeName!=node-1")).isFalse();
    assertThat(matches("metadata.name!=db")).isTrue();
  }

  @Test
  void anAbsentFieldIsEmpty() {
    assertThat(matches("status.phase=")).isTrue();
    assertThat(matches("status.phase!=Running")).isTrue();
    assertThat(matches("status.phase=Running")).isFalse();
  }

  @Test
  void readsQuotedCharacters() {
    assertThat(FieldSelector.parse("a=x\\,y\\=z").requirements())
        .containsExactly(new FieldSelector.Requirement("a", true, "x,y=z"));
  }

  @Test
  void refusesATermWithoutOperator() {
    assertThatThrownBy(() -> FieldSelector.parse("metadata.name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("metadata.name");
  }
}
