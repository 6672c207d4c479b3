package io.ocicat.controller.kubernetes;

import io.ocicat.sync.identity.Identity;

/** Says whose service-account token it is. Safe for use by many threads; may block. */
public interface TokenVerifier {

  /** What became of a token. */
  sealed interface Verdict {

    /** It is that of the agent on this node. */
    record AgentOn(Identity.Node node) implements Verdict {}

    /** It is no agent's. */
    record Refused(String reason) implements Verdict {}

    /** It cannot be known now. */
    record Unavailable(String reason) implements Verdict {}
  }

  Verdict verify(String token);
}
