package io.ocicat.bgp.policy;

import io.ocicat.bgpwire.Attributes;
import java.util.List;

/**
 * What a policy made of a route.
 *
 * @param accepted whether it goes on
 * @param attributes as changed; where rejected, as they were when that was decided
 * @param decidedBy the name of the term, or of the policy where no term decided
 * @param held names of all terms that held, in order
 */
public record Evaluation(
    boolean accepted, Attributes attributes, String decidedBy, List<String> held) {
  public Evaluation {
    held = List.copyOf(held);
  }
}
