package io.ocicat.policy.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.Kinds;
import io.ocicat.policy.Explanation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
   * @param explained what {@link Explained#of} says of the same
   * @param most how many are wanted
   */
  public static List<Remedy> find(
      ClusterDocuments cluster, Question question, Explained explained, int most) {
    return find(cluster, question, explained, most, CHANGES_MAX).stream()
        .sorted(Comparator.comparingInt(Remedy::size))
        .toList();
  }

  private static List<Remedy> find(
      ClusterDocuments cluster, Question question, Explained explained, int most, int changesLeft) {
    Explanation explanation = explained.explanation();
    if (explanation.isAllowed() || changesLeft == 0) {
      return List.of();
    }
    List<Remedy> found = new ArrayList<>();
    List<Remedy.Change> candidates =
        new Candidates(cluster, question.flow(), explanation.deciding().orElseThrow())
            .all().stream().sorted(Comparator.comparingInt(Remedy.Change::size)).toList();
    Set<JsonNode> tried = new HashSet<>();
    for (Remedy.Change change :
        candidates.subList(0, Math.min(CANDIDATES_MAX, candidates.size()))) {
      if (found.size() >= most) {
        break;
      }
      if (!tried.add(change.document())) {
        continue;
      }
      Explanation then =
          Explained.of(after(cluster, explained.near(), change), question).explanation();
      if (then.isAllowed()) {
        found.add(new Remedy(List.of(change)));
      } else if (then.refusals() < explanation.refusals()) {
        ClusterDocuments changed = with(cluster, change);
        find(changed, question, Explained.of(changed, question), 1, changesLeft - 1).stream()
            .findFirst()
            .map(rest -> joined(change, rest))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** Only a pod's labels can make other policies apply than did before. */
  private static ClusterDocuments after(
      ClusterDocuments cluster, ClusterDocuments near, Remedy.Change change) {
    return with(change.kind().equals(Kinds.POD.kind()) ? cluster : near, change);
  }

  private static ClusterDocuments with(ClusterDocuments cluster, Remedy.Change change) {
    ClusterDocuments changed = cluster.copy();
    boolean _ = changed.put(change.document());
    return changed;
  }

  private static Remedy joined(Remedy.Change first, Remedy rest) {
    List<Remedy.Change> changes = new ArrayList<>();
    changes.add(first);
    changes.addAll(rest.changes());
    return new Remedy(changes);
  }
}
