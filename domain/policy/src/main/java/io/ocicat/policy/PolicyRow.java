package io.ocicat.policy;

import java.util.List;

/**
 * One step of an {@link EndpointPolicy}, taken in order until one decides. The last step always
 * decides: isolation and its absence are rows, never the lack of rows.
 */
public sealed interface PolicyRow {

  /** Allows what one of the chain's rules allows; anything else goes on to the next row. */
  record Apply(PolicyChain chain) implements PolicyRow {}

  /** The pod is isolated: what no policy allowed is dropped. */
  record DenyRest(List<PolicyName> isolatedBy) implements PolicyRow {
    public DenyRest {
      isolatedBy = List.copyOf(isolatedBy);
    }
  }

  /** No policy isolates the pod in this direction. */
  record AllowRest() implements PolicyRow {}
}
