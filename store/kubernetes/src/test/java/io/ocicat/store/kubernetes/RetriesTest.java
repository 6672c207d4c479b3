package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private final FakeApiServer server = new FakeApiServer();

  private String get(Duration patience) throws ApiException, InterruptedException {
    return new Retries(patience, new Random(7))
        .make(ApiException::isPassing, () -> server.get("/x"))
        .path("x")
        .asText();
  }

  @Test
  void outlastsAServerThatIsAwayAndThenBusy() throws Exception {
    server.isAway().refuses(429, "TooManyRequests").answers("{\"x\": \"y\"}");
    assertThat(get(Duration.ofSeconds(20))).isEqualTo("y");
  }

  @Test
  void doesNotRepeatWhatWillBeRefusedAgain() {
    server.refuses(403, "Forbidden");
    assertThatThrownBy(() -> get(Duration.ofSeconds(20))).hasMessageContaining("403 Forbidden");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void doesNotWaitBeyondItsPatience() {
    server.refuses(new ApiException("GET /x", 503, "", "", Duration.ofSeconds(30)));
    assertThatThrownBy(() -> get(Duration.ofSeconds(20))).hasMessageContaining("503");
    server.isAway();
    assertThatThrownBy(() -> get(Duration.ZERO)).hasMessageContaining("no answer");
  }
}
