package io.ocicat.controller.reports;

import io.ocicat.model.PolicyInspection;
import io.ocicat.sync.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The inspections that are open or fresh, and what nodes have answered. For one thread. */
public final class Inspections {

  /** After which an inspection is deleted. */
  static final Duration KEPT = Duration.ofMinutes(10);

  /** How one stands, to be written into its status. */
  public record Standing(
      String name, String uid, Map<String, Notice.Inspected> answers, Set<String> waitingFor) {
    public Standing {
      answers = new TreeMap<>(answers);
      waitingFor = new TreeSet<>(waitingFor);
    }

    boolean isComplete() {
      return waitingFor.isEmpty();
    }
  }

  private static final class Open {
    private final String name;
    private final long seenAtNs;
    private final Set<String> asked;
    private final Map<String, Notice.Inspected> answers = new HashMap<>();

    Open(String name, long seenAtNs, Set<String> asked) {
      this.name = name;
      this.seenAtNs = seenAtNs;
      this.asked = asked;
    }

    Standing standing(String uid) {
      Set<String> waitingFor = new TreeSet<>(asked);
      waitingFor.removeAll(answers.keySet());
      return new Standing(name, uid, answers, waitingFor);
    }
  }

  /** By uid. */
  private final Map<String, Open> open = new HashMap<>();

  private final Set<String> changed = new HashSet<>();

  /**
   * An inspection was created or changed.
   *
   * @param nodes all that there are
   */
  public void put(PolicyInspection inspection, Collection<String> nodes, long nowNs) {
    String uid = inspection.metadata().uid();
    if (open.containsKey(uid)) {
      return;
    }
    Set<String> asked = new TreeSet<>(inspection.nodes().isEmpty() ? nodes : inspection.nodes());
    open.put(uid, new Open(inspection.metadata().name(), nowNs, asked));
    if (!inspection.isComplete()) {
      changed.add(uid);
    }
  }

  /** The inspection of that name is gone. */
  public void remove(String name) {
    open.values().removeIf(each -> each.name.equals(name));
    changed.retainAll(open.keySet());
  }

  /** A node has answered; a second answer, or one to what nobody asks, is left out. */
  public void answered(String node, Notice.Inspected answer) {
    Open asked = open.get(answer.inspection());
    if (asked != null
        && asked.asked.contains(node)
        && asked.answers.putIfAbsent(node, answer) == null) {
      changed.add(answer.inspection());
    }
  }

  /** Whether {@link #drain} would have something. */
  public boolean isChanged() {
    return !changed.isEmpty();
  }

  /** Those that stand differently than at the last call. */
  public List<Standing> drain() {
    List<Standing> standings = new ArrayList<>();
    open.forEach(
        (uid, each) -> {
          if (changed.contains(uid)) {
            standings.add(each.standing(uid));
          }
        });
    changed.clear();
    return standings;
  }

  /** Those that are too old, which are forgotten here. */
  public List<Standing> expired(long nowNs) {
    List<Standing> expired = new ArrayList<>();
    open.entrySet()
        .removeIf(
            each -> {
              boolean isOld = nowNs - each.getValue().seenAtNs >= KEPT.toNanos();
              if (isOld) {
                expired.add(each.getValue().standing(each.getKey()));
              }
              return isOld;
            });
    changed.retainAll(open.keySet());
    return expired;
  }
}
