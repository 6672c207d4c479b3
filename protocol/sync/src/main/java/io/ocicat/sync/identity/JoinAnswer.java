package io.ocicat.sync.identity;

/** What became of joining a cluster, or of renewing a certificate. */
public sealed interface JoinAnswer {

  record Joined(KeyedCertificate certificate) implements JoinAnswer {}

  /** The controller, or this side, will not have it; trying again is no use. */
  record Refused(String reason) implements JoinAnswer {}

  /** The controller could not be asked. */
  record Unavailable(String reason) implements JoinAnswer {}
}
