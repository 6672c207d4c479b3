package io.ocicat.bgp.rib;

import io.ocicat.bgp.decision.DecisionStep;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.inet.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * Why a prefix is routed as it is, and who is told.
 *
 * @param paths all that is known, the best first
 * @param exports what each established neighbour of the family is told, by name
 */
public record Explanation(Cidr prefix, List<Path> paths, List<Export> exports) {
  public Explanation {
    paths = List.copyOf(paths);
    exports = List.copyOf(exports);
  }

  /**
   * One path.
   *
   * @param route as received
   * @param used after import policy; empty: refused
   * @param importedBy which check or which term of the import policy decided
   * @param step for the best path the step that struck out the last other one; for others the step
   *     at which they were struck out; empty: refused
   */
  public record Path(
      RouteRow route, Optional<Attributes> used, String importedBy, Optional<DecisionStep> step) {}

  /**
   * What a neighbour is told.
   *
   * @param sent the attributes it is sent; empty: nothing
   * @param decidedBy which rule or which term of the export policy decided
   */
  public record Export(String peer, Optional<Attributes> sent, String decidedBy) {}
}
