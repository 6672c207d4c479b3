package io.ocicat.policy.explain;

import io.ocicat.policy.Explainer;
import io.ocicat.policy.Explanation;
import java.util.List;

/**
 * What becomes of a flow at its ends and at nodes on its way.
 *
 * @param notes what was taken to be so, for people
 */
public record Explained(Explanation explanation, List<String> notes) {

  public Explained {
    notes = List.copyOf(notes);
  }

  /** Asks the oracles. */
  public static Explained of(ClusterDocuments cluster, Question question) {
    Way way = Way.of(cluster, question);
    return new Explained(
        Explainer.explain(cluster.snapshot(), question.flow(), way.passages()), way.notes());
  }
}
