package io.ocicat.nft.compile;

import io.ocicat.nftables.CtState;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.interpret.Evaluation;
import io.ocicat.nftables.interpret.NftInterpreter;
import io.ocicat.nftables.interpret.Packet;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.Clusters;
import io.ocicat.policy.HostClusters;
import io.ocicat.policy.HostFlow;
import io.ocicat.policy.HostFlow.Place;
import io.ocicat.policy.HostInterfaces;
import io.ocicat.policy.PolicyHost;
import io.ocicat.policy.PolicyIndex;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node with host endpoints and the table that is compiled for it, and packets that cross it. */
final class InterpretedHost {

  private final HostClusters.Case c;
  private final NftTable table;

  private InterpretedHost(HostClusters.Case c) {
    this.c = c;
    this.table = NftCompiler.compile(input(c));
  }

  static InterpretedHost of(HostClusters.Case c) {
    return new InterpretedHost(c);
  }

  static NftInput input(HostClusters.Case c) {
    PolicyIndex policies = Clusters.policyIndex(c.cluster());
    List<NftEndpoint> endpoints =
        c.cluster().pods().stream().map(p -> InterpretedCluster.endpoint(p, policies)).toList();
    return new NftInput(
        endpoints, Clusters.groups(c.cluster()), MasqueradePlan.NONE, hosts(c, policies));
  }

  private static NftHosts hosts(HostClusters.Case c, PolicyIndex policies) {
    HostInterfaces interfaces = c.interfaces();
    Map<String, NftHosts.Endpoint> byInterface = new TreeMap<>();
    interfaces
        .byInterface()
        .forEach((name, host) -> byInterface.put(name, endpoint(host, policies)));
    return new NftHosts(
        c.settings(), byInterface, interfaces.others().map(host -> endpoint(host, policies)));
  }

  private static NftHosts.Endpoint endpoint(PolicyHost host, PolicyIndex policies) {
    return new NftHosts.Endpoint(host.name(), policies.hostPolicy(host));
  }

  NftTable table() {
    return table;
  }

  boolean isAllowed(HostFlow flow) {
    String iif = name(flow.from());
    String oif = name(flow.to());
    Packet packet = packet(flow, flow.delivered());
    if (flow.from() instanceof Place.Host) {
      Evaluation out = evaluate(packet.via("", oif), Hook.OUTPUT);
      return out.accepted()
          && evaluate(after(out, packet).via("", oif), Hook.POSTROUTING).accepted();
    }
    Evaluation in = evaluate(packet(flow, flow.sent()).via(iif, ""), Hook.PREROUTING);
    if (!in.accepted()) {
      return false;
    }
    Packet inside = after(in, packet);
    if (flow.to() instanceof Place.Host) {
      return evaluate(inside.via(iif, ""), Hook.INPUT).accepted();
    }
    Evaluation through = evaluate(inside.via(iif, oif), Hook.FORWARD);
    return through.accepted()
        && evaluate(after(through, packet).via(iif, oif), Hook.POSTROUTING).accepted();
  }

  private Evaluation evaluate(Packet packet, Hook hook) {
    return new NftInterpreter(table).evaluate(packet, hook);
  }

  private static Packet after(Evaluation evaluation, Packet packet) {
    Packet marked = packet.withMark(evaluation.mark());
    return evaluation.untracked() ? marked.withCtState(CtState.UNTRACKED) : marked;
  }

  private static Packet packet(HostFlow flow, HostFlow.Head head) {
    Packet packet = InterpretedCluster.packet(flow.source(), head.destination(), head.traffic());
    return flow.sent().equals(flow.delivered()) ? packet : packet.withDestinationTranslated();
  }

  private String name(Place place) {
    return switch (place) {
      case Place.Host() -> "";
      case Place.Interface(var name) -> name;
      case Place.Pod(var pod) ->
          InterpretedCluster.hostInterface(
              c.cluster().pods().stream()
                  .filter(each -> each.name().equals(pod))
                  .findFirst()
                  .orElseThrow());
    };
  }
}
