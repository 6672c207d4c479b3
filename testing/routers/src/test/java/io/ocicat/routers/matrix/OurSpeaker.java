package io.ocicat.routers.matrix;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.EpollLoop;
import io.ocicat.bgp.rib.Background;
import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.PeerCounters;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RibSettings;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.session.MessageCounts;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.speaker.BfdLiveness;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.inet.Cidr;
import io.ocicat.libc.NetNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A speaker of ours on a thread of its own in a network namespace, and questions to it. */
final class OurSpeaker implements AutoCloseable {

  /** The name that all speakers here have for their one neighbour, if they have one. */
  static final String OTHER = "other";

  private static final RouteTag TAG = new RouteTag("network", "");
  private static final Duration LONGEST_END = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofMillis(100);
  private static final long SEED = 4271;

  private final EpollLoop loop;
  private final Speaker speaker;
  private final BfdLiveness bfd = new BfdLiveness(new Random(SEED));
  private final Thread thread = Thread.currentThread();

  private OurSpeaker(SpeakerSettings settings, Duration restarted) {
    loop = new EpollLoop();
    Rib rib = new Rib(RibSettings.DEFAULT, NextHops.ALL_CONNECTED, Background.of(loop));
    speaker = new Speaker(loop, rib, settings, loop.neighbours()::watch, bfd, new Random(SEED));
    if (!restarted.isZero()) {
      speaker.restarted(restarted);
    }
  }

  /**
   * @param restarted for how long it tells that it has restarted; zero: it has not
   */
  static OurSpeaker start(
      String namespace, SpeakerSettings settings, List<Cidr> networks, Duration restarted)
      throws Exception {
    CompletableFuture<OurSpeaker> made = new CompletableFuture<>();
    Thread _ =
        Thread.ofPlatform()
            .name(namespace)
            .daemon()
            .start(
                () -> {
                  try (NetNamespace at =
                      NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(namespace))) {
                    at.run(
                        () -> {
                          OurSpeaker ours = new OurSpeaker(settings, restarted);
                          networks.forEach(
                              network -> ours.speaker.rib().originate(network, none(), TAG));
                          ours.speaker.apply(settings);
                          made.complete(ours);
                          ours.run();
                        });
                  } catch (RuntimeException e) {
                    made.completeExceptionally(e);
                  }
                });
    return made.get(10, TimeUnit.SECONDS);
  }

  private static Attributes none() {
    return Attributes.builder().build();
  }

  private void run() {
    try {
      loop.run();
    } finally {
      bfd.close();
      loop.close();
    }
  }

  <T> T ask(Function<Speaker, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            answer.complete(question.apply(speaker));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  PeerView peer() {
    return ask(s -> s.peers().getFirst());
  }

  boolean stands() {
    return peer().state() == FsmState.ESTABLISHED;
  }

  Session session(Speaker of) {
    return of.session(OTHER).orElseThrow();
  }

  Negotiated negotiated() {
    return ask(s -> session(s).negotiated().orElseThrow());
  }

  /** What the neighbour's OPEN offered of one kind. */
  <T extends Capability> Optional<T> offered(Class<T> kind) {
    return negotiated().theirs().capabilities().stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst();
  }

  long received(MessageType type) {
    return ask(
        s -> {
          MessageCounts counts = session(s).counts();
          return counts.receivedOf(type);
        });
  }

  PeerCounters counters(Family family) {
    return peer().families().getOrDefault(family, new PeerCounters(0, 0, 0, 0, 0, 0, 0));
  }

  /** All paths of a prefix that neighbours gave us, also after their session has ended. */
  List<RouteRow> paths(String prefix) {
    Cidr wanted = Cidr.parse(prefix);
    return ask(
        s -> {
          var cursor = s.rib().view().routes(Family.unicast(wanted.family()));
          List<RouteRow> found = new ArrayList<>();
          while (!cursor.atEnd()) {
            for (RouteRow row : cursor.next(1000)) {
              if (row.prefix().equals(wanted) && !row.peer().isEmpty()) {
                found.add(row);
              }
            }
          }
          return found;
        });
  }

  boolean has(String prefix) {
    return !paths(prefix).isEmpty();
  }

  void originate(String prefix, Attributes attributes) {
    boolean _ =
        ask(
            s -> {
              s.rib().originate(Cidr.parse(prefix), attributes, TAG);
              return true;
            });
  }

  void originate(String prefix) {
    originate(prefix, none());
  }

  void withdraw(String prefix) {
    boolean _ =
        ask(
            s -> {
              s.rib().withdraw(Cidr.parse(prefix));
              return true;
            });
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** As kill -9: no word of farewell; the kernel ends the connections. */
  void crash() {
    loop.stop();
    join();
  }

  @Override
  public void close() {
    close("the test ends");
  }

  void close(String text) {
    if (thread.isAlive()) {
      loop.execute(
          () -> {
            speaker.shutdown(text);
            loop.schedule(LAST_WORDS, loop::stop);
          });
      join();
    }
  }

  private void join() {
    try {
      boolean _ = thread.join(LONGEST_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
