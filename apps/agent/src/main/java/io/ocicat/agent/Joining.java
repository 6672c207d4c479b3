package io.ocicat.agent;

import java.nio.file.Path;

/** How a node without a certificate proves itself to the controller, and knows it. */
public sealed interface Joining {

  /** It does not; the node has joined before, or stays alone. */
  record Never() implements Joining {}

  /**
   * By the cluster's join token.
   *
   * @param text of the token, which also pins the authority
   */
  record ByToken(String text) implements Joining {
    /** The secret stays unsaid. */
    @Override
    public String toString() {
      return "ByToken[]";
    }
  }

  /**
   * By a token that Kubernetes projects for the agent's service account.
   *
   * @param tokenFile read anew for each attempt, for the kubelet rotates it
   * @param authorityFile the controllers' authority, PEM; it may come later than the agent
   */
  record ByServiceAccount(Path tokenFile, Path authorityFile) implements Joining {}
}
