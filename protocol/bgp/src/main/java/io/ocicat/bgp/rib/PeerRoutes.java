package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The routes of one established session, on the loop thread only; ends with {@link #down}. */
public interface PeerRoutes {
  /**
   * Takes over the body of an UPDATE.
   *
   * @return null, or what to end the session with: the message cannot be understood, or there are
   *     too many prefixes
   */
  @Nullable Notification update(ByteBuffer body);

  /** A ROUTE-REFRESH arrived. */
  void refresh(Family family, RefreshSubtype kind);

  /**
   * Whole encoded messages to send next; read-only, the bytes are shared with other neighbours.
   *
   * @return null: nothing now, the wake-up of {@link Rib#up} will be called when there is
   */
  @Nullable ByteBuffer next();

  /** The session ended. */
  void down(Retention retention);

  /** Other policies without a new session: in slices, both directions. */
  void changePolicy(RoutePolicies policies);

  /**
   * Other traits without a new session, in slices: policies, options, reflector client or not, next
   * hops, limits. What was negotiated must be the same, and several paths a prefix must not become
   * one or the other way round.
   */
  void change(PeerTraits traits);

  /** Counters of a family. */
  PeerCounters counters(Family family);
}
