package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.KindName;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import io.ocicat.store.kubernetes.KindHealth.State;
import io.ocicat.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReflectorTest {
  private static final MirroredKind SLICES =
      new MirroredKind(
          new KindName("discovery.k8s.io", "endpointslices"),
          List.of("v1", "v1beta1"),
          "EndpointSlice",
          true,
          false,
          Projection.WHOLE);
  private static final MirroredKind SERVICES =
      new MirroredKind(
          new KindName("", "services"), List.of("v1"), "Service", true, true, Projection.WHOLE);
  private static final String PATH = "/api/v1/services";
  private static final long START = 1000;

  private final FakeApiServer server = new FakeApiServer();
  private final ManualClock clock = new ManualClock();
  private final Mirror mirror = new Mirror(START, 1000);
  private Reflector reflector;
  private long seen = START;

  @BeforeEach
  void makeReflector() {
    reflector = reflector(SERVICES);
  }

  private Reflector reflector(MirroredKind kind) {
    return new Reflector(server, kind, mirror, Settings.DEFAULT, clock, new Random(7));
  }

  @Test
  void listsInPagesAndWatchesFromTheirRevision() throws Exception {
    server.answers(list(10, "next page", object("a", 3)));
    server.answers(list(10, "", object("b", 4)));
    server.streams(event("ADDED", object("c", 11)));
    assertThat(reflector.round()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(server.asked())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("GET " + PATH + "?limit=500"),
            second -> assertThat(second).isEqualTo("GET " + PATH + "?limit=500&continue=next+page"),
            third ->
                assertThat(third)
                    .startsWith("WATCH " + PATH + "?watch=true&allowWatchBookmarks=true")
                    .contains("&resourceVersion=10&"));
    assertThat(told()).containsExactly("+a", "+b", "+c");
    assertThat(reflector.health().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void goesOnAfterTheLastEventWhenAWatchBreaks() throws Exception {
    server.answers(list(10, "", object("a", 3)));
    server.breaksAfter(event("MODIFIED", object("a", 14)));
    Duration pause = reflector.round();
    assertThat(pause).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(reflector.health().state()).isEqualTo(State.BEHIND);
    server.asked();
    server.streams(event("DELETED", object("a", 15)));
    reflector.round();
    assertThat(server.asked())
        .singleElement()
        .satisfies(call -> assertThat(call).contains("WATCH", "resourceVersion=14&"));
    assertThat(told()).containsExactly("+a", "~a", "-a");
  }

  @Test
  void aBookmarkMovesThePlaceFromWhichItGoesOn() throws Exception {
    server.answers(list(10, "")).streams(event("BOOKMARK", object("", 99)));
    reflector.round();
    server.asked();
    server.streams();
    reflector.round();
    assertThat(server.asked().getFirst()).contains("resourceVersion=99&");
    assertThat(told()).isEmpty();
  }

  @Test
  void aForgottenRevisionIsListedAndTellsTheDifferenceAlone() throws Exception {
    server.answers(list(10, "", object("gone", 1), object("same", 2), object("changed", 3)));
    server.streams();
    reflector.round();
    told();
    server.refuses(410, "Expired");
    assertThat(reflector.round()).isZero();
    server.answers(list(50, "", object("same", 2), object("changed", 40), object("new", 41)));
    server.streams();
    reflector.round();
    assertThat(told()).containsExactlyInAnyOrder("-gone", "~changed", "+new");
  }

  @Test
  void aRevisionForgottenInTheMiddleOfAWatchIsListed() throws Exception {
    server.answers(list(10, "", object("a", 1)));
    server.streams(
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}");
    assertThat(reflector.round()).isZero();
    server.answers(list(11, "", object("a", 1))).refuses(410, "Expired");
    assertThat(reflector.round()).isPositive();
    assertThat(told()).containsExactly("+a");
  }

  @Test
  void listsAtOnceWhatTooManyPagesTookTooLongFor() throws Exception {
    server.answers(list(10, "more", object("a", 1))).refuses(410, "Expired");
    server.answers(list(12, "", object("a", 1), object("b", 2))).streams();
    reflector.round();
    assertThat(server.asked()).contains("GET " + PATH);
    assertThat(told()).containsExactly("+a", "+b");
  }

  @Test
  void whatIsToldTwiceHappensOnce() throws Exception {
    server.answers(list(10, "", object("a", 3)));
    server.streams(
        event("ADDED", object("a", 3)),
        event("MODIFIED", object("a", 12)),
        event("MODIFIED", object("a", 12)),
        event("DELETED", object("a", 13)),
        event("DELETED", object("a", 13)));
    reflector.round();
    assertThat(told()).containsExactly("+a", "~a", "-a");
  }

  @Test
  void anEchoOfAnOlderStateChangesNothing() throws Exception {
    server.answers(list(10, "")).streams();
    reflector.round();
    mirror.enter(written("a", 21));
    server.streams(
        event("ADDED", object("a", 20)),
        event("MODIFIED", object("a", 21)),
        event("MODIFIED", object("a", 22)));
    reflector.round();
    assertThat(told()).containsExactly("+a", "~a");
  }

  @Test
  void whatAWriteMadeWhileAListWasUnderWayStays() throws Exception {
    mirror.enter(written("a", 21));
    server.answers(list(20, "")).streams(event("ADDED", object("a", 21)));
    reflector.round();
    assertThat(told()).containsExactly("+a");
  }

  @Test
  void anObjectThatWasReplacedBetweenTwoListsIsDeletedAndAdded() throws Exception {
    server.answers(list(10, "", object("a", "one", 3))).streams();
    reflector.round();
    server.refuses(410, "Expired");
    reflector.round();
    server.answers(list(30, "", object("a", "two", 25))).streams();
    reflector.round();
    assertThat(told()).containsExactly("+a", "-a", "+a");
  }

  @Test
  void aServerRestoredFromABackupIsBelieved() throws Exception {
    server.answers(list(100, "", object("a", 90), object("b", 91))).streams();
    reflector.round();
    server.isSilent().isSilent();
    reflector.round();
    reflector.round();
    server.answers(list(50, "", object("a", 40), object("c", 41))).streams();
    reflector.round();
    assertThat(told()).containsExactly("+a", "+b", "-b", "~a", "+c");
    server.streams(event("MODIFIED", object("a", 51)));
    reflector.round();
    assertThat(told()).containsExactly("~a");
  }

  @Test
  void silenceIsAnsweredByAnotherWatchAndThenByAList() throws Exception {
    server.answers(list(10, "")).isSilent();
    reflector.round();
    server.asked();
    server.isSilent();
    reflector.round();
    assertThat(server.asked().getFirst()).startsWith("WATCH");
    server.answers(list(10, "")).streams();
    reflector.round();
    assertThat(server.asked().getFirst()).startsWith("GET");
  }

  @Test
  void waitsLongerFromFailureToFailureAndNeverExactlyAsLong() throws Exception {
    Duration before = Duration.ZERO;
    for (int failures = 1; failures <= 12; failures++) {
      server.isAway();
      Duration pause = reflector.round();
      long fullMs = Math.min(30_000, 500L << (failures - 1));
      assertThat(pause).isBetween(Duration.ofMillis(fullMs / 2), Duration.ofMillis(fullMs));
      assertThat(pause).isNotEqualTo(before);
      before = pause;
    }
    server.answers(list(10, "")).streams();
    reflector.round();
    server.isAway();
    assertThat(reflector.round()).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void tellsSinceWhenItIsBehindAndWhy() throws Exception {
    server.isAway();
    reflector.round();
    assertThat(reflector.health().state()).isEqualTo(State.STARTING);
    assertThat(reflector.health().sentence()).contains("services has not been listed", "away");
    server.answers(list(10, "")).streams();
    reflector.round();
    clock.advance(Duration.ofMinutes(5));
    Instant began = clock.instant();
    server.isAway();
    reflector.round();
    clock.advance(Duration.ofMinutes(5));
    server.refuses(403, "Forbidden");
    reflector.round();
    assertThat(reflector.health().state()).isEqualTo(State.BEHIND);
    assertThat(reflector.health().since()).isEqualTo(began);
    assertThat(reflector.health().problem()).contains("403 Forbidden");
    assertThat(mirror.count(SERVICES.name())).isZero();
  }

  @Test
  void comesBackNoSoonerThanTheServerAsked() throws Exception {
    server.refuses(new ApiException("a list", 429, "TooManyRequests", "", Duration.ofSeconds(7)));
    assertThat(reflector.round()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    server.refuses(new ApiException("a list", 503, "", "", Duration.ofDays(1)));
    assertThat(reflector.round()).isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void keepsWhatItHasWhileTheServerIsAway() throws Exception {
    server.answers(list(10, "", object("a", 3))).breaksAfter();
    reflector.round();
    for (int i = 0; i < 20; i++) {
      server.isAway();
      clock.advance(reflector.round());
    }
    assertThat(mirror.count(SERVICES.name())).isOne();
    assertThat(told()).containsExactly("+a");
  }

  @Test
  void aKindThatIsNotThereIsEmptyAndFoundWhenItComes() throws Exception {
    server.refuses(404, "NotFound");
    Duration pause = reflector.round();
    assertThat(pause).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    assertThat(reflector.health().state()).isEqualTo(State.ABSENT);
    assertThat(reflector.health().isComplete()).isTrue();
    server.answers(list(10, "", object("a", 3))).streams();
    reflector.round();
    assertThat(reflector.health().state()).isEqualTo(State.CURRENT);
    assertThat(told()).containsExactly("+a");
  }

  @Test
  void aServerThatIsStartingAndKnowsNoKindsYetTakesNothingAway() throws Exception {
    server.answers(list(10, "", object("a", 3))).streams();
    reflector.round();
    server.refuses(404, "NotFound");
    reflector.round();
    clock.advance(Duration.ofSeconds(50));
    server.refuses(404, "NotFound");
    reflector.round();
    assertThat(mirror.count(SERVICES.name())).isOne();
    assertThat(reflector.health().problem()).contains("its 1 objects are kept until");
    server.answers(list(11, "", object("a", 3))).streams();
    reflector.round();
    assertThat(told()).containsExactly("+a");
  }

  @Test
  void objectsOfAKindThatStaysAwayGoAndMayComeBack() throws Exception {
    server.answers(list(10, "", object("a", 3))).streams();
    reflector.round();
    server.refuses(404, "NotFound");
    reflector.round();
    clock.advance(Duration.ofSeconds(61));
    server.refuses(404, "NotFound");
    reflector.round();
    assertThat(reflector.health().state()).isEqualTo(State.ABSENT);
    server.answers(list(11, "", object("a", 3))).streams();
    reflector.round();
    assertThat(told()).containsExactly("+a", "-a", "+a");
  }

  @Test
  void asksForAnOlderVersionWhereTheServerLacksTheNewOne() throws Exception {
    Reflector slices = reflector(SLICES);
    server.refuses(404, "NotFound").answers(list(10, "", object("a", 3))).streams();
    slices.round();
    assertThat(server.asked())
        .anySatisfy(
            call ->
                assertThat(call).startsWith("WATCH /apis/discovery.k8s.io/v1beta1/endpointslices"));
    StoredObject held =
        mirror.held(new ResourceKey(SLICES.name(), "ns", "a")).orElseThrow().object();
    assertThat(held.tree().path("apiVersion").asText()).isEqualTo("discovery.k8s.io/v1beta1");
    assertThat(held.tree().path("kind").asText()).isEqualTo("EndpointSlice");
  }

  @Test
  void whatCannotBeReadIsAFailureAndNotTheEnd() throws Exception {
    server.answers(list(10, "")).streams("{\"type\":");
    assertThat(reflector.round()).isPositive();
    server.streams("{\"type\":\"ADDED\",\"object\":{\"metadata\":{}}}");
    assertThat(reflector.round()).isPositive();
    assertThat(reflector.health().state()).isEqualTo(State.BEHIND);
    server.answers(list(12, "", object("a", 11))).streams();
    reflector.round();
    assertThat(reflector.health().state()).isEqualTo(State.CURRENT);
    assertThat(told()).containsExactly("+a");
  }

  private static String list(long version, String token, String... items) {
    return "{\"kind\":\"ServiceList\",\"metadata\":{\"resourceVersion\":\"%d\",\"continue\":\"%s\"},\"items\":[%s]}"
        .formatted(version, token, String.join(",", items));
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}".formatted(type, object);
  }

  private static String object(String name, long version) {
    return object(name, "uid-" + name, version);
  }

  private static String object(String name, String uid, long version) {
    return "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"ns\",\"uid\":\"%s\",\"resourceVersion\":\"%d\",\"managedFields\":[{}]},\"spec\":{\"version\":%d}}"
        .formatted(name, uid, version, version);
  }

  private static ServerObject written(String name, long version) {
    return ServerObject.of(SERVICES, "v1", FakeApiServer.object(object(name, version)));
  }

  /** What readers have been told since the last call: + added, ~ modified, - deleted. */
  private List<String> told() throws InterruptedException {
    try (Watch watch = mirror.watch(Selection.all(), seen)) {
      WatchResult result = watch.next(Duration.ZERO);
      assertThat(result).isInstanceOf(WatchResult.Events.class);
      WatchResult.Events events = (WatchResult.Events) result;
      seen = events.completeTo();
      return events.events().stream().map(ReflectorTest::sign).toList();
    }
  }

  private static String sign(WatchEvent event) {
    String name = event.object().key().name();
    return switch (event) {
      case WatchEvent.Added _ -> "+" + name;
      case WatchEvent.Modified _ -> "~" + name;
      case WatchEvent.Deleted _ -> "-" + name;
    };
  }
}
