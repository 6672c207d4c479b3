package io.ocicat.policy.explain;

import io.ocicat.inet.IpAddress;
import io.ocicat.policy.Explainer;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.Vicinity;
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
    return new Explained(
        near,
        Explainer.explain(near.snapshot(), question.flow(), way.passages(), near.others()),
        way.notes());
  }
}
