package io.ocicat.bgpcontrol;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.EpollLoop;
import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.policy.Change;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.policy.Term;
import io.ocicat.bgp.rib.Background;
import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RibSettings;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A speaker on a real loop and real connections over the loopback. */
final class RunningSpeaker implements SpeakerThread, AutoCloseable {

  private static final int PORT = 20179;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CompletableFuture<EpollLoop> made = new CompletableFuture<>();
  private final CompletableFuture<Speaker> speaking = new CompletableFuture<>();
  private final EpollLoop loop;
  private final Speaker speaker;
  private final Thread thread;
  private final String us;
  private final long as;

  RunningSpeaker(String us, long as) {
    this.us = us;
    this.as = as;
    thread = Thread.ofPlatform().daemon().name("speaker-" + us).start(this::run);
    loop = made.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    speaker = speaking.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    apply(settings());
  }

  /** A loop belongs to the thread that makes it. */
  private void run() {
    try (EpollLoop ours = new EpollLoop()) {
      Rib rib = new Rib(RibSettings.DEFAULT, NextHops.ALL_CONNECTED, Background.of(ours));
      speaking.complete(new Speaker(ours, rib, settings(), (_, _) -> () -> {}, new Random(as)));
      made.complete(ours);
      ours.run();
    }
  }

  private SpeakerSettings settings() {
    int identifier = ((Ipv4Address) IpAddress.parse(us)).value();
    return SpeakerSettings.of(identifier)
        .nextHops(List.of(IpAddress.parse("2001:db8::1")))
        .listen(List.of(new ListenSettings(IpAddress.parse(us), PORT, "")));
  }

  void peersWith(String name, String address, long remoteAs) {
    apply(settings().peers(List.of(peer(name, address, remoteAs))));
  }

  PeerSettings peer(String name, String address, long remoteAs) {
    return PeerSettings.of(
            name,
            new PeerAddress.At(IpAddress.parse(address), ""),
            as,
            new RemoteAs.Exactly(remoteAs))
        .transport(new Transport(PORT, IpAddress.parse(us), false, "", Transport.DEFAULT.hops()))
        .policies(policies());
  }

  /** An address of the loopback is no next hop. */
  private RoutePolicies policies() {
    IpAddress nextHop = IpAddress.parse("192.0.2." + us.substring(us.lastIndexOf('.') + 1));
    Term any =
        new Term("any", List.of(), List.of(new Change.SetNextHop(nextHop)), Term.Outcome.ACCEPT);
    return new RoutePolicies(
        RoutePolicy.ACCEPT_ALL,
        RoutePolicy.ACCEPT_ALL,
        new RoutePolicy("next hop", List.of(any), true),
        RoutePolicy.ACCEPT_ALL);
  }

  void peersWith(List<PeerSettings> peers) {
    apply(settings().peers(peers));
  }

  private void apply(SpeakerSettings settings) {
    boolean _ =
        ask(
            s -> {
              s.apply(settings);
              return true;
            });
  }

  void originate(String prefix) {
    boolean _ =
        ask(
            s -> {
              s.rib()
                  .originate(
                      Cidr.parse(prefix), Attributes.builder().build(), new RouteTag("test", ""));
              return true;
            });
  }

  void withdraw(String prefix) {
    boolean _ =
        ask(
            s -> {
              s.rib().withdraw(Cidr.parse(prefix));
              return true;
            });
  }

  void awaitEstablished(String peer) {
    await(
        "a session with " + peer,
        () -> ask(s -> s.session(peer).orElseThrow().state()) == FsmState.ESTABLISHED);
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public <T> T ask(Function<Speaker, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            answer.complete(question.apply(speaker));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    loop.execute(loop::stop);
    try {
      thread.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
