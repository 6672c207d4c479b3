package io.ocicat.store.kubernetes;

import java.time.Duration;

/**
 * How the store deals with its server.
 *
 * @param pageObjects how many objects a page of a list has
 * @param historyChanges how many changes readers may be behind before they must list anew
 * @param watchTime how long the server is asked to serve one watch; a random half is added
 * @param silence after this time with nothing on a watch, not even a bookmark, it is begun anew
 * @param absence how long objects are kept when the server says that it does not know their kind,
 *     as a server that is starting does
 * @param absentRetry how often to look for a kind that the server does not know
 */
public record Settings(
    int pageObjects,
    int historyChanges,
    Duration watchTime,
    Duration silence,
    Duration absence,
    Duration absentRetry) {
  /** For clusters of any size. */
  public static final Settings DEFAULT =
      new Settings(
          500,
          50_000,
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30));

  /** Refuses what cannot work. */
  public Settings {
    if (pageObjects < 1 || historyChanges < 1) {
      throw new IllegalArgumentException(
          "pages of %d objects, a history of %d changes".formatted(pageObjects, historyChanges));
    }
  }
}
