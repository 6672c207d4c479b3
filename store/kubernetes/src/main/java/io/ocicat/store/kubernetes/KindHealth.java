package io.ocicat.store.kubernetes;

import io.ocicat.model.KindName;
import java.time.Instant;

/**
 * How well the mirror follows the server in one kind.
 *
 * @param kind the kind
 * @param state whether it does
 * @param since since when it is so
 * @param problem what is wrong, as a sentence; empty if nothing is
 */
public record KindHealth(KindName kind, State state, Instant since, String problem) {
  /** Whether the mirror follows the server. */
  public enum State {
    /** The first list is not complete. */
    STARTING,
    /** Changes arrive as they happen. */
    CURRENT,
    /** Something fails; what is mirrored is as it was when this began. */
    BEHIND,
    /** The server does not know the kind, which is looked for again and again. */
    ABSENT
  }

  /** Whether what is mirrored may be taken for what there is. */
  public boolean isComplete() {
    return state == State.CURRENT || state == State.ABSENT;
  }

  /** {@code ippools.projectcalico.org is behind since …: problem}. */
  public String sentence() {
    return switch (state) {
      case STARTING -> "%s has not been listed yet%s".formatted(kind, suffix());
      case CURRENT -> "%s is current".formatted(kind);
      case BEHIND -> "%s is behind since %s%s".formatted(kind, since, suffix());
      case ABSENT -> "%s is not known to the API server%s".formatted(kind, suffix());
    };
  }

  private String suffix() {
    return problem.isEmpty() ? "" : ": " + problem;
  }
}
