package io.ocicat.agent.kernel;

import io.ocicat.agent.node.Enforcement;
import io.ocicat.inet.IpAddress;
import io.ocicat.links.Pruning;
import io.ocicat.links.RouteReconciler;
import io.ocicat.links.RouteScope;
import io.ocicat.links.SysctlReconciler;
import io.ocicat.links.SysctlTable;
import io.ocicat.nft.Drift;
import io.ocicat.nft.NftInspection;
import io.ocicat.nft.NftOutcome;
import io.ocicat.nft.NftReconciler;
import io.ocicat.nft.Unknown;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftTable;
import io.ocicat.plan.NodePlan;
import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The reconcilers of this namespace. For one thread of it. */
public final class KernelEnforcement implements Enforcement, AutoCloseable {

  private final NftConnection nftables;
  private final Rtnetlink rtnetlink;
  private final NftReconciler table;
  private final RouteReconciler routes;
  private final SysctlReconciler sysctls;

  /** What others had changed in the table, found by a change of ours before a repair found it. */
  private final List<String> unreported = new ArrayList<>();

  private KernelEnforcement(
      NftConnection nftables, Rtnetlink rtnetlink, SysctlTable parameters, RouteScope scope) {
    this.nftables = nftables;
    this.rtnetlink = rtnetlink;
    this.table = new NftReconciler(nftables);
    this.routes = new RouteReconciler(rtnetlink, rtnetlink, scope);
    this.sysctls = new SysctlReconciler(parameters);
  }

  /**
   * For the namespace of the calling thread.
   *
   * @param parameters of that namespace
   * @param scope the routes that are not somebody else's
   */
  public static KernelEnforcement open(SysctlTable parameters, RouteScope scope) {
    return new KernelEnforcement(NftConnection.open(), Rtnetlink.open(), parameters, scope);
  }

  @Override
  public void enforce(NftTable desired) {
    switch (table.apply(desired, Unknown.REMOVE)) {
      case NftOutcome.InForce(_, List<Drift> drifts) ->
          unreported.addAll(drifts.stream().map(Drift::toString).toList());
      case NftOutcome.Failed(String reason, _) -> throw new EnforcementException(reason);
    }
  }

  @Override
  public Repair enforce(NodePlan plan) {
    Map<String, List<String>> drift = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    reconcile(plan, drift, problems);
    return new Repair(drift, problems);
  }

  @Override
  public Repair repair(NodePlan plan) {
    Map<String, List<String>> drift = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    add(drift, "nft", List.copyOf(unreported));
    unreported.clear();
    if (!table.isUntouchedByOthers()) {
      switch (table.verify()) {
        case NftOutcome.InForce(_, List<Drift> drifts) ->
            add(drift, "nft", drifts.stream().map(Drift::toString).toList());
        case NftOutcome.Failed(String reason, List<Drift> drifts) -> {
          add(drift, "nft", drifts.stream().map(Drift::toString).toList());
          problems.add("nftables is not as it should be: " + reason);
        }
      }
    }
    reconcile(plan, drift, problems);
    return new Repair(drift, problems);
  }

  @Override
  public Map<String, Set<IpAddress>> interfaces() {
    Map<Integer, Set<IpAddress>> byIndex = new HashMap<>();
    for (AddressMessage address : rtnetlink.addresses()) {
      byIndex.computeIfAbsent(address.index(), _ -> new TreeSet<>()).add(address.local());
    }
    Map<String, Set<IpAddress>> interfaces = new TreeMap<>();
    for (LinkMessage link : rtnetlink.links()) {
      if (!link.name().startsWith(PodLink.HOST_INTERFACE_PREFIX)) {
        interfaces.put(link.name(), byIndex.getOrDefault(link.index(), Set.of()));
      }
    }
    return interfaces;
  }

  @Override
  public NftInspection inspect(NftTable shouldBe) {
    return table.inspect(shouldBe);
  }

  private void reconcile(NodePlan plan, Map<String, List<String>> drift, List<String> problems) {
    RouteReconciler.Report routeReport =
        routes.reconcile(plan.routes(), plan.isInSync() ? Pruning.ALLOWED : Pruning.FORBIDDEN);
    add(drift, "route", routeReport.drift());
    problems.addAll(routeReport.failures());
    SysctlReconciler.Report sysctlReport = sysctls.reconcile(plan.sysctls());
    add(drift, "sysctl", sysctlReport.drift());
    problems.addAll(sysctlReport.failures());
  }

  private static void add(Map<String, List<String>> drift, String kind, List<String> changes) {
    if (!changes.isEmpty()) {
      drift.computeIfAbsent(kind, _ -> new ArrayList<>()).addAll(changes);
    }
  }

  @Override
  public void close() {
    nftables.close();
    rtnetlink.close();
  }
}
