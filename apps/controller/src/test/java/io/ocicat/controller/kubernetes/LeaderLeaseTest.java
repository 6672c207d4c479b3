package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LeaderLeaseTest {

  /** A server that holds one Lease. */
  private static final class LeaseServer implements ApiServer {
    private @Nullable ObjectNode lease;
    private int version;
    boolean away;

    @Override
    public String location() {
      return "one lease";
    }

    @Override
    public ObjectNode call(Verb verb, String path, Optional<ObjectNode> body) throws ApiException {
      if (away) {
        throw new ApiException(path, new IOException("away"));
      }
      ObjectNode held = lease;
      if (verb == Verb.GET) {
        if (held == null) {
          throw new ApiException(path, 404, "NotFound", "");
        }
        return held.deepCopy();
      }
      ObjectNode given = body.orElseThrow().deepCopy();
      String expected = given.path("metadata").path("resourceVersion").asText();
      if (verb == Verb.POST ? held != null : !expected.equals(Integer.toString(version))) {
        throw new ApiException(path, 409, "Conflict", "");
      }
      given.withObject("/metadata").put("resourceVersion", Integer.toString(++version));
      lease = given;
      return given;
    }

    @Override
    public Stream stream(String path) {
      throw new UnsupportedOperationException(path);
    }

    @Override
    public void close() {}
  }

  private final LeaseServer server = new LeaseServer();
  private long nowNs = Duration.ofDays(1).toNanos();

  private final LeaderLease first = lease("a");
  private final LeaderLease second = lease("b");

  private LeaderLease lease(String identity) {
    return new LeaderLease(
        server,
        "ocicat",
        "ocicat-controller",
        identity,
        () -> Instant.ofEpochSecond(0, nowNs),
        () -> nowNs);
  }

  private void pass(Duration time) {
    nowNs += time.toNanos();
  }

  @Test
  void oneLeadsAndTheOtherFollowsWhenItFallsSilent() throws InterruptedException {
    assertThat(first.round()).isTrue();
    assertThat(second.round()).isFalse();
    for (int i = 0; i < 20; i++) {
      pass(LeaderLease.RETRY);
      assertThat(first.round()).isTrue();
      assertThat(second.round()).isFalse();
    }
    // The first one hangs; nobody may be able to tell it.
    pass(LeaderLease.RENEW_DEADLINE);
    assertThat(first.isHeld()).isFalse();
    assertThat(second.round()).isFalse();
    pass(LeaderLease.DURATION.minus(LeaderLease.RENEW_DEADLINE));
    assertThat(second.round()).isTrue();
    assertThat(first.isUncontested()).isTrue();
    assertThat(first.round()).isFalse();
    assertThat(first.isHeld()).isFalse();
    assertThat(first.isUncontested()).isFalse();
  }

  @Test
  void oneThatEndsIsFollowedAtOnce() throws InterruptedException {
    assertThat(first.round()).isTrue();
    assertThat(second.round()).isFalse();
    first.release();
    assertThat(first.isHeld()).isFalse();
    assertThat(second.round()).isTrue();
    second.release();
    second.release();
    assertThat(first.round()).isTrue();
  }

  @Test
  void nobodyLeadsForLongWhileTheServerIsAway() throws InterruptedException {
    assertThat(first.round()).isTrue();
    server.away = true;
    pass(LeaderLease.RETRY);
    assertThat(first.round()).isTrue();
    pass(LeaderLease.RENEW_DEADLINE);
    assertThat(first.round()).isFalse();
    assertThat(second.round()).isFalse();
    assertThat(first.isUncontested()).isTrue();
    assertThat(second.isUncontested()).isFalse();
    server.away = false;
    assertThat(first.round()).isTrue();
    assertThat(second.round()).isFalse();
  }

  @Test
  void ofTwoThatWriteAtOnceOneLeads() throws InterruptedException {
    assertThat(first.round()).isTrue();
    first.release();
    boolean a = second.round();
    boolean b = lease("c").round();
    assertThat(a).isTrue();
    assertThat(b).isFalse();
  }
}
