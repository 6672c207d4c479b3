package io.ocicat.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

  @Test
  void carriesInputOutputAndEnvironment() {
    String input = "hello".repeat(5_000);
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    assertThat(ChildProcess.run(Path.of("/bin/cat"), Map.of(), bytes).stdout()).isEqualTo(input);
    assertThat(ChildProcess.run(Path.of("/usr/bin/env"), Map.of("A", "1"), new byte[0]))
        .satisfies(r -> assertThat(r.stdout()).isEqualTo("A=1\n"))
        .satisfies(r -> assertThat(r.exitStatus()).isZero());
  }

  @Test
  void tellsTheExitStatus() {
    assertThat(ChildProcess.run(Path.of("/bin/false"), Map.of(), new byte[0]).exitStatus())
        .isEqualTo(1);
  }

  @Test
  void saysWhatCannotBeStarted() {
    assertThatThrownBy(() -> ChildProcess.run(Path.of("/nonexistent"), Map.of(), new byte[0]))
        .isInstanceOf(LibcException.class)
        .hasMessageContaining("/nonexistent");
  }
}
