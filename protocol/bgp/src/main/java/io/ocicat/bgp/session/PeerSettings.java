package io.ocicat.bgp.session;

import io.ocicat.bgp.policy.RoutePolicies;
import java.time.Duration;

/**
 * What is chosen for one neighbour.
 *
 * @param name unique and the same over restarts; people see it
 * @param localAs ours towards it
 * @param routing what becomes of its routes
 * @param restartAfterMaximum when a session that ended for too many prefixes is tried again; zero:
 *     when somebody resets it
 * @param enabled false: the session is kept down
 * @param shutdownText why it is down, told to the neighbour, RFC 9003
 * @param bfd whether BFD watches it
 */
public record PeerSettings(
    String name,
    PeerAddress address,
    long localAs,
    RemoteAs remoteAs,
    Transport transport,
    Timers timers,
    Offers offers,
    Routing routing,
    RoutePolicies policies,
    Duration restartAfterMaximum,
    boolean enabled,
    String shutdownText,
    BfdSettings bfd) {

  /** A neighbour with defaults for everything else. */
  public static PeerSettings of(String name, PeerAddress address, long localAs, RemoteAs remoteAs) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        Transport.DEFAULT,
        Timers.DEFAULT,
        Offers.DEFAULT,
        Routing.DEFAULT,
        RoutePolicies.ACCEPT_ALL,
        Duration.ZERO,
        true,
        "",
        BfdSettings.OFF);
  }

  public PeerSettings named(String other, PeerAddress at) {
    return new PeerSettings(
        other,
        at,
        localAs,
        remoteAs,
        transport,
        timers,
        offers,
        routing,
        policies,
        restartAfterMaximum,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings transport(Transport other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        other,
        timers,
        offers,
        routing,
        policies,
        restartAfterMaximum,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings timers(Timers other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        other,
        offers,
        routing,
        policies,
        restartAfterMaximum,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings offers(Offers other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        timers,
        other,
        routing,
        policies,
        restartAfterMaximum,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings routing(Routing other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        timers,
        offers,
        other,
        policies,
        restartAfterMaximum,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings policies(RoutePolicies other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        timers,
        offers,
        routing,
        other,
        restartAfterMaximum,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings restartAfterMaximum(Duration other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        timers,
        offers,
        routing,
        policies,
        other,
        enabled,
        shutdownText,
        bfd);
  }

  public PeerSettings bfd(BfdSettings other) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        timers,
        offers,
        routing,
        policies,
        restartAfterMaximum,
        enabled,
        shutdownText,
        other);
  }

  /** Kept down, with a word to the neighbour. */
  public PeerSettings disabled(String text) {
    return new PeerSettings(
        name,
        address,
        localAs,
        remoteAs,
        transport,
        timers,
        offers,
        routing,
        policies,
        restartAfterMaximum,
        false,
        text,
        bfd);
  }
}
