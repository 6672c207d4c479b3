package io.ocicat.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckTest {

  @Test
  void passesWhatHolds() {
    Check.that(true, "unused");
    Check.that(
        true,
        () -> {
          throw new AssertionError("the message of a holding check was built");
        });
  }

  @Test
  void stopsAtWhatDoesNotHold() {
    assertThatThrownBy(() -> Check.that(false, "two owners"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("two owners");
    assertThatThrownBy(() -> Check.that(false, () -> "two " + "owners"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("two owners");
  }

  @Test
  void namesFaultPointsWithoutDyingAtOthers() {
    List<String> seen = new ArrayList<>();
    FaultPoints recording = seen::add;
    recording.hit("a");
    FaultPoints.haltingAt("elsewhere").hit("here");
    FaultPoints.haltingAt("").hit("");
    assertThat(seen).containsExactly("a");
  }
}
