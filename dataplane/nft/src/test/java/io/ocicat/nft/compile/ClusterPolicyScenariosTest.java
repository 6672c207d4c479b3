package io.ocicat.nft.compile;

import io.ocicat.policy.ClusterPolicyCases;

/** The cases judged by the oracle and by the compiled tables. */
final class ClusterPolicyScenariosTest extends ClusterPolicyCases {

  ClusterPolicyScenariosTest() {
    super(new InterpretedModel());
  }
}
