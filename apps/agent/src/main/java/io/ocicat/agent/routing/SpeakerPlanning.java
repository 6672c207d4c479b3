package io.ocicat.agent.routing;

import io.ocicat.routing.NodeSpeaker;
import io.ocicat.routing.RoutingInputs;
import io.ocicat.routing.SpeakerPlanner;
import io.ocicat.sync.Notice;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which it is planned how this node speaks BGP. It takes all changes that wait, plans
 * once, and hands the plan on if it is another than the last. A plan that takes long, in a cluster
 * of thousands of nodes, is followed by a rest that is longer, so that planning never takes much of
 * the node.
 */
public final class SpeakerPlanning implements RoutingFeed, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpeakerPlanning.class);
  private static final int REST_FACTOR = 4;
  private static final int MOST_TOLD = 100;
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * Who is told what.
   *
   * @param speaker who speaks
   * @param status who knows how sessions are
   * @param controller is told what people are to know
   * @param problems is told all that is wrong with documents, as sentences
   */
  public record Outlets(
      SpeakerSink speaker,
      RoutingStatus status,
      Consumer<Notice> controller,
      Consumer<List<String>> problems) {

    /** Of a node that speaks no BGP: it plans nothing, and answers that. */
    public static Outlets silent(Consumer<Notice> controller) {
      return new Outlets(SpeakerSink.NONE, RoutingStatus.NONE, controller, _ -> {});
    }
  }

  private sealed interface Event {}

  private record Table(SyncDelta delta) implements Event {}

  private record Workloads(List<RoutingInputs.Workload> list) implements Event {}

  private record Connected() implements Event {}

  private record Stop() implements Event {}

  private final String nodeName;
  private final Outlets outlets;
  private final LongSupplier nowNs;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Thread thread;

  // What follows belongs to the thread.
  private final RoutingModel model;
  private final StatusAnswers answers;
  private boolean inSync;
  private boolean dirty;
  private boolean retell;
  private boolean stopped;
  private long planAtNs;
  private @Nullable NodeSpeaker spoken;
  private Set<String> spokenNodes = Set.of();
  private List<String> toldProblems = List.of();
  private Notice.Unmet toldUnmet = new Notice.Unmet(List.of());

  private SpeakerPlanning(String nodeName, Outlets outlets, LongSupplier nowNs) {
    this.nodeName = nodeName;
    this.outlets = outlets;
    this.nowNs = nowNs;
    this.model = new RoutingModel(nodeName);
    this.answers = new StatusAnswers(outlets.status(), outlets.controller());
    this.planAtNs = nowNs.getAsLong();
    this.thread = Thread.ofPlatform().name("routing").daemon().unstarted(this::run);
  }

  /**
   * Begins; nothing is planned before the controller's table is known.
   *
   * @param nowNs as {@link System#nanoTime}
   */
  public static SpeakerPlanning start(String nodeName, Outlets outlets, LongSupplier nowNs) {
    SpeakerPlanning planning = new SpeakerPlanning(nodeName, outlets, nowNs);
    planning.thread.start();
    return planning;
  }

  // ---- called from any thread

  @Override
  public void table(SyncDelta delta) {
    List<SyncItem> upserts =
        delta.upserts().stream().filter(item -> RoutingModel.concerns(item.key())).toList();
    var removals = delta.removals().stream().filter(RoutingModel::concerns).toList();
    if (delta.snapshot() || !upserts.isEmpty() || !removals.isEmpty()) {
      events.add(
          new Table(
              new SyncDelta(
                  delta.epoch(),
                  delta.generation(),
                  delta.snapshot(),
                  upserts,
                  removals,
                  List.of())));
    }
  }

  @Override
  public void workloads(List<RoutingInputs.Workload> workloads) {
    events.add(new Workloads(List.copyOf(workloads)));
  }

  @Override
  public void connected() {
    events.add(new Connected());
  }

  /** Ends the thread; who speaks goes on as told last. */
  @Override
  public void close() {
    events.add(new Stop());
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("planning did not end within {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the thread

  private void run() {
    while (!stopped) {
      try {
        List<Event> batch = new ArrayList<>();
        long next = Math.min(dirty && inSync ? planAtNs : NEVER, answers.nextNs());
        Event first = events.poll(Math.max(0, next - nowNs.getAsLong()), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          events.drainTo(batch);
        }
        round(batch);
      } catch (InterruptedException e) {
        stopped = true;
      } catch (RuntimeException e) {
        LOG.error("planning how to speak BGP failed in a round and goes on", e);
      }
    }
  }

  private void round(List<Event> batch) {
    long now = nowNs.getAsLong();
    for (Event event : batch) {
      switch (event) {
        case Table(SyncDelta delta) -> {
          model.apply(delta);
          inSync = true;
          dirty = true;
          answers.ask(model.requests(), now);
        }
        case Workloads(var list) -> {
          model.workloads(list);
          dirty = true;
        }
        case Connected() -> {
          retell = true;
          answers.askAgain(now);
        }
        case Stop() -> stopped = true;
      }
    }
    if (stopped) {
      return;
    }
    if (dirty && inSync && now - planAtNs >= 0) {
      dirty = false;
      long beganNs = nowNs.getAsLong();
      plan();
      long tookNs = nowNs.getAsLong() - beganNs;
      planAtNs = beganNs + tookNs + REST_FACTOR * tookNs;
    }
    if (retell) {
      retell = false;
      outlets.controller().accept(toldUnmet);
    }
    answers.due(nowNs.getAsLong());
  }

  private void plan() {
    if (outlets.speaker().equals(SpeakerSink.NONE)) {
      return;
    }
    Optional<NodeSpeaker> planned = SpeakerPlanner.plan(model.inputs(), nodeName);
    if (planned.isEmpty()) {
      LOG.debug("the table does not have this node yet: nothing to plan");
      return;
    }
    NodeSpeaker speaker = planned.get();
    Set<String> nodes = model.nodeNames();
    if (!speaker.equals(spoken) || !nodes.equals(spokenNodes)) {
      spoken = speaker;
      spokenNodes = Set.copyOf(nodes);
      outlets.speaker().speak(speaker, spokenNodes);
    }
    tell(speaker);
  }

  private void tell(NodeSpeaker speaker) {
    List<String> sentences = new ArrayList<>(model.problems());
    speaker.notices().forEach(each -> sentences.add(each.reason() + ": " + each.text()));
    if (!sentences.equals(toldProblems)) {
      toldProblems = List.copyOf(sentences);
      outlets.problems().accept(toldProblems);
    }
    Notice.Unmet unmet =
        new Notice.Unmet(
            speaker.notices().stream()
                .limit(MOST_TOLD)
                .map(
                    each ->
                        new Notice.Unfulfilled(
                            each.reason().object(), each.reason().field(), each.text()))
                .toList());
    if (!unmet.equals(toldUnmet)) {
      toldUnmet = unmet;
      retell = true;
    }
  }
}
