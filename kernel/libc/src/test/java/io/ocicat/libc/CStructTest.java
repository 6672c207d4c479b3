package io.ocicat.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CStructTest {

  @Test
  void alignsFieldsAndTheWholeAsTheAbiDoes() {
    CStruct struct =
        CStruct.of("s", "s.h").u8("a").u32("b").u8("c").u64("d").bytes("e", 3, 1).build();
    assertThat(struct.offset("a")).isZero();
    assertThat(struct.offset("b")).isEqualTo(4);
    assertThat(struct.offset("c")).isEqualTo(8);
    assertThat(struct.offset("d")).isEqualTo(16);
    assertThat(struct.offset("e")).isEqualTo(24);
    assertThat(struct.sizeBytes()).isEqualTo(32);
  }

  @Test
  void refusesAFieldThatIsNotThere() {
    assertThatThrownBy(() -> CStruct.of("s", "s.h").u8("a").build().offset("b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("s has no field b");
  }
}
