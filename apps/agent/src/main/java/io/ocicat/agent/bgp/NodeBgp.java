package io.ocicat.agent.bgp;

import io.ocicat.agent.routing.RoutingStatus;
import io.ocicat.agent.routing.SpeakerSink;
import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.EpollLoop;
import io.ocicat.bgp.rib.Background;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RibSettings;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.speaker.BfdLiveness;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpcontrol.Control;
import io.ocicat.bgpcontrol.Questions;
import io.ocicat.bgpcontrol.SpeakerThread;
import io.ocicat.fib.Fib;
import io.ocicat.fib.FibSettings;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.routing.Handover;
import io.ocicat.routing.Neighbour;
import io.ocicat.routing.NodeSpeaker;
import io.ocicat.sync.NodeRouting;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's speaker, on a thread of its own. */
public final class NodeBgp implements SpeakerSink, RoutingStatus, SpeakerThread, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeBgp.class);

  /**
   * For so long after its start the agent waits for neighbours to say all that they know, before
   * routes of the run before go. Neighbours keep ours four times as long.
   */
  private static final Duration LONGEST_DEFERRAL = Duration.ofSeconds(30);

  /**
   * So long a session goes on that is needed no more here: the other side may be a little behind.
   */
  private static final long SETTLED_NS = Duration.ofSeconds(1).toNanos();

  private static final Duration HANDOVER_LOOK = Duration.ofMillis(200);
  private static final Duration LONGEST_QUESTION = Duration.ofSeconds(30);
  private static final Duration LONGEST_END = Duration.ofSeconds(3);

  /** An identifier for as long as there are no neighbours. */
  private static final SpeakerSettings SILENT = SpeakerSettings.of(1);

  private final EpollLoop loop;
  private final Fib fib;
  private final Speaker speaker;
  private final OwnRoutes ownRoutes;
  private final Thread thread;
  private final Control control;
  private final long bootMillis;

  // What follows belongs to the loop's thread.
  private @Nullable NodeSpeaker wanted;
  private @Nullable NodeSpeaker running;
  private Set<String> nodes = Set.of();
  private final Map<String, Long> unwantedSinceNs = new HashMap<>();
  private final Map<String, Long> unneededSinceNs = new HashMap<>();
  private boolean looking;
  private long reconfiguredMillis;

  private record Made(EpollLoop loop, Fib fib, BfdLiveness bfd, Speaker speaker) {}

  private NodeBgp(Made made, Thread thread, Path socket) {
    this.loop = made.loop;
    this.fib = made.fib;
    this.speaker = made.speaker;
    this.ownRoutes = new OwnRoutes(speaker.rib());
    this.thread = thread;
    this.bootMillis = System.currentTimeMillis();
    this.control = Control.open(socket, new Questions(this, NodeBgp::refuseReload));
  }

  /**
   * Begins, in the network namespace of the calling thread; nothing is said before {@link #speak}.
   * Routes of an earlier run stay in the kernel.
   *
   * @param socket where people ask
   */
  public static NodeBgp start(Path socket) {
    CompletableFuture<Made> making = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().name("bgp").daemon().start(() -> run(making));
    return new NodeBgp(making.join(), thread, socket);
  }

  private static void run(CompletableFuture<Made> making) {
    Made made;
    try {
      made = make();
    } catch (RuntimeException e) {
      making.completeExceptionally(e);
      return;
    }
    making.complete(made);
    try {
      made.loop.run();
    } finally {
      made.bfd.close();
      made.fib.close();
      made.loop.close();
    }
  }

  private static Made make() {
    EpollLoop loop = new EpollLoop();
    Fib fib = Fib.open(FibSettings.DEFAULT);
    BfdLiveness bfd = new BfdLiveness(new SecureRandom());
    Rib rib = new Rib(RibSettings.DEFAULT, fib, Background.of(loop));
    Speaker speaker =
        new Speaker(loop, rib, SILENT, loop.neighbours()::watch, bfd, new SecureRandom());
    return new Made(loop, fib, bfd, speaker);
  }

  private static List<String> refuseReload() {
    return List.of("an agent's speaker has no file: it follows BGPPeers and other objects");
  }

  // ---- what is wanted

  @Override
  public void speak(NodeSpeaker speaker, Set<String> nodes) {
    loop.execute(
        () -> {
          this.wanted = speaker;
          this.nodes = nodes;
          follow(speaker);
        });
  }

  private void follow(NodeSpeaker now) {
    fib.apply(kernelSettings(now.kernel()));
    ownRoutes.apply(now.routes());
    NodeSpeaker before = running;
    if (before == null) {
      SpeakerSettings settings = SpeakerCompiler.settings(now);
      takeOver(settings);
      speaker.apply(settings);
      running = now;
      LOG.info(
          "speaks BGP as {} in AS {} with {} neighbours and {} routes",
          now.routerId(),
          now.as(),
          now.neighbours().size(),
          now.routes().size());
      reconfiguredMillis = System.currentTimeMillis();
      return;
    }
    // Who has a session keeps it until it is known what it is needed for.
    goOver(before, now, established());
    look();
  }

  private Map<String, Set<Cidr>> established() {
    return speaker.peers().stream()
        .filter(peer -> peer.state() == FsmState.ESTABLISHED)
        .collect(Collectors.toMap(PeerView::name, _ -> Set.of()));
  }

  /** What the kernel has of an earlier run stays until neighbours have said all (RFC 4724 §4.1). */
  private void takeOver(SpeakerSettings settings) {
    speaker.restarted(LONGEST_DEFERRAL);
    if (fib.adopted() > 0) {
      Set<String> awaited =
          settings.peers().stream()
              .filter(PeerSettings::enabled)
              .map(PeerSettings::name)
              .collect(Collectors.toSet());
      LOG.info(
          "{} routes of an earlier run stay until {} neighbours have told theirs",
          fib.adopted(),
          awaited.size());
      speaker.rib().deferSelection(awaited, LONGEST_DEFERRAL);
    }
    fib.attach(speaker.rib(), loop::execute);
  }

  private static FibSettings kernelSettings(NodeSpeaker.Kernel kernel) {
    return FibSettings.DEFAULT
        .metric(IpFamily.IPV4, kernel.normalPriorityV4())
        .metric(IpFamily.IPV6, kernel.normalPriorityV6());
  }

  /** Sessions that are wanted no more end when they are needed no more. */
  private void goOver(NodeSpeaker before, NodeSpeaker now, Map<String, Set<Cidr>> received) {
    long at = loop.nanoTime();
    Map<String, Duration> unwantedFor = new HashMap<>();
    for (Neighbour neighbour : before.neighbours()) {
      if (now.neighbour(neighbour.name()).isEmpty()) {
        long since = unwantedSinceNs.computeIfAbsent(neighbour.name(), _ -> at);
        unwantedFor.put(neighbour.name(), Duration.ofNanos(at - since));
      }
    }
    unwantedSinceNs.keySet().retainAll(unwantedFor.keySet());
    Map<String, Set<Cidr>> held = new HashMap<>(received);
    NodeSpeaker ready = Handover.meanwhile(before, now, received, unwantedFor, nodes);
    for (String name : unwantedFor.keySet()) {
      if (ready.neighbour(name).isPresent()) {
        unneededSinceNs.remove(name);
      } else if (at - unneededSinceNs.computeIfAbsent(name, _ -> at) < SETTLED_NS) {
        held.computeIfPresent(name, (_, _) -> Set.of());
      }
    }
    unneededSinceNs.keySet().retainAll(unwantedFor.keySet());
    NodeSpeaker next = Handover.meanwhile(before, now, held, unwantedFor, nodes);
    if (!next.equals(before)) {
      speaker.apply(SpeakerCompiler.settings(next));
      reconfiguredMillis = System.currentTimeMillis();
      int kept = next.neighbours().size() - now.neighbours().size();
      LOG.info(
          "goes over to {} neighbours{}",
          now.neighbours().size(),
          kept == 0 ? "" : "; keeps " + kept + " more until they are needed no more");
    }
    running = next;
  }

  /** Looks now and then whether sessions that are wanted no more are needed no more. */
  private void look() {
    NodeSpeaker now = running;
    NodeSpeaker then = wanted;
    if (looking || now == null || then == null) {
      return;
    }
    Set<String> unwanted = unwanted(now, then);
    if (!unwanted.isEmpty()) {
      looking = true;
      loop.work(new ReceivedPrefixes(speaker, unwanted, this::looked));
    }
  }

  private void looked(Map<String, Set<Cidr>> received) {
    NodeSpeaker now = running;
    NodeSpeaker then = wanted;
    if (now != null && then != null) {
      goOver(now, then, received);
    }
    loop.schedule(
        HANDOVER_LOOK,
        () -> {
          looking = false;
          look();
        });
  }

  private static Set<String> unwanted(NodeSpeaker running, NodeSpeaker wanted) {
    return running.neighbours().stream()
        .map(Neighbour::name)
        .filter(name -> wanted.neighbour(name).isEmpty())
        .collect(Collectors.toSet());
  }

  // ---- questions

  @Override
  public void ask(Set<NodeRouting.Part> parts, Consumer<NodeRouting> answer) {
    loop.execute(
        () -> {
          NodeSpeaker now = running;
          if (now == null) {
            answer.accept(NodeRouting.SILENT);
          } else {
            loop.work(
                new StatusReport(
                    speaker,
                    now,
                    new StatusReport.Times(bootMillis, reconfiguredMillis),
                    parts,
                    answer));
          }
        });
  }

  @Override
  public <T> T ask(Function<Speaker, T> question) {
    FutureTask<T> task = new FutureTask<>(() -> question.apply(speaker));
    loop.execute(task);
    try {
      return task.get(LONGEST_QUESTION.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the speaker could not answer", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the speaker did not answer within " + LONGEST_QUESTION, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Ends without a word to neighbours, who wait for the next run and keep our routes; the kernel
   * keeps theirs.
   */
  @Override
  public void close() {
    control.close();
    loop.stop();
    try {
      if (!thread.join(LONGEST_END)) {
        LOG.warn("the speaker did not end within {}", LONGEST_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
