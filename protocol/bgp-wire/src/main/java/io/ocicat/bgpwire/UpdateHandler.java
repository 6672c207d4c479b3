package io.ocicat.bgpwire;

/**
 * Takes what an UPDATE says. Withdrawals come before announcements; where a message has both for
 * one prefix, the announcement is what counts (RFC 4271 §4.3), so taking them in order is right.
 */
public interface UpdateHandler {

  /**
   * @param attributes shared: equal sets from one cache are mostly, but not always, the same object
   * @param nlri at least one prefix; valid during the call
   */
  void announce(Family family, Attributes attributes, Nlri nlri);

  /**
   * Also for routes whose attributes were malformed (treat-as-withdraw, RFC 7606 §2).
   *
   * @param nlri at least one prefix; valid during the call
   */
  void withdraw(Family family, Nlri nlri);

  /** The peer has sent all it had (RFC 4724 §2). */
  void endOfRib(Family family);

  /** Told before the announcements and withdrawals that it concerns. */
  void malformed(AttributeError error);
}
