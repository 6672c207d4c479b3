package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.AddressBook;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.inet.IpAddress;
import io.ocicat.sync.LoggedFlow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on pods what connections policy denied or logged.
 *
 * <p>What is alike is one Event, written at once and then, while it goes on, counted up once a
 * {@link #AGAIN}. Writes are bounded, too: what there are too many of waits, the latest state of
 * each, and beyond {@link #MOST_SERIES} is left out and counted. On a thread of its own.
 */
public final class FlowEvents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlowEvents.class);

  static final int MOST_WAITING = 4096;
  static final int MOST_SERIES = 4096;

  /** How often an Event is counted up. */
  static final Duration AGAIN = Duration.ofSeconds(1);

  /** Later it is another happening, with an Event of its own. API servers forget after an hour. */
  static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private static final Duration TELL_LOSS_EVERY = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /**
   * @param instance of this controller
   * @param writesPerSecond on average, and at most twice as many at once
   */
  public record Settings(String instance, int writesPerSecond) {}

  /**
   * What an agent told, and of whom.
   *
   * @param subject the pod whose policy it was, or the node
   * @param peer who has the other address, if anybody is known to
   * @param related the peer's object, if it has one
   */
  public record Told(
      String node,
      LoggedFlow flow,
      ObjectReference subject,
      Optional<AddressBook.Owner> peer,
      Optional<ObjectReference> related) {}

  private record Key(
      ObjectReference subject,
      IpAddress peer,
      int protocol,
      int port,
      LoggedFlow.Decision decision) {}

  private static final class Series {
    private Told last;
    private String name = "";
    private long packets;
    private long firstMillis;
    private long writtenAtNs;

    Series(Told first) {
      last = first;
      firstMillis = first.flow().atMillis();
    }
  }

  private final EventSink sink;
  private final DocumentStamp stamp;
  private final Settings settings;
  private final LongSupplier nowNs;
  private final ArrayBlockingQueue<Told> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopped;

  // What follows belongs to the thread.
  private final Map<Key, Series> all = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Key, Series> unwritten = new LinkedHashMap<>();
  private long wholeAtNs;
  private long lossToldAtNs;

  private FlowEvents(EventSink sink, DocumentStamp stamp, Settings settings, LongSupplier nowNs) {
    this.sink = sink;
    this.stamp = stamp;
    this.settings = settings;
    this.nowNs = nowNs;
    this.wholeAtNs = nowNs.getAsLong();
    this.lossToldAtNs = nowNs.getAsLong() - TELL_LOSS_EVERY.toNanos();
    this.thread = Thread.ofPlatform().name("flow-events").daemon().unstarted(this::run);
  }

  /** Begins. */
  public static FlowEvents start(
      EventSink sink, DocumentStamp stamp, Settings settings, LongSupplier nowNs) {
    FlowEvents events = new FlowEvents(sink, stamp, settings, nowNs);
    events.thread.start();
    return events;
  }

  /** An agent told of this. Never blocks. */
  void tell(Told told) {
    if (!waiting.offer(told)) {
      lost.incrementAndGet();
    }
  }

  /** How many were left out so far. */
  long lost() {
    return lost.get();
  }

  private void run() {
    try {
      while (!stopped) {
        Told first =
            unwritten.isEmpty()
                ? waiting.take()
                : waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        List<Told> batch = new ArrayList<>();
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch);
        }
        batch.forEach(this::note);
        write();
      }
    } catch (InterruptedException e) {
      LOG.debug("no further Events of flows");
    }
  }

  private void note(Told told) {
    LoggedFlow flow = told.flow();
    Key key = new Key(told.subject(), flow.peer(), flow.protocol(), flow.port(), flow.decision());
    long now = nowNs.getAsLong();
    Series series = all.get(key);
    boolean isOver =
        series != null
            && !unwritten.containsKey(key)
            && now - series.writtenAtNs >= FORGOTTEN.toNanos();
    if (series == null || isOver) {
      series = new Series(told);
      all.put(key, series);
      makeRoom();
    }
    series.last = told;
    series.packets += flow.packets();
    unwritten.put(key, series);
  }

  private void makeRoom() {
    while (all.size() > MOST_SERIES) {
      Key eldest = all.keySet().iterator().next();
      all.remove(eldest);
      if (unwritten.remove(eldest) != null) {
        lost.incrementAndGet();
      }
    }
  }

  private void write() throws InterruptedException {
    Iterator<Series> due = unwritten.values().iterator();
    while (due.hasNext() && !stopped) {
      Series series = due.next();
      long now = nowNs.getAsLong();
      boolean again = !series.name.isEmpty();
      if (again && now - series.writtenAtNs < AGAIN.toNanos()) {
        continue;
      }
      if (!hasRoom(now)) {
        break;
      }
      due.remove();
      series.writtenAtNs = now;
      try {
        write(series);
      } catch (EventSink.EventException e) {
        lost.incrementAndGet();
        LOG.debug("no Event of {}: {}", series.last, e.getMessage());
      }
    }
    tellLoss();
  }

  private boolean hasRoom(long now) {
    long each = TimeUnit.SECONDS.toNanos(1) / settings.writesPerSecond();
    long from = Math.max(wholeAtNs, now);
    if (from - now > TimeUnit.SECONDS.toNanos(2)) {
      return false;
    }
    wholeAtNs = from + each;
    return true;
  }

  private void tellLoss() {
    long now = nowNs.getAsLong();
    if (lost.get() > 0 && now - lossToldAtNs >= TELL_LOSS_EVERY.toNanos()) {
      lossToldAtNs = now;
      LOG.warn(
          "of {} flows that policy denied or logged there is no Event: there were too many, or"
              + " they could not be written",
          lost.get());
    }
  }

  private void write(Series series) throws InterruptedException {
    Told told = series.last;
    FlowText text = new FlowText(told, series.packets, series.firstMillis);
    ObjectNode changing = JsonNodeFactory.instance.objectNode();
    changing
        .put("count", (int) Math.min(series.packets, Integer.MAX_VALUE))
        .put("lastTimestamp", stamp.now())
        .put("message", text.sentence());
    changing
        .putObject("metadata")
        .putObject("annotations")
        .put(FlowText.ANNOTATION, text.json().toString());
    if (!series.name.isEmpty()
        && sink.patch(told.subject().eventNamespace(), series.name, changing)
            == EventSink.Outcome.DONE) {
      return;
    }
    series.name = "%s.%016x".formatted(told.subject().name(), stamp.unique());
    ObjectNode event = told.subject().event(series.name);
    event.withObject("/metadata").set("annotations", changing.at("/metadata/annotations"));
    changing.remove("metadata");
    event.setAll(changing);
    told.related().ifPresent(related -> related.writeInto(event.putObject("related")));
    event
        .put("type", text.isDenied() ? "Warning" : "Normal")
        .put("reason", text.reason())
        .put("action", told.flow().decision().action())
        .put("firstTimestamp", stamp.now())
        .put("reportingComponent", EventRecorder.COMPONENT)
        .put("reportingInstance", settings.instance());
    event.putObject("source").put("component", EventRecorder.COMPONENT).put("host", told.node());
    if (sink.create(event) == EventSink.Outcome.NOT_FOUND) {
      series.name = "";
    }
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
