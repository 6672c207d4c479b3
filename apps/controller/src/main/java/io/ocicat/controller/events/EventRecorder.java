package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people by Events (core/v1) what is wrong with an object.
 *
 * <p>Of one object and reason there is one Event: what comes again counts it up and has its message
 * replaced, at most every {@link #AGAIN}. An object gets {@link #BURST} writes, and one more every
 * five minutes, as with Kubernetes' own recorders. What does not fit, or cannot be written, is left
 * out: the same is in the log, and trouble that lasts is told again.
 */
public final class EventRecorder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  /** What the Events say that they come from. */
  static final String COMPONENT = "ocicat-controller";

  private static final int MOST_WAITING = 1000;
  private static final int MOST_REMEMBERED = 4096;
  private static final int MOST_CHARACTERS = 1000;

  static final int BURST = 25;
  private static final long REFILL_NS = TimeUnit.MINUTES.toNanos(5);

  /** How often an Event is counted up. */
  static final Duration AGAIN = Duration.ofSeconds(10);

  /** API servers forget Events after an hour; one counted up later would not be found. */
  private static final long FORGET_NS = TimeUnit.MINUTES.toNanos(50);

  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private record Happening(ObjectReference object, String reason, String message) {}

  private record Key(ObjectReference object, String reason) {}

  private static final class Told {
    private String name = "";
    private long count;
    private long writtenAtNs;
  }

  private final EventSink sink;
  private final DocumentStamp stamp;
  private final String instance;
  private final LongSupplier nowNs;
  private final ArrayBlockingQueue<Happening> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean stopped;

  // What follows belongs to the thread.
  private final Map<Key, Told> told = remembering();
  private final Map<ObjectReference, Long> wholeAtNs = remembering();

  private EventRecorder(EventSink sink, DocumentStamp stamp, String instance, LongSupplier nowNs) {
    this.sink = sink;
    this.stamp = stamp;
    this.instance = instance;
    this.nowNs = nowNs;
    this.thread = Thread.ofPlatform().name("events").unstarted(this::run);
  }

  private static <K, V> Map<K, V> remembering() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MOST_REMEMBERED;
      }
    };
  }

  /**
   * Begins.
   *
   * @param instance the pod of this controller
   */
  public static EventRecorder start(
      EventSink sink, DocumentStamp stamp, String instance, LongSupplier nowNs) {
    EventRecorder recorder = new EventRecorder(sink, stamp, instance, nowNs);
    recorder.thread.start();
    return recorder;
  }

  /** Something is wrong with an object. Never blocks. */
  public void warn(ObjectReference object, String reason, String message) {
    if (!waiting.offer(new Happening(object, reason, message))) {
      LOG.debug("no room to tell {} of {}: {}", object, reason, message);
    }
  }

  private void run() {
    try {
      while (!stopped) {
        Happening next = waiting.take();
        try {
          if (tell(next)) {
            Thread.sleep(BETWEEN);
          }
        } catch (EventSink.EventException e) {
          LOG.warn("no Event of {} {}: {}", next.object(), next.reason(), e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("no further Events");
    }
  }

  /** Whether it was written. */
  private boolean tell(Happening happening) throws InterruptedException {
    long now = nowNs.getAsLong();
    Told known =
        told.computeIfAbsent(new Key(happening.object(), happening.reason()), _ -> new Told());
    known.count++;
    boolean again = !known.name.isEmpty() && now - known.writtenAtNs < FORGET_NS;
    if (again && now - known.writtenAtNs < AGAIN.toNanos()) {
      return false;
    }
    if (!hasRoom(happening.object(), now)) {
      LOG.debug("too much is told of {}", happening.object());
      return false;
    }
    known.writtenAtNs = now;
    if (!again || !countUp(happening, known)) {
      create(happening, known);
    }
    return true;
  }

  private boolean hasRoom(ObjectReference object, long now) {
    long from = Math.max(wholeAtNs.getOrDefault(object, now), now);
    if (from - now > (BURST - 1) * REFILL_NS) {
      return false;
    }
    wholeAtNs.put(object, from + REFILL_NS);
    return true;
  }

  private boolean countUp(Happening happening, Told known) throws InterruptedException {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .put("count", known.count)
        .put("lastTimestamp", stamp.now())
        .put("message", cut(happening.message()));
    return sink.patch(happening.object().eventNamespace(), known.name, patch)
        == EventSink.Outcome.DONE;
  }

  private void create(Happening happening, Told known) throws InterruptedException {
    ObjectReference object = happening.object();
    known.count = 1;
    known.name = "%s.%016x".formatted(object.name(), stamp.unique());
    ObjectNode event = object.event(known.name);
    String at = stamp.now();
    event
        .put("type", "Warning")
        .put("reason", happening.reason())
        .put("message", cut(happening.message()))
        .put("count", known.count)
        .put("firstTimestamp", at)
        .put("lastTimestamp", at)
        .put("reportingComponent", COMPONENT)
        .put("reportingInstance", instance);
    event.putObject("source").put("component", COMPONENT);
    try {
      EventSink.Outcome outcome = sink.create(event);
      // The namespace, and with it the object, may be gone.
      known.name = outcome == EventSink.Outcome.DONE ? known.name : "";
    } catch (EventSink.EventException e) {
      known.name = "";
      throw e;
    }
  }

  private static String cut(String message) {
    return message.length() <= MOST_CHARACTERS
        ? message
        : message.substring(0, MOST_CHARACTERS) + "…";
  }

  /** Ends; what waits is left out. */
  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("an Event was still being written after {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
