package io.ocicat.nft.compile;

import io.ocicat.model.Kinds;
import io.ocicat.policy.CalicoPolicyCases;
import io.ocicat.policy.ModelWorld;
import org.junit.jupiter.api.Test;

/** The cases judged by the oracle and by the compiled tables. */
final class CalicoPolicyScenariosTest extends CalicoPolicyCases {

  CalicoPolicyScenariosTest() {
    super(new InterpretedModel());
  }

  /** No API of ours takes such a policy, but a cluster may have it from before. */
  @Test
  void aTierThatNobodyMadeComesAfterAllOthersAndEndsInDeny() {
    world.put(Kinds.TIER, "zz-last", "{}");
    for (String tier : new String[] {"aa-nowhere", "zz-last", "default"}) {
      world.put(
          Kinds.GLOBAL_NETWORK_POLICY,
          tier + ".p",
          """
          {tier: '%s', selector: "app == 'web'", types: ['Ingress'],
           ingress: [{action: '%s', protocol: 'UDP'}, {action: '%s', protocol: 'TCP'}]}
          """
              .formatted(
                  tier,
                  tier.equals("zz-last") ? "Deny" : "Pass",
                  tier.equals("aa-nowhere") ? "Allow" : "Pass"));
    }
    world
        .allows("x/a -> x/web", ModelWorld.TCP)
        .denies(
            "x/a -> x/web",
            ModelWorld.UDP,
            "to x/web: zz-last, GlobalNetworkPolicy zz-last.p, ingress[0]")
        .check();
    world.put(
        Kinds.GLOBAL_NETWORK_POLICY,
        "aa-nowhere.p",
        "{tier: 'aa-nowhere', selector: \"app == 'web'\", types: ['Ingress']}");
    world
        .denies(
            "x/a -> x/web",
            ModelWorld.TCP,
            "to x/web: end of aa-nowhere, GlobalNetworkPolicy aa-nowhere.p")
        .check();
  }
}
