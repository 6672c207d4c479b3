package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.KindHealth.State;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one kind of the mirror as the server has it: lists once, watches from there, and goes on
 * after a break where it was. Only when the server has forgotten where that is (410) does it list
 * again, and then the mirror sees the difference.
 *
 * <p>One thread calls {@link #round} again and again; any thread may ask for the health.
 */
final class Reflector {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  /** A watch that the server ends sooner than this is not begun anew at once. */
  private static final Duration SHORT_WATCH = Duration.ofSeconds(1);

  /** So many watches in a row without a word, and the place from which they start is in doubt. */
  private static final int SILENCES_BEFORE_LIST = 2;

  private final ApiServer server;
  private final MirroredKind kind;
  private final Mirror mirror;
  private final Settings settings;
  private final InstantSource clock;
  private final Backoff backoff;

  private String version;
  private boolean listNext = true;

  /** The resourceVersion from which to watch. */
  private String position = "";

  /** The latest resourceVersion seen, by which a server that went back in time is known. */
  private long latest;

  private int silences;
  private int expired;
  private @Nullable Instant absentSince;
  private volatile KindHealth health;

  /** Up to which resourceVersion the mirror has everything of the kind; 0 if it has not listed. */
  private volatile long complete;

  Reflector(
      ApiServer server,
      MirroredKind kind,
      Mirror mirror,
      Settings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.server = server;
    this.kind = kind;
    this.mirror = mirror;
    this.settings = settings;
    this.clock = clock;
    this.backoff = new Backoff(random);
    this.version = kind.versions().getFirst();
    this.health = new KindHealth(kind.name(), State.STARTING, clock.instant(), "");
  }

  /** How well this kind is followed. */
  KindHealth health() {
    return health;
  }

  /** Up to which resourceVersion the mirror has everything of the kind; 0 if it has nothing. */
  long complete() {
    return complete;
  }

  /**
   * Lists if need be and follows a watch until it ends.
   *
   * @return how long to wait before the next round
   */
  Duration round() throws InterruptedException {
    try {
      if (listNext) {
        list();
      }
      Instant began = clock.instant();
      follow();
      boolean wasShort = Duration.between(began, clock.instant()).compareTo(SHORT_WATCH) < 0;
      return wasShort ? backoff.jittered(SHORT_WATCH) : Duration.ZERO;
    } catch (ApiException e) {
      return after(e);
    } catch (RuntimeException e) {
      LOG.error("following {} failed; it is listed anew", kind.name(), e);
      listNext = true;
      trouble(String.valueOf(e.getMessage()));
      return backoff.next();
    }
  }

  private Duration after(ApiException failure) {
    if (failure.isExpired()) {
      LOG.info("the server has forgotten revision {} of {}: listing", position, kind.name());
      listNext = true;
      expired++;
      return expired > 1 ? backoff.next() : Duration.ZERO;
    }
    if (failure.isNotFound()) {
      return absent(failure);
    }
    if (failure.isSilent()) {
      silences++;
      listNext = silences >= SILENCES_BEFORE_LIST;
      return backoff.jittered(SHORT_WATCH);
    }
    trouble(
        failure.isForbidden()
            ? failure.getMessage() + "; the account needs list and watch of it, cluster-wide"
            : failure.getMessage());
    return failure.pauseOfAtLeast(backoff.next());
  }

  /**
   * A server that is starting says for a while that it does not know a kind; its objects must not
   * go for that.
   */
  private Duration absent(ApiException failure) {
    listNext = true;
    Instant now = clock.instant();
    if (absentSince == null) {
      absentSince = now;
    }
    int kept = mirror.count(kind.name());
    Instant end = absentSince.plus(settings.absence());
    if (kept > 0 && now.isBefore(end)) {
      trouble("%s; its %d objects are kept until %s".formatted(failure.getMessage(), kept, end));
      return backoff.next();
    }
    if (health.state() != State.ABSENT) {
      LOG.warn("{}; it counts as empty, and is looked for again", failure.getMessage());
      mirror.abandon(kind.name());
      health = new KindHealth(kind.name(), State.ABSENT, now, String.valueOf(failure.getMessage()));
    }
    return backoff.jittered(settings.absentRetry());
  }

  private void trouble(@Nullable String problem) {
    KindHealth before = health;
    boolean more = before.state() == State.STARTING || before.state() == State.BEHIND;
    if (!more || before.problem().isEmpty()) {
      LOG.warn("{} is behind: {}", kind.name(), problem);
    }
    health =
        new KindHealth(
            kind.name(),
            before.state() == State.STARTING ? State.STARTING : State.BEHIND,
            more ? before.since() : clock.instant(),
            String.valueOf(problem));
  }

  private void well() {
    if (health.state() != State.CURRENT) {
      LOG.info("{} is current, at {}", kind.name(), position);
      health = new KindHealth(kind.name(), State.CURRENT, clock.instant(), "");
    }
    absentSince = null;
    backoff.reset();
  }

  private void list() throws ApiException, InterruptedException {
    List<ServerObject> objects = new ArrayList<>();
    ObjectNode last;
    try {
      last = listPages(objects);
    } catch (ApiException e) {
      if (!e.isExpired()) {
        throw e;
      }
      // The list took so long that its later pages are gone: all in one answer, then.
      objects.clear();
      last = server.get(kind.path(version));
      take(last, objects);
    }
    JsonNode resourceVersion = last.path("metadata").path("resourceVersion");
    long listed = ServerObject.version(resourceVersion);
    if (listed < latest) {
      LOG.warn(
          "the server went back from revision {} to {}: {} is taken as it is now",
          latest,
          listed,
          kind.name());
      mirror.restore(kind.name(), objects);
    } else {
      mirror.replace(kind.name(), objects, listed);
    }
    latest = listed;
    complete = listed;
    position = resourceVersion.asText();
    listNext = false;
    silences = 0;
    well();
  }

  private ObjectNode listPages(List<ServerObject> objects)
      throws ApiException, InterruptedException {
    ObjectNode page = firstPage();
    take(page, objects);
    String token = page.path("metadata").path("continue").asText();
    while (!token.isEmpty()) {
      page =
          server.get(pagePath() + "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
      take(page, objects);
      token = page.path("metadata").path("continue").asText();
    }
    return page;
  }

  /** Finds the best version that the server has. */
  private ObjectNode firstPage() throws ApiException, InterruptedException {
    for (String each : kind.versions()) {
      try {
        version = each;
        return server.get(pagePath());
      } catch (ApiException e) {
        if (!e.isNotFound() || each.equals(kind.versions().getLast())) {
          throw e;
        }
      }
    }
    throw new IllegalStateException("no version of " + kind.name());
  }

  private String pagePath() {
    return kind.path(version) + "?limit=" + settings.pageObjects();
  }

  private void take(ObjectNode page, List<ServerObject> into) {
    for (JsonNode item : page.path("items")) {
      if (item instanceof ObjectNode object) {
        into.add(ServerObject.of(kind, version, object));
      }
    }
  }

  private void follow() throws ApiException, InterruptedException {
    String path =
        "%s?watch=true&allowWatchBookmarks=true&resourceVersion=%s&timeoutSeconds=%d"
            .formatted(
                kind.path(version),
                position,
                settings.watchTime().plus(backoff.jittered(settings.watchTime())).toSeconds());
    try (ApiServer.Stream stream = server.stream(path)) {
      well();
      while (true) {
        Optional<String> line = stream.next(settings.silence());
        if (line.isEmpty()) {
          return;
        }
        silences = 0;
        tell(path, line.get());
      }
    }
  }

  private void tell(String path, String line) throws ApiException {
    JsonNode message;
    try {
      message = Trees.parse(line);
    } catch (JsonProcessingException e) {
      throw new ApiException("GET " + path, e);
    }
    if (!(message.path("object") instanceof ObjectNode object)) {
      throw new ApiException("GET " + path, 0, "Unreadable", "an event without an object");
    }
    String type = message.path("type").asText();
    JsonNode resourceVersion = object.path("metadata").path("resourceVersion");
    switch (type) {
      case "ADDED", "MODIFIED" -> mirror.enter(ServerObject.of(kind, version, object));
      case "DELETED" -> {
        ServerObject last = ServerObject.of(kind, version, object);
        mirror.leave(last.key(), last.uid());
      }
      case "BOOKMARK" -> LOG.trace("{} is complete to {}", kind.name(), resourceVersion);
      default -> throw Trees.refusal("GET " + path, object);
    }
    expired = 0;
    position = resourceVersion.asText();
    latest = Math.max(latest, ServerObject.version(resourceVersion));
    complete = latest;
  }
}
