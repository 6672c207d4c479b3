package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Profile;
import io.ocicat.selector.Selector;
import java.util.EnumSet;
import java.util.List;

/** The profile that is there without a document. */
final class Profiles {

  static final PolicySpec DEFAULT_ALLOW =
      new PolicySpec(
          new PolicyName(PolicyKind.PROFILE, "", Profile.DEFAULT_ALLOW),
          "",
          Double.POSITIVE_INFINITY,
          new Peers.Selection(
              new NamespaceSelection.Anywhere(), new Selector.Not(new Selector.All())),
          EnumSet.allOf(Direction.class),
          List.of(allow("ingress[0]")),
          List.of(allow("egress[0]")),
          PolicySpec.Standing.ENFORCED,
          List.of());

  private Profiles() {}

  private static PolicyRule allow(String path) {
    return new PolicyRule.Match(path, Action.ALLOW, TrafficMatch.ANYTHING, List.of());
  }
}
