package io.ocicat.bgp.session;

import io.ocicat.bgpwire.Notification;
import java.util.Optional;

/**
 * How a session ended.
 *
 * @param notification the last word; empty: the connection was lost
 * @param ours we said it
 */
public record Ending(Optional<Notification> notification, boolean ours) {

  /** Without a word. */
  public static final Ending SILENT = new Ending(Optional.empty(), false);

  static Ending ours(Notification notification) {
    return new Ending(Optional.of(notification), true);
  }

  static Ending theirs(Notification notification) {
    return new Ending(Optional.of(notification), false);
  }
}
