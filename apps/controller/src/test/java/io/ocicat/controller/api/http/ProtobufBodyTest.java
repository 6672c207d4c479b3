package io.ocicat.controller.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ProtobufBodyTest {

  /** What kubectl 1.32 sends for {@code create namespace foo}. */
  private static final Bytes NAMESPACE =
      Bytes.of(
          Base64.getDecoder()
              .decode("azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhsKEwoDZm9vEgAaACIAKgAyADgAQgASABoCCgAaACIA"));

  @Test
  void readsWhatKubectlSends() {
    ObjectNode expected = JsonNodeFactory.instance.objectNode();
    expected.put("apiVersion", "v1").put("kind", "Namespace");
    expected.putObject("metadata").put("name", "foo");
    assertThat(ProtobufBody.parse(NAMESPACE)).contains(expected);
  }

  @Test
  void readsNothingThatItDoesNotUnderstandInFull() {
    // An envelope around field 3, the status, with a phase in it.
    byte[] withPhase = {'k', '8', 's', 0, 0x12, 7, 0x0a, 0, 0x1a, 3, 0x0a, 1, 'A'};
    assertThat(ProtobufBody.parse(Bytes.of(withPhase))).isEmpty();
    assertThat(ProtobufBody.parse(Bytes.of("{}".getBytes(StandardCharsets.UTF_8)))).isEmpty();
    assertThat(ProtobufBody.parse(Bytes.NONE)).isEmpty();
  }

  @Test
  void survivesAnyBytes() {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261122);
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = NAMESPACE.content().clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutated[4 + random.nextInt(mutated.length - 4)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(mutated, 4 + random.nextInt(mutated.length - 3));
      assertThat(ProtobufBody.parse(Bytes.of(cut))).isNotNull();
    }
  }
}
