package io.ocicat.policy.explain;

import io.ocicat.inet.IpAddress;
import io.ocicat.policy.Explainer;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.HostStage;
import io.ocicat.policy.HostVerdict;
import io.ocicat.policy.Vicinity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a flow at its ends and at nodes on its way.
 *
 * @param near of the cluster what matters to it
 * @param notes what was taken to be so, for people
 */
public record Explained(ClusterDocuments near, Explanation explanation, List<String> notes) {

  public Explained {
    notes = List.copyOf(notes);
  }

  /** Asks the oracles. */
  public static Explained of(ClusterDocuments cluster, Question question) {
    Way way = Way.of(cluster, question);
    Set<IpAddress> addresses = new HashSet<>(Vicinity.addresses(question.flow()));
    way.passages().forEach(each -> addresses.add(each.flow().source()));
    ClusterDocuments near = cluster.near(addresses, question.nodes());
    Explanation explanation =
        Explainer.explain(near.snapshot(), question.flow(), way.passages(), near.others());
    List<String> notes = new ArrayList<>(way.notes());
    for (Explanation.Stop stop : explanation.stops()) {
      if (stop instanceof Explanation.Stop.AtHost(var node, var step, _)
          && step.stage() == HostStage.UNTRACKED
          && step.ground() instanceof HostVerdict.Ground.ByPolicy
          && step.allows()) {
        notes.add(
            "node %s does not track what a policy with doNotTrack allows: the answers are asked about, too, as packets from the other end"
                .formatted(node));
      }
    }
    return new Explained(near, explanation, notes);
  }
}
