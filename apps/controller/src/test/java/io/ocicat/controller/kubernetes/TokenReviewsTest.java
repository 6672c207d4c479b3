package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.controller.kubernetes.TokenVerifier.Verdict;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinGate;
import org.junit.jupiter.api.Test;

final class TokenReviewsTest {

  private final StubApiServer server = new StubApiServer();
  private final TokenReviews reviews = new TokenReviews(server, "ocicat", "ocicat-agent");

  private void reviewed(String audience, String account, String extra) {
    server.on(
        "POST /apis/authentication.k8s.io/v1/tokenreviews",
        """
        {"status": {"authenticated": true, "audiences": ["%s"],
          "user": {"username": "%s", "extra": {%s}}}}
        """
            .formatted(audience, account, extra));
  }

  private static final String AGENT = "system:serviceaccount:ocicat:ocicat-agent";
  private static final String POD =
      """
      "authentication.kubernetes.io/pod-name": ["agent-x"],
      "authentication.kubernetes.io/pod-uid": ["u1"]
      """;

  @Test
  void believesTheNodeThatANewServerPutsIntoTheToken() {
    reviewed("ocicat", AGENT, POD + ", \"authentication.kubernetes.io/node-name\": [\"worker-1\"]");
    assertThat(reviews.verify("t")).isEqualTo(new Verdict.AgentOn(new Identity.Node("worker-1")));
  }

  @Test
  void findsTheNodeOfThePodOnAnOldServer() {
    reviewed("ocicat", AGENT, POD);
    server.on(
        "GET /api/v1/namespaces/ocicat/pods/agent-x",
        "{\"metadata\": {\"uid\": \"u1\"}, \"spec\": {\"nodeName\": \"worker-2\"}}");
    assertThat(reviews.verify("t")).isEqualTo(new Verdict.AgentOn(new Identity.Node("worker-2")));
  }

  @Test
  void refusesThePodOfTheSameNameThatCameLater() {
    reviewed("ocicat", AGENT, POD);
    server.on(
        "GET /api/v1/namespaces/ocicat/pods/agent-x",
        "{\"metadata\": {\"uid\": \"u2\"}, \"spec\": {\"nodeName\": \"worker-2\"}}");
    assertThat(reviews.verify("t")).asString().contains("Refused", "no longer the token's");
    server.refuse("GET /api/v1/namespaces/ocicat/pods/agent-x", 404);
    assertThat(reviews.verify("t")).asString().contains("Refused", "is no more");
  }

  @Test
  void refusesOtherAccountsAudiencesAndUnboundTokens() {
    reviewed("ocicat", "system:serviceaccount:shop:ocicat-agent", POD);
    assertThat(reviews.verify("t")).asString().contains("Refused", "serviceaccount:shop");
    reviewed("https://kubernetes.default.svc", AGENT, POD);
    assertThat(reviews.verify("t")).asString().contains("Refused", "audience ocicat");
    reviewed("ocicat", AGENT, "");
    assertThat(reviews.verify("t")).asString().contains("Refused", "not bound to a pod");
    server.on(
        "POST /apis/authentication.k8s.io/v1/tokenreviews",
        "{\"status\": {\"error\": \"token expired\"}}");
    assertThat(reviews.verify("t")).asString().contains("Refused", "token expired");
  }

  @Test
  void cannotTellWhileTheServerIsAway() {
    server.refuse("POST /apis/authentication.k8s.io/v1/tokenreviews", 0);
    assertThat(reviews.verify("t")).isInstanceOf(Verdict.Unavailable.class);
    ServiceAccountGate gate = new ServiceAccountGate(reviews);
    assertThat(gate.join(new Identity.Node("n1"), new JoinGate.Credential.ServiceAccountToken("t")))
        .isInstanceOf(JoinGate.Admission.Unavailable.class);
  }

  @Test
  void aNodeIsLetInOnlyAsItself() {
    ServiceAccountGate gate =
        new ServiceAccountGate(token -> new Verdict.AgentOn(new Identity.Node(token)));
    assertThat(
            gate.join(new Identity.Node("n1"), new JoinGate.Credential.ServiceAccountToken("n1")))
        .isEqualTo(new JoinGate.Admission.Admitted(ServiceAccountGate.LIFE));
    assertThat(
            gate.join(new Identity.Node("n2"), new JoinGate.Credential.ServiceAccountToken("n1")))
        .asString()
        .contains("Refused", "on node n1, not n2");
    assertThat(gate.join(new Identity.Node("n1"), new JoinGate.Credential.Secret("n1")))
        .asString()
        .contains("Refused", "takes no join tokens");
    assertThat(gate.renew(new Identity.Node("n1"))).isInstanceOf(JoinGate.Admission.Refused.class);
  }
}
