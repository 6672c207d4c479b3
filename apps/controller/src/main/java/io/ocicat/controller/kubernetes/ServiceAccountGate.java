package io.ocicat.controller.kubernetes;

import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinGate;
import java.time.Duration;

/**
 * Lets in agents that show the token of the pod in which they run on the node that they say they
 * are. Certificates are short-lived, and each needs a token: a node that is no more, or an agent
 * that may run no longer, is out when its last one expires.
 */
public final class ServiceAccountGate implements JoinGate {

  /** How long a certificate is good for; agents renew it when half of that is over. */
  static final Duration LIFE = Duration.ofHours(24);

  private final TokenVerifier verifier;

  public ServiceAccountGate(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public Admission join(Identity.Node node, Credential credential) {
    return switch (credential) {
      case Credential.Secret _ ->
          new Admission.Refused(
              "this controller takes no join tokens; agents show the token of their service"
                  + " account, see serviceAccount in agent.yaml");
      case Credential.ServiceAccountToken(var text) ->
          switch (verifier.verify(text)) {
            case TokenVerifier.Verdict.AgentOn(var found) when found.equals(node) ->
                new Admission.Admitted(LIFE);
            case TokenVerifier.Verdict.AgentOn(var found) ->
                new Admission.Refused(
                    "the token is that of the agent on node %s, not %s"
                        .formatted(found.name(), node.name()));
            case TokenVerifier.Verdict.Refused(var reason) -> new Admission.Refused(reason);
            case TokenVerifier.Verdict.Unavailable(var reason) -> new Admission.Unavailable(reason);
          };
    };
  }

  @Override
  public Admission renew(Identity.Node node) {
    return new Admission.Refused("join again with the service account's token of now");
  }
}
