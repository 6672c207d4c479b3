package io.ocicat.nft.compile;

import io.ocicat.policy.CalicoPolicyCases;

/** The cases judged by the oracle and by the compiled tables. */
final class CalicoPolicyScenariosTest extends CalicoPolicyCases {

  CalicoPolicyScenariosTest() {
    super(new InterpretedModel());
  }
}
