package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.ListOptions;
import io.ocicat.controller.api.Query;
import io.ocicat.controller.api.ResourceEvent;
import io.ocicat.controller.api.ResourceList;
import io.ocicat.controller.api.ResourceService;
import io.ocicat.controller.api.ResourceWatch;
import io.ocicat.controller.api.ResourceWatch.News;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * A watch as clients read it: one JSON object a line, each an event. It ends by itself after the
 * time that the client asked for, or after half an hour, which is also what bounds the life of a
 * watch whose client went away without a word.
 */
final class WatchStream {

  private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(30);
  private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(30);
  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  private final ResourceService resources;
  private final Query query;
  private final Presentation presentation;
  private final InstantSource clock;

  WatchStream(
      ResourceService resources, Query query, Presentation presentation, InstantSource clock) {
    this.resources = resources;
    this.query = query;
    this.presentation = presentation;
    this.clock = clock;
  }

  /**
   * Begins the watch.
   *
   * @throws ApiException 410 if history no longer reaches back to where it shall begin
   */
  Response answer(Request request) {
    String resourceVersion = request.parameter("resourceVersion");
    boolean asked = request.flag("sendInitialEvents");
    boolean initial =
        asked
            || (ResourceService.revision(resourceVersion) == 0
                && !request.query().containsKey("sendInitialEvents"));
    boolean bookmarks = request.flag("allowWatchBookmarks");
    long seconds = request.number("timeoutSeconds");
    Instant end =
        clock.instant().plus(seconds == 0 ? DEFAULT_LIFETIME : Duration.ofSeconds(seconds));
    ResourceList list =
        initial
            ? resources.list(query, new ListOptions(0, "", resourceVersion, false))
            : new ResourceList(List.of(), from(resourceVersion), "", 0);
    ResourceWatch watch = resources.watch(query, list.revision());
    return new Response.Streamed(
        MediaTypes.JSON + ";stream=watch",
        out -> {
          try (watch) {
            Stream stream = new Stream(out, list.revision());
            for (ObjectNode item : list.items()) {
              stream.event("ADDED", item);
            }
            if (asked && bookmarks) {
              stream.bookmark(true);
            }
            out.flush();
            stream.follow(watch, end, bookmarks);
          }
        });
  }

  private long from(String resourceVersion) {
    long revision = ResourceService.revision(resourceVersion);
    long from = revision == 0 ? resources.currentRevision() : revision;
    if (from < resources.compactedRevision()) {
      throw new ApiException(tooOld(resources.compactedRevision()));
    }
    return from;
  }

  private static ApiStatus tooOld(long compacted) {
    return ApiStatus.expired(
        "The resourceVersion for the provided watch is too old. (history begins after %d)"
            .formatted(compacted));
  }

  /** The stream being written. */
  private final class Stream {

    private final OutputStream out;
    private long revision;
    private boolean columnsTold;

    Stream(OutputStream out, long revision) {
      this.out = out;
      this.revision = revision;
    }

    void follow(ResourceWatch watch, Instant end, boolean bookmarks)
        throws IOException, InterruptedException {
      Instant nextBookmark = clock.instant().plus(BOOKMARK_INTERVAL);
      while (true) {
        Instant now = clock.instant();
        if (!now.isBefore(end)) {
          if (bookmarks) {
            bookmark(false);
            out.flush();
          }
          return;
        }
        if (bookmarks && !now.isBefore(nextBookmark)) {
          bookmark(false);
          out.flush();
          nextBookmark = now.plus(BOOKMARK_INTERVAL);
        }
        Instant until = bookmarks && nextBookmark.isBefore(end) ? nextBookmark : end;
        switch (watch.next(Duration.between(now, until))) {
          case News.Events(List<ResourceEvent> events, long completeTo) -> {
            for (ResourceEvent event : events) {
              event(event.type().name(), event.object());
            }
            revision = Math.max(revision, completeTo);
            out.flush();
          }
          case News.Expired(long compacted) -> {
            write("ERROR", tooOld(compacted).toJson());
            out.flush();
            return;
          }
          case News.Closed() -> {
            return;
          }
        }
      }
    }

    void event(String type, ObjectNode object) throws IOException {
      write(type, presentation.event(object, !columnsTold));
      columnsTold = true;
    }

    void bookmark(boolean initialEventsEnd) throws IOException {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.put("kind", query.kind().kind()).put("apiVersion", query.kind().apiVersion());
      ObjectNode metadata =
          object.putObject("metadata").put("resourceVersion", Long.toString(revision));
      metadata.putNull("creationTimestamp");
      if (initialEventsEnd) {
        metadata.putObject("annotations").put(INITIAL_EVENTS_END, "true");
      }
      write("BOOKMARK", presentation.event(object, !columnsTold));
    }

    private void write(String type, ObjectNode object) throws IOException {
      ObjectNode event = JsonNodeFactory.instance.objectNode();
      event.put("type", type).set("object", object);
      Bodies.json(event).writeTo(out);
      out.write('\n');
    }
  }
}
