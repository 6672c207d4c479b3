package io.ocicat.policy.explain;

import io.ocicat.policy.Explainer;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.Flow;
import io.ocicat.policy.PolicyOracle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks for the smallest change that allows what is denied. */
public final class Remedies {

  /** More is no small change any more. */
  private static final int CHANGES_MAX = 4;

  /** Tried at an end, the smallest first. */
  private static final int CANDIDATES_MAX = 24;

  private Remedies() {}

  /**
   * What would allow the flow, the smallest first; every one has been tried and does. Empty if it
   * is allowed, or if nothing that is known here helps.
   *
   * @param most how many are wanted
   */
  public static List<Remedy> find(ClusterDocuments cluster, Flow flow, int most) {
    return find(cluster, flow, most, CHANGES_MAX).stream()
        .sorted(Comparator.comparingInt(Remedy::size))
        .toList();
  }

  private static List<Remedy> find(ClusterDocuments cluster, Flow flow, int most, int changesLeft) {
    Explanation explanation = Explainer.explain(cluster.snapshot(), flow);
    Optional<Explanation.End> denying =
        explanation.deciding().filter(end -> !end.verdict().ground().allows());
    if (denying.isEmpty() || changesLeft == 0) {
      return List.of();
    }
    List<Remedy> found = new ArrayList<>();
    List<Remedy.Change> candidates =
        new Candidates(cluster, flow, denying.get())
            .all().stream().sorted(Comparator.comparingInt(Remedy.Change::size)).toList();
    for (Remedy.Change change :
        candidates.subList(0, Math.min(CANDIDATES_MAX, candidates.size()))) {
      if (found.size() >= most) {
        break;
      }
      ClusterDocuments changed = cluster.copy();
      boolean _ = changed.put(change.document());
      if (denied(changed, flow) < denied(cluster, flow)) {
        if (PolicyOracle.verdict(changed.snapshot(), flow).isAllowed()) {
          found.add(new Remedy(List.of(change)));
        } else {
          find(changed, flow, 1, changesLeft - 1).stream()
              .findFirst()
              .map(rest -> joined(change, rest))
              .ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static long denied(ClusterDocuments cluster, Flow flow) {
    return PolicyOracle.verdict(cluster.snapshot(), flow).ends().stream()
        .filter(end -> !end.ground().allows())
        .count();
  }

  private static Remedy joined(Remedy.Change first, Remedy rest) {
    List<Remedy.Change> changes = new ArrayList<>();
    changes.add(first);
    changes.addAll(rest.changes());
    return new Remedy(changes);
  }
}
