package io.ocicat.agent.kernel;

import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.links.OwnLink;
import io.ocicat.links.PodWiring;
import io.ocicat.links.ProcSysctls;
import io.ocicat.links.Pruning;
import io.ocicat.links.RouteReconciler;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.nft.compile.NodeTable;
import io.ocicat.nftables.CommitResult;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.rtnetlink.RouteTable;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.rtnetlink.RuleCodec;
import io.ocicat.rtnetlink.RuleMessage;
import io.ocicat.state.FaultPoints;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes out of the kernel what is ours, with no agent: pods lose their network. In the namespace of
 * the calling thread. Each step finds nothing where it was done before.
 */
public final class KernelRemains {

  private static final int FIRST_RULE = 790;
  private static final int LAST_RULE = 799;

  private KernelRemains() {}

  /**
   * What was done.
   *
   * @param removed a line for each object
   * @param problems what the kernel refused, a sentence each
   */
  public record Report(List<String> removed, List<String> problems) {
    public Report {
      removed = List.copyOf(removed);
      problems = List.copyOf(problems);
    }
  }

  /** Links go first and the table last: no packet of a pod passes without its policy. */
  public static Report remove(FaultPoints faults) {
    List<String> removed = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    removeLinks(removed, problems);
    faults.hit("cleanup-links");
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      removeRoutes(rtnetlink, removed, problems);
      removeRules(rtnetlink, removed, problems);
    }
    faults.hit("cleanup-routes");
    removeTable(removed, problems);
    faults.hit("cleanup-table");
    return new Report(removed, problems);
  }

  private static void removeLinks(List<String> removed, List<String> problems) {
    try (PodWiring wiring = PodWiring.open(new ProcSysctls(), FaultPoints.NONE)) {
      List<OwnLink> links = wiring.wired();
      wiring.unwire(links.stream().map(link -> link.link().name()).toList());
      links.forEach(
          link ->
              removed.add(
                  "link %s of pod %s/%s"
                      .formatted(link.link().name(), link.namespace(), link.pod())));
    } catch (NetlinkException e) {
      problems.add("cannot remove the links of pods: " + e.getMessage());
    }
  }

  private static void removeRoutes(
      Rtnetlink rtnetlink, List<String> removed, List<String> problems) {
    RouteReconciler.Report report =
        new RouteReconciler(rtnetlink, rtnetlink).reconcile(List.of(), Pruning.ALLOWED);
    for (RouteTable.Change change : report.changed()) {
      removed.add("route " + change.route().describe());
    }
    problems.addAll(report.failures());
  }

  private static void removeRules(
      Rtnetlink rtnetlink, List<String> removed, List<String> problems) {
    for (IpFamily family : IpFamily.values()) {
      for (RuleMessage rule : rtnetlink.rules(family)) {
        if (rule.priority() < FIRST_RULE || rule.priority() > LAST_RULE) {
          continue;
        }
        String name = "rule of priority %d (%s)".formatted(rule.priority(), family);
        try {
          rtnetlink.execute(RuleCodec.delRule(rule));
          removed.add(name);
        } catch (NetlinkException e) {
          if (!e.is(Errno.ENOENT)) {
            problems.add("cannot remove the " + name + ": " + e.getMessage());
          }
        }
      }
    }
  }

  private static void removeTable(List<String> removed, List<String> problems) {
    try (NftConnection nftables = NftConnection.open()) {
      if (nftables.dump(NodeTable.TABLE).isEmpty()) {
        return;
      }
      NftTransaction deletion = NftTransaction.on(NodeTable.TABLE).addTable().deleteTable().build();
      switch (nftables.commit(deletion)) {
        case CommitResult.Committed _ -> removed.add("nftables " + NodeTable.TABLE);
        case CommitResult.Refused refused -> problems.add(refused.message());
        case CommitResult.GenerationMismatch _ ->
            throw new IllegalStateException("no generation was asked for");
      }
    }
  }
}
