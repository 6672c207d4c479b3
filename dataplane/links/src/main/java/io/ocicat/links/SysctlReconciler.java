package io.ocicat.links;

import io.ocicat.plan.Sysctl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives kernel parameters the values desired. What nobody desires any more keeps its value: a
 * link's go with the link, and the node's were perhaps wanted before.
 *
 * <p>On a thread of the node's namespace, one at a time.
 */
public final class SysctlReconciler {

  private final SysctlTable sysctls;
  private Set<Sysctl> inEffect = Set.of();

  public SysctlReconciler(SysctlTable sysctls) {
    this.sysctls = sysctls;
  }

  /**
   * What a run did.
   *
   * @param changed values set
   * @param drift those of them that put right what somebody else had changed, one sentence each
   * @param failures what could not be done, one sentence each; the next run tries again
   */
  public record Report(List<Sysctl> changed, List<String> drift, List<String> failures) {
    public Report {
      changed = List.copyOf(changed);
      drift = List.copyOf(drift);
      failures = List.copyOf(failures);
    }
  }

  /** Sets what differs. A parameter that does not exist belongs to a link that is gone: skipped. */
  public Report reconcile(List<Sysctl> desired) {
    List<Sysctl> changed = new ArrayList<>();
    List<String> drift = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    Set<Sysctl> now = new HashSet<>();
    for (Sysctl sysctl : desired) {
      try {
        Optional<String> found = sysctls.read(sysctl.path());
        if (found.isEmpty()) {
          continue;
        }
        if (!found.get().equals(sysctl.value())) {
          sysctls.write(sysctl.path(), sysctl.value());
          changed.add(sysctl);
          if (inEffect.contains(sysctl)) {
            drift.add("%s was %s, not %s".formatted(sysctl.path(), found.get(), sysctl.value()));
          }
        }
        now.add(sysctl);
      } catch (IOException e) {
        failures.add("cannot set %s to %s: %s".formatted(sysctl.path(), sysctl.value(), e));
      }
    }
    inEffect = Set.copyOf(now);
    return new Report(changed, drift, failures);
  }
}
