package io.ocicat.sync.identity;

import java.time.Duration;

/** Decides who may have a node's certificate. Safe for use by many threads; may block. */
public interface JoinGate {

  /** What a caller without a certificate shows. */
  sealed interface Credential {

    /**
     * {@link JoinToken#credential()}, or what claims to be one.
     *
     * @param text as it was sent
     */
    record Secret(String text) implements Credential {
      /** The secret stays unsaid. */
      @Override
      public String toString() {
        return "Secret[]";
      }
    }

    /**
     * A token that Kubernetes issued for a service account.
     *
     * @param text as it was sent
     */
    record ServiceAccountToken(String text) implements Credential {
      /** The token stays unsaid. */
      @Override
      public String toString() {
        return "ServiceAccountToken[]";
      }
    }
  }

  /** What became of a request. */
  sealed interface Admission {

    /**
     * @param life how long the certificate is good for
     */
    record Admitted(Duration life) implements Admission {}

    /** Trying again with the same is no use. */
    record Refused(String reason) implements Admission {}

    /** It cannot be known at the moment. */
    record Unavailable(String reason) implements Admission {}
  }

  /** Whether the holder of that credential is the node. */
  Admission join(Identity.Node node, Credential credential);

  /** Whether the node, which has shown its certificate, may have a new one for it. */
  Admission renew(Identity.Node node);

  /** Lets in everybody who knows the token, under any name, and lets them renew. */
  static JoinGate byToken(JoinToken token) {
    return new JoinGate() {
      @Override
      public Admission join(Identity.Node node, Credential credential) {
        return switch (credential) {
          case Credential.Secret(var text) when token.matches(text) ->
              new Admission.Admitted(ClusterAuthority.NODE_LIFE);
          case Credential.Secret _ ->
              new Admission.Refused(
                  "the join token is not this cluster's; ask for the current one");
          case Credential.ServiceAccountToken _ ->
              new Admission.Refused(
                  "this controller is not part of a Kubernetes cluster; join with its join token");
        };
      }

      @Override
      public Admission renew(Identity.Node node) {
        return new Admission.Admitted(ClusterAuthority.NODE_LIFE);
      }
    };
  }
}
