package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WritesTest {
  private static final MirroredKind POOLS = MirroredKind.of(Kinds.IP_POOL);
  private static final ResourceKey KEY = ResourceKey.ofCluster(POOLS.name(), "default");
  private static final String PATH = "/apis/projectcalico.org/v3/ippools";

  private final FakeApiServer server = new FakeApiServer();
  private final Mirror mirror = new Mirror(100, 1000);
  private final Writes writes =
      new Writes(server, mirror, new Retries(Duration.ofSeconds(5), new Random(7)));

  @Test
  void aCreateSaysWhichObjectItIsAndLeavesItsMetadataToTheServer() {
    server.answers(pool(7, "a", "{}"));
    ObjectNode given =
        FakeApiServer.object(
            "{\"metadata\":{\"uid\":\"mine\",\"generation\":4,\"labels\":{\"l\":\"v\"}},\"spec\":{\"cidr\":\"a\"}}");
    StoredObject created = ((Written) writes.create(POOLS, KEY, given)).object();
    assertThat(server.asked()).containsExactly("POST " + PATH);
    assertThat(server.sent())
        .containsExactly(
            FakeApiServer.object(
                "{\"metadata\":{\"labels\":{\"l\":\"v\"},\"name\":\"default\"},\"spec\":{\"cidr\":\"a\"},\"apiVersion\":\"projectcalico.org/v3\",\"kind\":\"IPPool\"}"));
    assertThat(created.revision()).isEqualTo(101);
    assertThat(created.tree().at("/metadata/uid").asText()).isEqualTo("uid-1");
    assertThat(created.tree().at("/metadata/resourceVersion").isMissingNode()).isTrue();
  }

  @Test
  void aCreateWithAStatusWritesItAfterwards() {
    server.answers(pool(7, "a", null)).answers(pool(8, "a", "{\"n\":1}"));
    ObjectNode given = FakeApiServer.object("{\"spec\":{\"cidr\":\"a\"},\"status\":{\"n\":1}}");
    StoredObject created = ((Written) writes.create(POOLS, KEY, given)).object();
    assertThat(server.asked())
        .containsExactly("POST " + PATH, "MERGE_PATCH " + PATH + "/default/status");
    assertThat(server.sent().getLast()).isEqualTo(FakeApiServer.object("{\"status\":{\"n\":1}}"));
    assertThat(created.tree().at("/status/n").asInt()).isEqualTo(1);
    assertThat(created.revision()).isEqualTo(102);
  }

  @Test
  void whatTheServerTurnedAwayUnreadIsSentAgainAndNothingElse() {
    server.refuses(429, "TooManyRequests").answers(pool(7, "a", "{}"));
    assertThat(writes.create(POOLS, KEY, FakeApiServer.object("{}"))).isInstanceOf(Written.class);
    assertThat(server.asked()).containsExactly("POST " + PATH, "POST " + PATH);
    ResourceKey other = ResourceKey.ofCluster(POOLS.name(), "other");
    server.refuses(500, "InternalError");
    assertThatThrownBy(() -> writes.create(POOLS, other, FakeApiServer.object("{}")))
        .isInstanceOf(StoreException.class);
    assertThat(server.asked()).containsExactly("POST " + PATH);
  }

  @Test
  void whatIsThereAlreadyIsFetchedWhenTheMirrorLacksIt() {
    server.refuses(409, "AlreadyExists").answers(pool(7, "a", "{}"));
    assertThat(writes.create(POOLS, KEY, FakeApiServer.object("{}")))
        .isInstanceOf(AlreadyExists.class);
    assertThat(mirror.held(KEY)).isPresent();
  }

  @Test
  void anUpdateSendsOnlyTheDifferenceOnConditionOfTheKnownVersion() {
    StoredObject held = hold(7, "a", "{\"n\":1}");
    ObjectNode next = held.tree();
    next.withObject("/spec").put("cidr", "b");
    server.answers(pool(9, "b", "{\"n\":1}"));
    writes.update(POOLS, KEY, next, Expected.revision(held.revision()));
    assertThat(server.asked()).containsExactly("MERGE_PATCH " + PATH + "/default");
    assertThat(server.sent())
        .containsExactly(
            FakeApiServer.object(
                "{\"spec\":{\"cidr\":\"b\"},\"metadata\":{\"resourceVersion\":\"7\"}}"));
  }

  @Test
  void anUpdateOfBothPartsIsTwoCalls() {
    StoredObject held = hold(7, "a", "{\"n\":1}");
    ObjectNode next = held.tree();
    next.withObject("/spec").put("cidr", "b");
    next.withObject("/status").put("n", 2);
    server.answers(pool(9, "b", "{\"n\":1}")).answers(pool(10, "b", "{\"n\":2}"));
    Object result = writes.update(POOLS, KEY, next, Expected.any());
    assertThat(server.asked())
        .containsExactly(
            "MERGE_PATCH " + PATH + "/default", "MERGE_PATCH " + PATH + "/default/status");
    assertThat(((Written) result).object().tree().at("/status/n").asInt()).isEqualTo(2);
  }

  @Test
  void whatTheServerOwnsIsNoDifference() {
    StoredObject held = hold(7, "a", "{\"n\":1}");
    ObjectNode same = held.tree();
    same.withObject("/metadata")
        .put("generation", 99)
        .put("uid", "other")
        .put("resourceVersion", "3");
    assertThat(writes.update(POOLS, KEY, same, Expected.any())).isEqualTo(new Written(held));
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void anUnconditionalUpdateIsTriedAgainOnWhatOthersWrote() {
    StoredObject held = hold(7, "a", "{}");
    ObjectNode next = held.tree();
    next.withObject("/spec").put("cidr", "c");
    server.refuses(409, "Conflict").answers(pool(8, "b", "{}")).answers(pool(9, "c", "{}"));
    assertThat(writes.update(POOLS, KEY, next, Expected.any())).isInstanceOf(Written.class);
    assertThat(server.sent().getLast().at("/metadata/resourceVersion").asText()).isEqualTo("8");
  }

  @Test
  void aConditionalUpdateThatLosesTheRaceIsAConflictWithWhatWon() {
    StoredObject held = hold(7, "a", "{}");
    ObjectNode next = held.tree();
    next.withObject("/spec").put("cidr", "c");
    server.refuses(409, "Conflict").answers(pool(8, "b", "{}"));
    Object result = writes.update(POOLS, KEY, next, Expected.revision(held.revision()));
    assertThat(((Conflict) result).current().tree().at("/spec/cidr").asText()).isEqualTo("b");
  }

  @Test
  void anUpdateOfWhatIsGoneFindsNothing() {
    StoredObject held = hold(7, "a", "{}");
    ObjectNode next = held.tree();
    next.withObject("/spec").put("cidr", "c");
    server.refuses(404, "NotFound").refuses(404, "NotFound");
    assertThat(writes.update(POOLS, KEY, next, Expected.any())).isEqualTo(new NotFound(KEY));
    assertThat(mirror.held(KEY)).isEmpty();
  }

  @Test
  void aDeleteNamesTheObjectItMeansAndTellsItsLastState() {
    StoredObject held = hold(7, "a", "{}");
    server.answers("{\"kind\":\"Status\",\"status\":\"Success\"}");
    Object result = writes.delete(POOLS, KEY, Expected.any());
    assertThat(server.sent().getFirst().path("preconditions"))
        .isEqualTo(FakeApiServer.object("{\"uid\":\"uid-1\",\"resourceVersion\":\"7\"}"));
    assertThat(((Written) result).object().json()).isEqualTo(held.json());
    assertThat(mirror.held(KEY)).isEmpty();
  }

  @Test
  void aDeleteThatFinalizersHoldUpIsAChange() {
    hold(7, "a", "{}");
    server.answers(
        "{\"kind\":\"IPPool\",\"metadata\":{\"name\":\"default\",\"uid\":\"uid-1\",\"resourceVersion\":\"8\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\",\"finalizers\":[\"f\"]}}");
    Object result = writes.delete(POOLS, KEY, Expected.any());
    assertThat(((Written) result).object().tree().at("/metadata/deletionTimestamp").asText())
        .isNotEmpty();
    assertThat(mirror.held(KEY)).isPresent();
  }

  @Test
  void aServerThatIsAwayFailsTheWriteInASentence() {
    server.isAway();
    assertThatThrownBy(() -> writes.create(POOLS, KEY, FakeApiServer.object("{}")))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "creating ippools.projectcalico.org/default in the store at fake failed: a call: no answer from the API server: away");
    assertThat(mirror.currentRevision()).isEqualTo(100);
  }

  @Test
  void aRefusalSaysWhatTheServerSaid() {
    server.refuses(422, "Invalid");
    assertThatThrownBy(() -> writes.create(POOLS, KEY, FakeApiServer.object("{}")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("422 Invalid: it was so told");
  }

  private StoredObject hold(long version, String cidr, String status) {
    ServerObject state =
        ServerObject.of(POOLS, "v3", FakeApiServer.object(pool(version, cidr, status)));
    return mirror.enter(state).orElseThrow();
  }

  private static String pool(long version, String cidr, @Nullable String status) {
    return "{\"metadata\":{\"name\":\"default\",\"uid\":\"uid-1\",\"generation\":1,\"resourceVersion\":\"%d\"},\"spec\":{\"cidr\":\"%s\"}%s}"
        .formatted(
            version,
            cidr,
            Optional.ofNullable(status).map(text -> ",\"status\":" + text).orElse(""));
  }
}
