package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.FelixConfiguration.EndpointToHostAction;
import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The oracle's answer about a packet's way through a node.
 *
 * @param steps what was asked, in order; none after one that does not allow it
 */
public record HostVerdict(List<Step> steps) {

  public HostVerdict {
    steps = List.copyOf(steps);
  }

  /** Something that was asked. */
  public sealed interface Step {

    boolean allows();

    /**
     * Policy of an interface.
     *
     * @param endpoint the host endpoint's name
     */
    record AtHost(String endpoint, HostStage stage, Direction direction, Ground ground)
        implements Step {
      @Override
      public boolean allows() {
        return ground.allows();
      }
    }

    /** Policy of a pod. */
    record AtPod(PodName pod, Direction direction, PolicyVerdict.Ground ground) implements Step {
      @Override
      public boolean allows() {
        return ground.allows();
      }
    }

    /** What becomes of pods' packets to their node. */
    record PodToHost(EndpointToHostAction action) implements Step {
      @Override
      public boolean allows() {
        return switch (action) {
          case ACCEPT, RETURN -> true;
          case DROP -> false;
        };
      }
    }
  }

  /** What decided at a host endpoint. */
  public sealed interface Ground {

    boolean allows();

    /** A failsafe port. */
    record Failsafe() implements Ground {
      @Override
      public boolean allows() {
        return true;
      }
    }

    /** A policy's rule or the end of a tier. */
    record ByPolicy(PolicyVerdict.Ground ground) implements Ground {
      @Override
      public boolean allows() {
        return ground.allows();
      }
    }

    /** A rule of a profile. */
    record ByProfile(String profile, Action action, String path) implements Ground {
      @Override
      public boolean allows() {
        return action == Action.ALLOW;
      }
    }

    /** No profile that it names decides: what is left is dropped. */
    record NoProfile() implements Ground {
      @Override
      public boolean allows() {
        return false;
      }
    }

    /** Nothing, and what this stage does not decide about goes on. */
    record Undecided() implements Ground {
      @Override
      public boolean allows() {
        return true;
      }
    }
  }

  public boolean isAllowed() {
    return steps.stream().allMatch(Step::allows);
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining("; "));
  }
}
