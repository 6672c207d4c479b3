package io.ocicat.agent.node;

import io.ocicat.inet.IpAddress;
import io.ocicat.nft.NftInspection;
import io.ocicat.nftables.NftTable;
import io.ocicat.plan.NodePlan;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The kernel as the node loop sees it. What the kernel refuses for the whole comes as an unchecked
 * exception that says what was attempted; what it refuses for one object, as a problem.
 */
public interface Enforcement {

  /** Makes nftables equal to {@code table} in one transaction; it holds when this returns. */
  void enforce(NftTable table);

  /**
   * Makes routes and kernel parameters equal to {@code plan}.
   *
   * @return what was not as enforced before, and what could not be done
   */
  Repair enforce(NodePlan plan);

  /** The same, and nftables too is looked at anew and put right if it is not as last enforced. */
  Repair repair(NodePlan plan);

  /** The addresses of all interfaces of the node but pods'. */
  Map<String, Set<IpAddress>> interfaces();

  /** Reads nftables back and compares it with {@code table}; changes nothing. */
  NftInspection inspect(NftTable table);

  /**
   * What was put right.
   *
   * @param drift sentences by kind, such as {@code nft} or {@code route}; none if all was well
   * @param problems sentences about what could not be put right
   */
  record Repair(Map<String, List<String>> drift, List<String> problems) {
    public Repair {
      drift = Map.copyOf(drift);
      problems = List.copyOf(problems);
    }
  }
}
