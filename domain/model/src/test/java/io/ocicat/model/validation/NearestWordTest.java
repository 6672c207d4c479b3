package io.ocicat.model.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {
  @Test
  void forgivesCapitalsAndFewLetters() {
    List<String> words = List.of("podSelector", "policyTypes", "ingress", "egress", "to");
    assertThat(NearestWord.to("podselector", words)).contains("podSelector");
    assertThat(NearestWord.to("podSelectors", words)).contains("podSelector");
    assertThat(NearestWord.to("polciyTypes", words)).contains("policyTypes");
    assertThat(NearestWord.to("ingres", words)).contains("ingress");
    assertThat(NearestWord.to("zz", words)).isEmpty();
    assertThat(NearestWord.to("selector", words)).isEmpty();
  }

  @Test
  void countsASwapOfNeighboursAsOne() {
    assertThat(NearestWord.distance("abcd", "abdc")).isEqualTo(1);
    assertThat(NearestWord.distance("", "abc")).isEqualTo(3);
    assertThat(NearestWord.distance("kitten", "sitting")).isEqualTo(3);
  }
}
