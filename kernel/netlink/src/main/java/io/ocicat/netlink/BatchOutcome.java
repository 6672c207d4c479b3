package io.ocicat.netlink;

import java.util.List;

/** What became of an atomic batch of nfnetlink. */
public sealed interface BatchOutcome {

  /**
   * All of it is in effect.
   *
   * @param replies messages other than acknowledgements, for requests with {@code ECHO}
   */
  record Committed(List<NlMessage> replies) implements BatchOutcome {
    public Committed {
      replies = List.copyOf(replies);
    }
  }

  /**
   * Nothing of it is in effect.
   *
   * @param failures in the order the kernel told them; not empty
   */
  record Refused(List<Failure> failures) implements BatchOutcome {
    public Refused {
      failures = List.copyOf(failures);
    }
  }

  /**
   * One reason.
   *
   * @param index of the request among the batch's messages; -1 for the batch as a whole, for
   *     example {@code ERESTART} when the generation has moved on
   */
  record Failure(int index, NetlinkException cause) {}
}
