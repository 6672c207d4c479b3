package io.ocicat.nft.compile;

import io.ocicat.policy.Flow.Traffic;
import io.ocicat.policy.NetworkPolicyCases;
import org.junit.jupiter.api.Test;

/** The cases of Kubernetes' own tests, judged by the oracle and by the compiled tables. */
final class NetworkPolicyScenariosTest extends NetworkPolicyCases {

  NetworkPolicyScenariosTest() {
    super(new InterpretedWorld());
  }

  @Test
  void closesARuleWithAnUnreadableBlock() {
    world.policy(
        "x",
        "to-a",
        """
        {podSelector: {matchLabels: {pod: 'a'}},
         ingress: [{from: [{ipBlock: {cidr: '10.0.0.0/240'}}, {podSelector: {}}]}]}
        """);
    world.expect().denyTo("x/a").on(Traffic.tcp(80));
  }
}
