package io.ocicat.sync.identity;

/**
 * What a node joins with: a credential, and the authority that it expects the controller to have.
 *
 * @param credential what the node shows
 * @param authorityPin {@link ClusterAuthority#pin()}
 */
public record JoinProof(JoinGate.Credential credential, String authorityPin) {

  public static JoinProof of(JoinToken token) {
    return new JoinProof(new JoinGate.Credential.Secret(token.credential()), token.authorityPin());
  }
}
