package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;

/** The oracle's answer, with its ground. */
public sealed interface PolicyVerdict {

  boolean isAllowed();

  /** The flow may pass. */
  record Allowed(String because) implements PolicyVerdict {
    @Override
    public boolean isAllowed() {
      return true;
    }
  }

  /**
   * The flow is dropped at {@code pod}, which these policies isolate and none of them allows it.
   */
  record Denied(PodName pod, Direction direction, List<PolicyName> isolatedBy)
      implements PolicyVerdict {
    public Denied {
      isolatedBy = List.copyOf(isolatedBy);
    }

    @Override
    public boolean isAllowed() {
      return false;
    }
  }
}
