package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.Node;
import io.ocicat.model.RouteCommunity;
import io.ocicat.routing.OriginatedRoute.Sort;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The routes of a node's own: its blocks, single addresses outside them, and Services. */
final class OwnRoutes {
  private static final int USUAL_PRIORITY = 1024;

  /** What is known of a route so far. */
  private record Draft(Sort sort, String device, Optional<Integer> priority, Set<Reason> reasons) {}

  private final RoutingInputs inputs;
  private final Node node;
  private final BgpSettings settings;
  private final List<Notice> notices;
  private final Map<Cidr, Draft> drafts = new TreeMap<>();

  private OwnRoutes(RoutingInputs inputs, Node node, BgpSettings settings, List<Notice> notices) {
    this.inputs = inputs;
    this.node = node;
    this.settings = settings;
    this.notices = notices;
  }

  static List<OriginatedRoute> of(
      RoutingInputs inputs, Node node, BgpSettings settings, List<Notice> notices) {
    OwnRoutes routes = new OwnRoutes(inputs, node, settings, notices);
    routes.blocks();
    routes.addresses();
    new ServiceRoutes(inputs, node, settings)
        .each((prefix, reason) -> routes.add(prefix, Sort.SERVICE, "", Optional.empty(), reason));
    return routes.finished();
  }

  private void blocks() {
    for (BlockAffinity lease : leases()) {
      add(
          lease.cidr(),
          Sort.BLOCK,
          "",
          Optional.empty(),
          new Reason("BlockAffinity/" + lease.name(), "spec.cidr"));
    }
  }

  /** A lease that is being given back is still the node's: pods may have its addresses. */
  private List<BlockAffinity> leases() {
    return inputs.leases().stream()
        .filter(
            lease ->
                lease.node().equals(node.name()) && lease.state() != BlockAffinity.State.PENDING)
        .toList();
  }

  private void addresses() {
    List<Cidr> blocks = leases().stream().map(BlockAffinity::cidr).toList();
    for (RoutingInputs.Workload workload : inputs.workloads()) {
      boolean ignored =
          settings.ignoredInterfaces().stream()
              .anyMatch(pattern -> DeviceName.matches(pattern, workload.device()));
      for (IpAddress address : ignored ? List.<IpAddress>of() : workload.addresses()) {
        Optional<Integer> priority =
            workload.priority().filter(each -> each != normalPriority(address.family()));
        if (priority.isPresent() || blocks.stream().noneMatch(block -> block.contains(address))) {
          add(
              address.toHostCidr(),
              Sort.ADDRESS,
              workload.device(),
              priority,
              new Reason("Pod/" + workload.name(), "status.podIPs"));
        }
      }
    }
  }

  private int normalPriority(IpFamily family) {
    return normalPriority(settings, family);
  }

  static int normalPriority(BgpSettings settings, IpFamily family) {
    return (family == IpFamily.IPV4
            ? settings.said("ipv4NormalRoutePriority", BgpConfiguration::normalPriorityV4)
            : settings.said("ipv6NormalRoutePriority", BgpConfiguration::normalPriorityV6))
        .map(BgpSettings.Said::value)
        .orElse(USUAL_PRIORITY);
  }

  private void add(
      Cidr prefix, Sort sort, String device, Optional<Integer> priority, Reason reason) {
    drafts.merge(
        prefix,
        new Draft(sort, device, priority, new TreeSet<>(Set.of(reason))),
        (one, other) -> {
          Set<Reason> reasons = new TreeSet<>(one.reasons());
          reasons.addAll(other.reasons());
          Draft first = one.sort().compareTo(other.sort()) <= 0 ? one : other;
          return new Draft(first.sort(), first.device(), first.priority(), reasons);
        });
  }

  private List<OriginatedRoute> finished() {
    List<OriginatedRoute> routes = new ArrayList<>();
    drafts.forEach(
        (prefix, draft) -> {
          Set<RouteCommunity> communities = new LinkedHashSet<>();
          Set<Reason> reasons = new LinkedHashSet<>(draft.reasons());
          for (var said : settings.communitiesOf(prefix, notices)) {
            communities.add(said.value());
            reasons.add(said.reason());
          }
          routes.add(
              new OriginatedRoute(
                  prefix,
                  draft.sort(),
                  draft.device(),
                  draft.priority(),
                  List.copyOf(communities),
                  List.copyOf(reasons)));
        });
    return routes;
  }
}
